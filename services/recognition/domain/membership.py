"""Where a city stands in the alliance, and how it may move: applied, testing, online, and so on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from contracts.words import CityState
from services.recognition.domain.roster import Roster

MOVES: Final[Mapping[CityState, frozenset[CityState]]] = {
    CityState.APPLIED: frozenset({CityState.TESTING, CityState.LEFT}),
    CityState.TESTING: frozenset({CityState.ONLINE, CityState.LEFT}),
    CityState.ONLINE: frozenset({CityState.SUSPENDED, CityState.LEFT}),
    CityState.SUSPENDED: frozenset({CityState.ONLINE, CityState.LEFT}),
    CityState.LEFT: frozenset({CityState.APPLIED}),
}
"""Whoever left and comes back applies and is tested anew."""

WITH_REASON: Final = frozenset({CityState.SUSPENDED, CityState.LEFT})
NOT_LISTED: Final = "not in the roster any more"


@dataclass(frozen=True, kw_only=True)
class StateChange:
    """A city's new state, as a version of the roster told it; `former` is None for a new city."""

    city: str
    name: str
    name_en: str
    former: CityState | None
    state: CityState
    reason: str
    roster: int
    changed_at: datetime


def check_move(former: CityState, state: CityState, reason: str) -> None:
    """Refuse what is no step in a city's membership; raises ValueError."""
    if state not in MOVES[former]:
        allowed = ", ".join(sorted(MOVES[former]))
        raise ValueError(f"from {former} a city goes to {allowed}, not to {state}")
    if state in WITH_REASON and not reason.strip():
        raise ValueError(f"a city is {state} for a reason that all cities may read")


def changes(roster: Roster, known: Mapping[str, StateChange]) -> Iterator[StateChange]:
    """Say what a roster changes in what was known; a city it does not list has left."""
    for code, city in sorted(roster.cities.items()):
        former = known.get(code)
        state = CityState(city.state)
        if former is None or former.state != state:
            yield StateChange(
                city=code,
                name=city.name,
                name_en=city.name_en,
                former=former.state if former else None,
                state=state,
                reason=city.reason,
                roster=roster.version,
                changed_at=roster.issued_at,
            )
    for code, former in sorted(known.items()):
        if code not in roster.cities and former.state is not CityState.LEFT:
            yield StateChange(
                city=code,
                name=former.name,
                name_en=former.name_en,
                former=former.state,
                state=CityState.LEFT,
                reason=NOT_LISTED,
                roster=roster.version,
                changed_at=roster.issued_at,
            )
