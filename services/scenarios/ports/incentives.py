"""What scenarios asks of the storage of incentives."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from contracts.words import IncentiveState
from services.scenarios.domain.incentive import Incentive
from services.scenarios.domain.life import Life, Move, Version
from services.scenarios.domain.scenario import Scenario


class Incentives(Protocol):
    """Incentives, every version of each, and every step of their lives."""

    def life(self, id: str) -> Life | None:
        """Return the life of an incentive, for a step in it."""

    def in_force(self, id: str, at: datetime) -> Incentive | None:
        """Return the version in force at a moment, now or in the past, in its state at that moment.

        That is the newest version that was published by then and is offered from then or earlier.
        For now, it stays in force and in its state until the transaction ends; unlike `life` this
        lets others in who only read, so that grants are issued side by side.
        """

    def with_scenario(self, id: str, at: datetime) -> tuple[Incentive, Scenario] | None:
        """Return the version in force, as `in_force` does, and the scenario it is in."""

    def version(self, id: str, number: int) -> Incentive | None:
        """Return a version, which never changes, whatever is in force."""

    def numbered(self, id: str, number: int) -> Version | None:
        """Return a version as it stands; it is the life's to lock."""

    def on_offer(self, scenario_id: str, at: datetime) -> Sequence[Incentive]:
        """Return the published versions of a scenario in force at a moment or later, by id."""

    def after(
        self, id: str, *, operator_id: str | None, state: IncentiveState | None, most: int
    ) -> Sequence[Life]:
        """Return lives by id after one, without a lock; see contracts.catalogue.ListIncentives."""

    def add(self, life: Life) -> None:
        """Store a new one and begin its tally; raises Conflict("id_reused")."""

    def save(self, life: Life) -> None:
        """Store what a step changed; raises Conflict("id_reused") for a version that is there.

        A newer version replaces what of the older ones is not published, and once it is published
        itself what would come into force after that.
        """

    def unsettled(self) -> Sequence[str]:
        """Return the ids of withdrawn incentives whose grants may still be open."""

    def settle(self, id: str) -> None:
        """Remember that the grants of a withdrawn incentive have ended."""

    def note(self, move: Move) -> None:
        """Keep a step; never changed after."""

    def moves(self, id: str, *, after: int, most: int) -> Sequence[Move]:
        """Return steps after one, oldest first."""
