"""A holder's key and what it does: show an attestation, or part of it (SD-JWT, RFC 9901)."""

import base64
import hashlib
import json
import time
from collections.abc import Collection
from typing import Any, Final

from joserfc import jwt
from joserfc.jwk import ECKey

from contracts.recognition import Challenge

EVERYTHING: Final = ("tier", "band", "as_of", "purposes")
"""The claims that recognition asks for."""


class HolderKey:
    """The key an attestation is bound to; it stays where it was made."""

    def __init__(self, key: ECKey | None = None) -> None:
        """Take a P-256 key, or make one."""
        self._key = key or ECKey.generate_key("P-256")

    @property
    def public(self) -> dict[str, Any]:
        """The public key as a JWK, as home wants it."""
        jwk = self._key.as_dict(private=False)
        return {name: jwk[name] for name in ("kty", "crv", "x", "y")}

    def present(
        self, credential: str, challenge: Challenge, names: Collection[str] = EVERYTHING
    ) -> str:
        """Show the named claims to whoever opened the challenge, and prove the key."""
        token, *disclosures = credential.rstrip("~").split("~")
        shown = [each for each in disclosures if _read(each)[1] in names]
        bound = "~".join([token, *shown]) + "~"
        digest = hashlib.sha256(bound.encode()).digest()
        claims = {
            "aud": challenge.audience,
            "nonce": challenge.nonce,
            "iat": int(time.time()),
            "sd_hash": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        }
        header = {"alg": "ES256", "typ": "kb+jwt"}
        return bound + jwt.encode(header, claims, self._key, algorithms=["ES256"])


def visible_claims(credential: str) -> dict[str, Any]:
    """Return all that a reader of the whole credential learns; nothing is verified."""
    token, *disclosures = credential.rstrip("~").split("~")
    claims: dict[str, Any] = _read(token.split(".")[1])
    return claims | {name: value for _salt, name, value in map(_read, disclosures)}


def _read(part: str) -> Any:
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
