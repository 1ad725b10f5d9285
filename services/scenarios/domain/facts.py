"""The facts of a decision: all that it rests on beside the terms.  There is no score among them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Self

from contracts import expressions
from contracts.periods import HOST_TIME
from contracts.words import Category, Weekday
from services.scenarios.domain.recognition import Recognition

_WEEKDAYS: Final = tuple(Weekday)


@dataclass(frozen=True, kw_only=True)
class Facts:
    """All that a decision rests on beside the terms.

    `tier` is the one for the scenario's category.  `objection` says why the recognition does not
    stand, as Recognition.objection does.  `district` is where the grant is to be used.
    `open_grants` are the incentives of which the holder has an open grant; `barring` are those
    among them whose own terms exclude this incentive.
    """

    at: datetime
    tier: int
    home: str
    purposes: frozenset[Category]
    crosswalk: int
    attested_at: datetime
    objection: str | None = None
    district: str | None = None
    open_grants: frozenset[str] = frozenset()
    barring: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls, recognition: Recognition, category: Category, *, at: datetime, **others: Any
    ) -> Self:
        """Take from a recognition what it says for a category; the others are told as they are."""
        return cls(
            at=at,
            tier=recognition.tier_for(category),
            home=recognition.home,
            purposes=recognition.purposes,
            crosswalk=recognition.crosswalk,
            attested_at=recognition.attested_at or recognition.recognised_at,
            **others,
        )

    @property
    def age_days(self) -> int:
        """Whole days since home issued the attestation."""
        return max(0, (self.at - self.attested_at).days)

    @property
    def weekday(self) -> Weekday:
        """The host city's day of the week."""
        return _WEEKDAYS[self.at.astimezone(HOST_TIME).weekday()]

    @property
    def clock(self) -> str:
        """The host city's time of day, `HH:MM`."""
        return f"{self.at.astimezone(HOST_TIME):%H:%M}"

    def values(self) -> dict[str, expressions.Value]:
        """Return what an expression sees: contracts/expressions.VARIABLES."""
        hour, minute = map(int, self.clock.split(":"))
        return {
            "tier": self.tier,
            "home": self.home,
            "age_days": self.age_days,
            "hour": hour,
            "minute": minute,
            "weekday": self.weekday.value,
            "district": self.district or "",
            "open_grants": sorted(self.open_grants),
        }


def barring(incentive_id: str, held: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """Return those of the incentives held that exclude this one; `held` is as ports say."""
    return frozenset(each for each, excluded in held.items() if incentive_id in excluded)
