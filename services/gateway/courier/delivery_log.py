"""What an operator sees of its own deliveries, and lets be sent again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Engine, and_, func, select, tuple_, update

from services.gateway.adapters.tables import deliveries
from services.gateway.courier.deliveries import COLUMNS, Delivery, Kind, State, read


@dataclass(frozen=True)
class DeliveryLog:
    """Invariant: an operator's own webhooks only, whatever id it names."""

    engine: Engine

    def page(
        self, operator_id: str, state: State | None, *, after: Delivery | None, limit: int
    ) -> Sequence[Delivery]:
        """Return deliveries, newest first, those after one in this order."""
        query = select(*COLUMNS).where(_own(operator_id))
        if state is not None:
            query = query.where(deliveries.c.state == state)
        if after is not None:
            query = query.where(tuple_(after.created_at, after.id) > _ORDER)
        newest_first = (deliveries.c.created_at.desc(), deliveries.c.id.desc())
        return read(self.engine, query.order_by(*newest_first).limit(limit))

    def get(self, operator_id: str, id: UUID) -> Delivery | None:
        query = select(*COLUMNS).where(_own(operator_id), deliveries.c.id == id)
        return next(iter(read(self.engine, query)), None)

    def counts(self, operator_id: str) -> dict[State, int]:
        """Count an operator's deliveries by state."""
        query = (
            select(deliveries.c.state, func.count())
            .where(_own(operator_id))
            .group_by(deliveries.c.state)
        )
        with self.engine.connect() as connection:
            found = {State(state): number for state, number in connection.execute(query)}
        return {state: found.get(state, 0) for state in State}

    def replay(self, operator_id: str, id: UUID, *, now: datetime) -> None:
        """Send one again, whatever became of it; nothing happens when it waits already."""
        self._send_again(and_(_own(operator_id), deliveries.c.id == id), now)

    def replay_parked(self, operator_id: str, *, now: datetime) -> int:
        """Send all again that were given up; return how many."""
        return self._send_again(and_(_own(operator_id), deliveries.c.state == State.PARKED), now)

    def hurry(self, operator_id: str, *, now: datetime) -> None:
        """Let what waits for its next attempt be sent at once.  Safe to repeat."""
        later = and_(
            _own(operator_id), deliveries.c.state == State.WAITING, deliveries.c.due_at > now
        )
        with self.engine.begin() as connection:
            connection.execute(update(deliveries).where(later).values(due_at=now))

    def _send_again(self, which: ColumnElement[bool], now: datetime) -> int:
        again = {
            "state": State.WAITING,
            "attempts": 0,
            "due_at": now,
            "claimed_until": None,
            "delivered_at": None,
            "skipped_at": None,
        }
        settled = and_(which, deliveries.c.state != State.WAITING, deliveries.c.body != "")
        with self.engine.begin() as connection:
            return connection.execute(update(deliveries).where(settled).values(again)).rowcount


_ORDER = tuple_(deliveries.c.created_at, deliveries.c.id)


def _own(operator_id: str) -> ColumnElement[bool]:
    return and_(deliveries.c.kind == Kind.WEBHOOK, deliveries.c.recipient == operator_id)
