"""Identity tokens: JWTs of the city's own identity provider, for residents and administrators.

The civil identifier is read here and leaves as a resident's pseudonym; nothing behind this module
sees it.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import falcon
import structlog
from joserfc import jwt
from joserfc.errors import ExpiredTokenError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from contracts.access import Role
from contracts.errors import Forbidden, Malformed
from contracts.identifiers import check_civil_id
from contracts.pseudonyms import resident_of
from services.gateway.authentication.bearer import bearer, open_jwt
from services.gateway.authentication.callers import Administrator, Citizen
from services.plumbing.clock import Clock

ROLES: Final = frozenset(map(str, Role))
ALGORITHMS: Final = ("ES256", "Ed25519", "EdDSA", "PS256", "RS256")
AHEAD: Final = 60  # seconds by which the provider's clock may be before ours (RFC 7519 §4.1.5)
log = structlog.get_logger()


class _Algorithms(JWSRegistry):
    """Public-key algorithms only; EdDSA without a warning, as identity providers still say it."""

    def get_alg(self, name: str) -> Any:
        return self.algorithms[name] if name == "EdDSA" else super().get_alg(name)


class _Claims(jwt.JWTClaimsRegistry):
    """A token may be from a moment that is to come; one that is over is over."""

    def validate_exp(self, value: Any) -> None:
        super().validate_exp(value)
        if value <= self.now:
            raise ExpiredTokenError("exp")


class KeyFile:
    """The provider's JWK Set; read again when the file changes.

    Invariant: once good, always answers with the last good keys; half a file locks nobody out.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen_at: int | None = None
        self._keys: KeySet | None = None

    def keys(self) -> KeySet:
        """Return the current keys; raise OSError or ValueError when the first reading fails."""
        try:
            return self._newest()
        except (OSError, ValueError) as error:
            if self._keys is None:
                raise
            log.warning("file_not_reloaded", file=self._path.name, error=type(error).__name__)
            return self._keys

    def _newest(self) -> KeySet:
        changed_at = self._path.stat().st_mtime_ns
        if self._keys is None or changed_at != self._seen_at:
            self._seen_at = changed_at  # also when it is bad: once is enough to say so
            self._keys = _read_keys(self._path)
        return self._keys


def _read_keys(path: Path) -> KeySet:
    try:
        return KeySet.import_key_set(json.loads(path.read_text(encoding="utf-8")))
    except (JoseError, KeyError, TypeError) as error:
        raise ValueError(f"{path.name} is not a JWK Set") from error


@dataclass(frozen=True, kw_only=True)
class IdentityTokens:
    """Believes tokens of one issuer that are meant for this gateway."""

    issuer: str
    audience: str
    key_file: KeyFile
    clock: Clock

    def claims(self, request: falcon.Request) -> Any:
        """Return the claims of the request's token; raise Unauthenticated."""
        wanted = _Claims(
            now=int(self.clock().timestamp()),
            leeway=AHEAD,
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
        return Citizen(resident=resident_of(self.resident_key, _number(civil_id)))


@dataclass(frozen=True)
class Administrators:
    """Authenticates officials; which role is needed, each route says."""

    tokens: IdentityTokens

    def __call__(self, request: falcon.Request) -> Administrator:
        """Raise Unauthenticated."""
        claims = self.tokens.claims(request)
        roles = claims.get("roles")
        said = [each for each in roles if isinstance(each, str)] if isinstance(roles, list) else ()
        return Administrator(subject=str(claims["sub"]), may=ROLES.intersection(said))


def _number(claim: Any) -> str:
    try:
        return check_civil_id(claim if isinstance(claim, str) else "")
    except Malformed as wrong:
        errors = {"token.civil_id": "Not a citizen number."}
        raise Malformed(wrong.code, wrong.detail, errors) from None
