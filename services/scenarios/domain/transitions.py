"""Who may move a grant from one state to another; whatever is not here, nobody may.

docs/integration.md shows the same table, and a test keeps both the same.
"""

from collections.abc import Mapping
from typing import Final

from contracts.words import GrantState

OPEN, REDEEMED, EXPIRED, REVOKED = (
    GrantState.OPEN,
    GrantState.REDEEMED,
    GrantState.EXPIRED,
    GrantState.REVOKED,
)

TRANSITIONS: Final[Mapping[tuple[GrantState, GrantState], frozenset[str]]] = {
    (OPEN, OPEN): frozenset({"operator", "city", "home"}),  # used in part, recalled, kept
    (OPEN, REDEEMED): frozenset({"operator"}),  # the last use
    (OPEN, EXPIRED): frozenset({"time"}),
    (OPEN, REVOKED): frozenset({"home", "operator", "city"}),  # at once, or when a notice is over
    (REDEEMED, OPEN): frozenset({"operator"}),  # a reversal
    (REVOKED, OPEN): frozenset({"home"}),  # a correction
}
"""From a state to a state: who moves it.  `home` acts by what it says of the recognition."""


def check_move(since: GrantState, to: GrantState) -> None:
    """Raise ValueError for a move that nobody may make."""
    if (since, to) not in TRANSITIONS:
        raise ValueError(f"no grant goes from {since} to {to}")
