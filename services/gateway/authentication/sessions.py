"""What this gateway signs for itself: holders' sessions and operators' access tokens.

Both are JWTs by one secret key; `typ` keeps one from passing for the other (RFC 8725 §3.11).
"""

from collections.abc import Collection, Container, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Final, Protocol
from uuid import UUID

import falcon
from joserfc import jwt
from joserfc.jwk import OctKey
from joserfc.jws import JWSRegistry

from contracts.access import Scope
from contracts.errors import Unauthenticated
from contracts.http import Session
from contracts.recognition import RecognitionRecord
from services.gateway.authentication.bearer import bearer, open_jwt
from services.gateway.authentication.callers import Holder, Operator
from services.plumbing.clock import Clock

SESSION_TYPE: Final = "huxin-session+jwt"
ACCESS_TYPE: Final = "huxin-access+jwt"
LONGEST_SESSION: Final = timedelta(hours=12)
ACCESS_LIFE: Final = timedelta(minutes=10)
REMEMBERED: Final = 4096  # verified tokens

_HS256: Final = JWSRegistry(algorithms=["HS256"])


class Stops(Protocol):
    """The last stop of a client, if lately; only a token that knows of it counts."""

    def get(self, client_id: str, /) -> datetime | None: ...


@dataclass(frozen=True, kw_only=True)
class OwnTokens:
    """Signs and opens tokens that only this gateway reads."""

    gateway: str
    key: OctKey = field(repr=False)
    clock: Clock

    def sign(self, typ: str, claims: Mapping[str, Any], until: datetime) -> str:
        """Sign claims until a moment."""
        standard = {"iss": self.gateway, "aud": self.gateway, "exp": int(until.timestamp())}
        return jwt.encode(
            {"alg": "HS256", "typ": typ}, {**standard, **claims}, self.key, registry=_HS256
        )

    def open(self, typ: str, token: str) -> Mapping[str, Any]:
        """Return the claims of a token of this type; raise Unauthenticated."""
        wanted = jwt.JWTClaimsRegistry(
            now=int(self.clock().timestamp()),
            iss={"essential": True, "value": self.gateway},
            aud={"essential": True, "value": self.gateway},
            exp={"essential": True},
        )
        return open_jwt(token, self.key, _HS256, wanted, typ)


@dataclass(frozen=True, kw_only=True)
class _Access:
    """What an access token says."""

    operator: Operator
    stopped_at: datetime | None
    until: datetime


class Holders:
    """Opens sessions and authenticates by them.

    A verified token is remembered, so that a holder's next requests cost no cryptography; that it
    is not over, and the holder not `erased`, is checked each time.
    """

    def __init__(self, tokens: OwnTokens, erased: Container[str] = ()) -> None:
        self._tokens, self._clock, self._erased = tokens, tokens.clock, erased
        self._read = lru_cache(REMEMBERED)(self._open)

    def open(self, record: RecognitionRecord) -> Session:
        """Open a session for as long as the recognition stands, at most 12 hours."""
        until = min(record.until, self._clock() + LONGEST_SESSION).replace(microsecond=0)
        claims = {
            "sub": record.holder,
            "recognition_id": str(record.recognition_id),
            "recognised_at": record.recognised_at.isoformat(),
        }
        return Session(token=self._tokens.sign(SESSION_TYPE, claims, until), until=until)

    def __call__(self, request: falcon.Request) -> Holder:
        """Raise Unauthenticated."""
        holder, until = self._read(bearer(request))
        if self._clock() >= until or holder.holder in self._erased:
            raise Unauthenticated("unauthenticated", "the session is over")
        return holder

    def _open(self, token: str) -> tuple[Holder, datetime]:
        claims = self._tokens.open(SESSION_TYPE, token)
        holder = Holder(
            holder=claims["sub"],
            recognition_id=UUID(claims["recognition_id"]),
            recognised_at=datetime.fromisoformat(claims["recognised_at"]),
        )
        return holder, datetime.fromtimestamp(claims["exp"], UTC)


class Operators:
    """Opens operators' access and authenticates by it.

    A verified token is remembered; that it is not over, nor its client stopped, is checked each
    time.
    """

    def __init__(self, tokens: OwnTokens, stopped: Stops) -> None:
        self._tokens, self._clock, self._stopped = tokens, tokens.clock, stopped
        self._read = lru_cache(REMEMBERED)(self._open)

    def open(
        self,
        operator_id: str,
        client_id: str,
        scopes: Collection[Scope],
        *,
        stopped_at: datetime | None,
    ) -> str:
        """Give a client an access token with some scopes for the next 10 minutes.

        `stopped_at` is the last stop that was known when its secret and scopes were read.
        """
        claims = {
            "sub": operator_id,
            "client_id": client_id,
            "scope": " ".join(scopes),
            "stopped_at": None if stopped_at is None else stopped_at.isoformat(),
        }
        return self._tokens.sign(ACCESS_TYPE, claims, self._clock() + ACCESS_LIFE)

    def __call__(self, request: falcon.Request) -> Operator:
        """Raise Unauthenticated."""
        access = self._read(bearer(request))
        last, known = self._stopped.get(access.operator.client_id), access.stopped_at
        is_stopped = last is not None and (known is None or known < last)
        if is_stopped or self._clock() >= access.until:
            raise Unauthenticated("unauthenticated", "the token is over")
        return access.operator

    def _open(self, token: str) -> _Access:
        claims = self._tokens.open(ACCESS_TYPE, token)
        if "client_id" not in claims:  # of an earlier release
            raise Unauthenticated("unauthenticated", "the token names no client")
        operator = Operator(
            operator_id=claims["sub"],
            client_id=claims["client_id"],
            may=frozenset(claims["scope"].split()),
        )
        known = claims.get("stopped_at")
        return _Access(
            operator=operator,
            stopped_at=None if known is None else datetime.fromisoformat(known),
            until=datetime.fromtimestamp(claims["exp"], UTC),
        )
