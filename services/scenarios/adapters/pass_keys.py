"""The keys under which this city writes and reads passes.

`pass.jwk` signs.  Any other `pass-….jwk` beside it is published and believed as well: the next one
before it signs, and the last one until its passes are over.
"""

import hashlib
import json
import secrets
import stat
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from contracts.errors import Malformed
from services.scenarios.domain.grant import Grant
from services.scenarios.domain.passes import (
    ALGORITHM,
    LIFETIME,
    Pass,
    decode,
    encode,
    read_pass,
    write_pass,
)

FILE: Final = "pass.jwk"
OTHERS: Final = "pass-*.jwk"
KID_CHARACTERS: Final = 8  # of the thumbprint: a name among two or three keys
ID_BYTES: Final = 9
OTHERS_MAY: Final = 0o077


class PublicKeys:
    """Keys by which passes are checked, such as a device keeps them."""

    def __init__(self, jwks: Iterable[Mapping[str, Any]]) -> None:
        """Take the Ed25519 keys of a JWK set; raises Malformed for what is no such key."""
        self._keys: dict[str, Ed25519PublicKey] = {}
        for jwk in jwks:
            try:
                self._keys[str(jwk["kid"])] = Ed25519PublicKey.from_public_bytes(decode(jwk["x"]))
            except (ValueError, KeyError, TypeError, AttributeError):
                raise Malformed("malformed", "not a set of Ed25519 keys with kid and x") from None

    def check(self, kid: str, message: bytes, signature: bytes) -> bool:
        key = self._keys.get(kid)
        if key is None:
            return False
        try:
            key.verify(signature, message)
        except InvalidSignature:
            return False
        return True

    def read(self, token: str) -> Pass | None:
        """Return what a pass says; None unless one of these keys signed it."""
        return read_pass(token, self.check)


class PassKeys:
    """The passes of one city; the first key signs."""

    def __init__(self, city: str, private: Sequence[Ed25519PrivateKey]) -> None:
        self._city, self._signing = city, private[0]
        self._published = tuple(map(public_jwk, private))
        self._public = PublicKeys(self._published)

    def write(self, grant: Grant, now: datetime) -> tuple[str, datetime]:
        issued_at = datetime.fromtimestamp(int(now.timestamp()), UTC)
        shown = Pass(
            id=secrets.token_urlsafe(ID_BYTES),
            city=self._city,
            operator_id=grant.operator_id,
            grant_id=grant.id,
            incentive_id=grant.incentive_id,
            benefit=grant.benefit.TYPE,
            uses=grant.uses_left,
            issued_at=issued_at,
            until=issued_at + LIFETIME,
        )
        return write_pass(shown, self._published[0]["kid"], self._signing.sign), shown.until

    def read(self, token: str) -> Pass | None:
        shown = self._public.read(token)
        return shown if shown and shown.city == self._city else None

    def published(self) -> Sequence[Mapping[str, Any]]:
        return self._published

    def sign(self, message: bytes) -> bytes:
        """Sign what is no pass, and says so by a `typ` of its own."""
        return self._signing.sign(message)

    def check(self, kid: str, message: bytes, signature: bytes) -> bool:
        """Say whether a signature is by a key of this city."""
        return self._public.check(kid, message, signature)


def public_jwk(key: Ed25519PrivateKey) -> dict[str, str]:
    """Return the public JWK; its `kid` begins the RFC 7638 thumbprint."""
    members = {"crv": "Ed25519", "kty": "OKP", "x": encode(key.public_key().public_bytes_raw())}
    digest = hashlib.sha256(json.dumps(members, separators=(",", ":")).encode("ascii")).digest()
    return {**members, "kid": encode(digest)[:KID_CHARACTERS], "alg": ALGORITHM, "use": "sig"}


def read_pass_keys(directory: Path, city: str) -> PassKeys:
    """Read pass.jwk and those beside it; raises OSError, or Malformed naming the file."""
    beside = sorted(directory.glob(OTHERS))
    return PassKeys(city, [_read(path) for path in (directory / FILE, *beside)])


def _read(path: Path) -> Ed25519PrivateKey:
    if stat.S_IMODE(path.stat().st_mode) & OTHERS_MAY:
        raise Malformed("malformed", f"{path.name}: others may read it; chmod 600")
    try:
        jwk = json.loads(path.read_bytes())
        key = Ed25519PrivateKey.from_private_bytes(decode(jwk["d"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Malformed("malformed", f"{path.name}: not a private Ed25519 JWK") from None
    return key
