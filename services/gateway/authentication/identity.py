"""Identity tokens: JWTs of the city's own identity provider, for residents and administrators.

The civil identifier is read here and leaves as a resident's pseudonym; nothing behind this module
sees it.
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import falcon
from joserfc import jwt
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry
from stdnum.iso7064 import mod_11_2

from contracts.errors import Forbidden, Malformed
from contracts.pseudonyms import resident_of
from services.gateway.authentication.bearer import bearer, open_jwt
from services.gateway.authentication.callers import Administrator, Citizen
from services.plumbing.clock import Clock

ADMINISTRATOR: Final = "administrator"
ALGORITHMS: Final = ("ES256", "Ed25519", "EdDSA", "PS256", "RS256")
_CIVIL_ID = re.compile(r"[1-9][0-9]{16}[0-9X]")


class _Algorithms(JWSRegistry):
    """Public-key algorithms only; EdDSA without a warning, as identity providers still say it."""

    def get_alg(self, name: str) -> Any:
        return self.algorithms[name] if name == "EdDSA" else super().get_alg(name)


class KeyFile:
    """The provider's JWK Set; read again when the file changes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read_at: int | None = None
        self._keys: KeySet

    def keys(self) -> KeySet:
        """Return the current keys; raise OSError or ValueError when the first reading fails."""
        changed_at = self._path.stat().st_mtime_ns
        if changed_at != self._read_at:
            self._keys = KeySet.import_key_set(json.loads(self._path.read_text(encoding="utf-8")))
            self._read_at = changed_at
        return self._keys


@dataclass(frozen=True, kw_only=True)
class IdentityTokens:
    """Believes tokens of one issuer that are meant for this gateway."""

    issuer: str
    audience: str
    key_file: KeyFile
    clock: Clock

    def claims(self, request: falcon.Request) -> Any:
        """Return the claims of the request's token; raise Unauthenticated."""
        wanted = jwt.JWTClaimsRegistry(
            now=int(self.clock().timestamp()),
            iss={"essential": True, "value": self.issuer},
            sub={"essential": True},
            aud={"essential": True, "value": self.audience},
            exp={"essential": True},
        )
        return open_jwt(
            bearer(request), self.key_file.keys(), _Algorithms(algorithms=ALGORITHMS), wanted
        )


@dataclass(frozen=True, kw_only=True)
class Citizens:
    """Authenticates residents."""

    tokens: IdentityTokens
    resident_key: bytes

    def __call__(self, request: falcon.Request) -> Citizen:
        """Raise Unauthenticated, Forbidden without an identity, Malformed("bad_civil_id")."""
        civil_id = self.tokens.claims(request).get("civil_id")
        if civil_id is None:
            raise Forbidden("forbidden", "the token names no citizen")
        if not isinstance(civil_id, str) or not is_civil_id(civil_id):
            raise Malformed("bad_civil_id", errors={"token.civil_id": "Not a citizen number."})
        return Citizen(resident=resident_of(self.resident_key, civil_id))


@dataclass(frozen=True)
class Administrators:
    """Authenticates administrators."""

    tokens: IdentityTokens

    def __call__(self, request: falcon.Request) -> Administrator:
        """Raise Unauthenticated, or Forbidden without the role."""
        claims = self.tokens.claims(request)
        roles = claims.get("roles")
        if not isinstance(roles, list) or ADMINISTRATOR not in roles:
            raise Forbidden("forbidden", f"needs the role {ADMINISTRATOR}")
        return Administrator(subject=str(claims["sub"]))


def is_civil_id(text: str) -> bool:
    """Check form and check digit (GB 11643); whether such a person exists is home's to know."""
    return _CIVIL_ID.fullmatch(text) is not None and bool(mod_11_2.is_valid(text))
