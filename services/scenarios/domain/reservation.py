"""Reservations: a grant's place and its worth, held until the holder confirms or time is up."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self
from uuid import UUID

from contracts.errors import Refused
from contracts.words import ReservationState
from services.scenarios.domain.bounds import Taking
from services.scenarios.domain.grant import Grant


@dataclass(eq=False, kw_only=True)
class Reservation:
    """Invariant: it leaves the state `held` once, so what it holds is given back at most once.

    Confirmed it is the grant of the same id, under the terms and in the periods of when it was
    reserved.
    """

    id: UUID
    holder: str
    incentive_id: str
    incentive_version: int
    scenario_id: str
    operator_id: str
    district: str | None
    recognition_id: UUID
    value_fen: int
    reserved_at: datetime
    until: datetime
    state: ReservationState = ReservationState.HELD
    ended_at: datetime | None = None

    @classmethod
    def of(cls, grant: Grant, minutes: int) -> Self:
        """Hold, for some minutes, what would be a grant; never longer than that grant itself."""
        return cls(
            id=grant.id,
            holder=grant.holder,
            incentive_id=grant.incentive_id,
            incentive_version=grant.basis.incentive_version,
            scenario_id=grant.scenario_id,
            operator_id=grant.operator_id,
            district=grant.district,
            recognition_id=grant.basis.recognition_id,
            value_fen=grant.value_fen,
            reserved_at=grant.issued_at,
            until=min(grant.issued_at + timedelta(minutes=minutes), grant.until),
        )

    @property
    def taking(self) -> Taking:
        return Taking(holder=self.holder, district=self.district, at=self.reserved_at)

    def state_at(self, now: datetime) -> ReservationState:
        """Return the state in truth: time ends a reservation before the timer notes it."""
        is_over = self.state is ReservationState.HELD and now >= self.until
        return ReservationState.EXPIRED if is_over else self.state

    def check_held(self, now: datetime) -> None:
        """Raise Refused("reservation_over") when there is nothing to confirm any more."""
        if self.state_at(now) is not ReservationState.HELD:
            raise Refused("reservation_over", self.state_at(now))

    def end(self, state: ReservationState, at: datetime) -> None:
        """End it while it is held."""
        self.state, self.ended_at = state, at
