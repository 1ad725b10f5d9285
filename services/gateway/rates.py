"""How many requests a caller may make: a bucket each, filled evenly (GCRA; ADR 0038).

A caller that stays below its rate is never refused, and one that was silent may make the requests
of a whole minute at once.  Each worker counts what it serves itself.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from contracts.errors import TooMany
from contracts.routes.route import Audience
from services.gateway.authentication.callers import Caller

WINDOW: Final = 60  # seconds
MOST_CALLERS: Final = 100_000  # some 15 MB; beyond, those whose bucket is full again are dropped

WHO: Final[Mapping[Audience, Callable[[Any], str]]] = {
    Audience.CITIZEN: lambda caller: caller.resident,
    Audience.HOLDER: lambda caller: caller.holder,
    Audience.OPERATOR: lambda caller: caller.operator_id,
    Audience.ADMINISTRATOR: lambda caller: caller.subject,
    Audience.CITY: lambda caller: caller.code,
    Audience.ERASED: lambda caller: str(caller.erasure_id),
}
"""How a caller of each audience is told from the others."""


@dataclass(frozen=True)
class Standing:
    """What is left of a bucket, as the header fields of draft-ietf-httpapi-ratelimit-headers."""

    policy: str
    limit: str


class UsedUp(TooMany):
    """The caller's bucket is empty; `standing` says until when."""

    def __init__(self, standing: Standing, seconds: float) -> None:
        super().__init__("too_many_requests", seconds=seconds)
        self.standing = standing


class Rate:
    """The buckets of one audience; not locked: a lost count between two threads is no harm."""

    def __init__(
        self, audience: Audience, per_minute: int, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._name, self._most, self._now = audience.value, per_minute, now
        self._who = WHO[audience]
        self._step = WINDOW / per_minute
        self._policy = f'"{self._name}";q={per_minute};w={WINDOW}'
        self._full_at: dict[str, float] = {}

    def admit(self, caller: Caller) -> Standing:
        """Count a request; raise UsedUp when the bucket is empty."""
        who, now = self._who(caller), self._now()
        full_at = max(self._full_at.get(who, now), now) + self._step
        missing = full_at - now
        if missing > WINDOW:
            raise UsedUp(self._standing(0, missing - self._step), missing - WINDOW)
        if len(self._full_at) >= MOST_CALLERS and who not in self._full_at:
            self._drop_full(now)
        self._full_at[who] = full_at
        left = int((WINDOW - missing) / self._step + 1e-6)
        return self._standing(left, missing)

    def _standing(self, left: int, missing: float) -> Standing:
        return Standing(self._policy, f'"{self._name}";r={left};t={int(missing) + 1}')

    def forget(self, caller: Caller) -> None:
        """Count a request no more that was admitted a moment ago."""
        who = self._who(caller)
        if who in self._full_at:
            self._full_at[who] -= self._step

    def _drop_full(self, now: float) -> None:
        """Forget who is as good as new; at the worst everybody, who then begin anew."""
        self._full_at = {who: at for who, at in self._full_at.items() if at > now}
        if len(self._full_at) >= MOST_CALLERS:
            self._full_at.clear()
