"""Which request a key stands for, and the answer where it is kept, for a day."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, Engine, or_, select, update

from contracts.errors import Conflict, Unavailable
from services.gateway.adapters.tables import idempotency_keys as keys
from services.plumbing.clock import Clock
from services.plumbing.rows import delete_some, insertion

KEPT: Final = timedelta(hours=24)
LONGEST_CALL: Final = timedelta(seconds=60)  # whoever has not answered by then never will
AT_A_TIME: Final = 500  # so that nobody waits long for a lock


@dataclass(frozen=True, kw_only=True)
class Keyed:
    """A request under a key, by digests: what names it, what it asks for, and with which body."""

    id: str
    target: str
    body: str


class IdempotencyKeys:
    """Invariant: in all processes of the node, a key stands for the first request under it."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine, self._clock = engine, clock

    def note(self, asked: Keyed) -> None:
        """Note a request that is safe to repeat; raise Conflict when the key stands for another."""
        now = self._clock()
        with self._engine.begin() as connection:
            if not self._insert(connection, asked, now):
                _compare(connection, asked)

    def claim(self, asked: Keyed) -> str | None:
        """Return the answer that was given, or None to whoever is to find it, one at a time.

        Raise Conflict when the key stands for another request, and Unavailable while somebody else
        is at it.
        """
        now = self._clock()
        with self._engine.begin() as connection:
            if self._insert(connection, asked, now, claimed_until=now + LONGEST_CALL):
                return None
            answer = _compare(connection, asked)
            if answer is None:
                self._take_over(connection, asked, now)
        return answer

    def settle(self, asked: Keyed, answer: str | None) -> None:
        """Keep the answer for whoever asks again, the first one; without one let the next try."""
        settled = (
            update(keys)
            .where(keys.c.id == asked.id, keys.c.answer.is_(None))
            .values(answer=answer, claimed_until=None)
        )
        with self._engine.begin() as connection:
            connection.execute(settled)

    def _insert(
        self,
        connection: Connection,
        asked: Keyed,
        now: datetime,
        claimed_until: datetime | None = None,
    ) -> bool:
        """Say whether the key was free; one whose time is over is."""
        row = {
            "id": asked.id,
            "target": asked.target,
            "body": asked.body,
            "until": now + KEPT,
            "claimed_until": claimed_until,
            "answer": None,
        }
        statement = (
            insertion(connection.dialect.name, keys)
            .values(row)
            .on_conflict_do_update(index_elements=["id"], set_=row, where=keys.c.until <= now)
        )
        return connection.execute(statement.returning(keys.c.id)).first() is not None

    def _take_over(self, connection: Connection, asked: Keyed, now: datetime) -> None:
        free = or_(keys.c.claimed_until.is_(None), keys.c.claimed_until <= now)
        taken = (
            update(keys).where(keys.c.id == asked.id, free).values(claimed_until=now + LONGEST_CALL)
        )
        if connection.execute(taken).rowcount == 0:
            raise Unavailable("unavailable", "a request with this Idempotency-Key is under way")


def forget_keys(engine: Engine, *, now: datetime) -> bool:
    """Forget some whose time is over; say whether there may be more."""
    with engine.begin() as connection:
        return delete_some(connection, keys, keys.c.until <= now, AT_A_TIME) == AT_A_TIME


def _compare(connection: Connection, asked: Keyed) -> str | None:
    """Return the answer that was kept; raise Conflict naming what differs."""
    query = select(keys.c.target, keys.c.body, keys.c.answer).where(keys.c.id == asked.id)
    first = connection.execute(query).one()  # nobody forgets it now: the insertion locked it
    if first.target != asked.target:
        raise Conflict("id_reused", "Idempotency-Key: first came with another path or query")
    if first.body != asked.body:
        raise Conflict("id_reused", "Idempotency-Key: first came with another body")
    answer: str | None = first.answer
    return answer
