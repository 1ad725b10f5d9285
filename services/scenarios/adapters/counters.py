"""Exact numbers under concurrency: each rule is the condition of one UPDATE.

The row is locked by the UPDATE that changes it, and the condition is judged on what the previous
transaction left there; a transaction that rolls back gives back what it took.
"""

from datetime import datetime

from sqlalchemy import Connection, and_, delete, func, or_, select, update

from contracts.words import GrantState
from services.plumbing.rows import delete_some, insert_once
from services.scenarios.adapters.tables import counters, grants, tallies
from services.scenarios.domain.limits import Tally, Window, names_of

EVERYBODY = ""


class SqlCounters:
    """Counts grants of an incentive per period, to one holder or to everybody."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def restart(self, incentive_id: str) -> None:
        self._connection.execute(delete(counters).where(counters.c.incentive_id == incentive_id))

    def take(self, incentive_id: str, holder: str | None, window: Window, most: int) -> int | None:
        key = {
            "incentive_id": incentive_id,
            "holder": EVERYBODY if holder is None else holder,
            "period": window.name,
        }
        self._begin(key, holder, window)
        taken = (
            update(counters)
            .filter_by(**key)
            .where(counters.c.issued < most)
            .values(issued=counters.c.issued + 1)
            .returning(counters.c.issued)
        )
        return self._connection.execute(taken).scalar_one_or_none()

    def forget_over(self, moment: datetime, limit: int) -> int:
        name = counters.c.period
        over = (
            and_(func.length(name) == len(current), name < current) for current in names_of(moment)
        )
        return delete_some(self._connection, counters, or_(*over), limit)

    def _begin(self, key: dict[str, str], holder: str | None, window: Window) -> None:
        """Let a period begin with what was issued in it under terms that counted otherwise."""
        known = select(counters.c.issued).filter_by(**key)
        if self._connection.execute(known).one_or_none() is not None:
            return
        issued = (
            select(func.count())
            .select_from(grants)
            .where(grants.c.incentive_id == key["incentive_id"], grants.c.issued_at >= window.since)
        )
        if holder is not None:
            issued = issued.where(grants.c.holder == holder)
        insert_once(self._connection, counters, **key, issued=issued.scalar_subquery())


class SqlTallies:
    """Keeps one row per incentive."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, incentive_id: str) -> Tally:
        found = select(*_TALLY).where(tallies.c.incentive_id == incentive_id)
        return Tally(**self._connection.execute(found).mappings().one())

    def issue(self, incentive_id: str, value_fen: int, budget_fen: int | None) -> Tally | None:
        committed = tallies.c.reserved_fen + tallies.c.spent_fen + value_fen
        issued = (
            update(tallies)
            .where(tallies.c.incentive_id == incentive_id)
            .values(
                issued=tallies.c.issued + 1,
                open=tallies.c.open + 1,
                reserved_fen=tallies.c.reserved_fen + value_fen,
            )
            .returning(*_TALLY)
        )
        if budget_fen is not None:
            issued = issued.where(committed <= budget_fen)
        row = self._connection.execute(issued).mappings().one_or_none()
        return Tally(**row) if row else None

    def use(self, incentive_id: str, spent_fen: int, *, is_last: bool) -> None:
        step = int(is_last)
        self._connection.execute(
            update(tallies)
            .where(tallies.c.incentive_id == incentive_id)
            .values(
                open=tallies.c.open - step,
                redeemed=tallies.c.redeemed + step,
                reserved_fen=tallies.c.reserved_fen - spent_fen,
                spent_fen=tallies.c.spent_fen + spent_fen,
            )
        )

    def end(self, incentive_id: str, state: GrantState, released_fen: int) -> None:
        ended = tallies.c[state.value]
        self._connection.execute(
            update(tallies)
            .where(tallies.c.incentive_id == incentive_id)
            .values(
                {
                    tallies.c.open: tallies.c.open - 1,
                    ended: ended + 1,
                    tallies.c.reserved_fen: tallies.c.reserved_fen - released_fen,
                }
            )
        )

    def restore(self, incentive_id: str, reserved_fen: int, budget_fen: int | None) -> bool:
        restored = (
            update(tallies)
            .where(tallies.c.incentive_id == incentive_id)
            .values(
                open=tallies.c.open + 1,
                revoked=tallies.c.revoked - 1,
                reserved_fen=tallies.c.reserved_fen + reserved_fen,
            )
            .returning(tallies.c.open)
        )
        if reserved_fen and budget_fen is not None:
            committed = tallies.c.reserved_fen + tallies.c.spent_fen + reserved_fen
            restored = restored.where(committed <= budget_fen)
        return self._connection.execute(restored).one_or_none() is not None


_TALLY = [column for column in tallies.columns if column.name != "incentive_id"]
