"""Exact numbers under concurrency: every bound is a condition of the UPDATE that counts.

The rows are locked by the UPDATE that changes them, and the conditions are judged on what the
previous transaction left there; a transaction that rolls back gives back what it took.  Who takes
or moves has locked the incentive's tally before (ADR 0035), so that nobody waits in a circle, and
a counter that is begun misses nothing.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    delete,
    func,
    or_,
    select,
    tuple_,
    update,
)

from services.plumbing.rows import insert_once
from services.scenarios.adapters.recount import recount
from services.scenarios.adapters.tables import counters
from services.scenarios.domain.bounds import Bound, Count, CounterKey, Taking
from services.scenarios.domain.limits import names_of

_KEY = (counters.c.holder, counters.c.district, counters.c.period)
_COUNT = (counters.c.issued, counters.c.held, counters.c.reserved_fen, counters.c.spent_fen)
_Place = tuple[str, CounterKey]  # an incentive, and one of its counters


class SqlCounters:
    """Counts what an incentive gave by period: to one holder or to all, in a district or in all.

    What `look` found, `take` goes by: under the tally's lock nobody else changes it.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._there: set[_Place] = set()  # rows that were looked at, and are locked since
        self._anew: dict[_Place, Count] = {}  # what was counted where there is no row

    def take(
        self, incentive_id: str, taking: Taking, bounds: Sequence[Bound], step: Count
    ) -> Sequence[Count | None]:
        looked_at = self._there | self._anew.keys()
        self._read(
            incentive_id,
            [bound.key for bound in bounds if (incentive_id, bound.key) not in looked_at],
        )
        for bound in bounds:
            if (incentive_id, bound.key) not in self._there:
                self._begin(incentive_id, bound)
        self._anew.clear()
        conditions = {bound.key: _conditions(bound, step) for bound in bounds}
        allowed = (and_(_is(incentive_id, key), *conditions.get(key, ())) for key in taking.keys)
        taken = update(counters).where(or_(*allowed)).values(_after(step))
        counts = _counts(self._connection.execute(taken.returning(*_KEY, *_COUNT)))
        return [counts.get(bound.key) for bound in bounds]

    def move(self, incentive_id: str, taking: Taking, step: Count) -> None:
        self._anew.clear()
        if step:
            self._connection.execute(
                update(counters)
                .where(or_(*(_is(incentive_id, key) for key in taking.keys)))
                .values(_after(step))
            )

    def look(self, incentive_id: str, bounds: Sequence[Bound]) -> Sequence[Count]:
        known = self._read(incentive_id, [bound.key for bound in bounds])
        return [
            known[bound.key] if bound.key in known else self._count_anew(incentive_id, bound)
            for bound in bounds
        ]

    def forget_over(self, moment: datetime, limit: int) -> int:
        name = counters.c.period
        over = (
            and_(func.length(name) == len(current), name < current) for current in names_of(moment)
        )
        key = counters.primary_key.columns
        # Whoever moves a counter may have several: here nobody waits for one of them.
        some = select(*key).where(or_(*over)).limit(limit).with_for_update(skip_locked=True)
        return self._connection.execute(delete(counters).where(tuple_(*key).in_(some))).rowcount

    def _read(self, incentive_id: str, keys: Collection[CounterKey]) -> dict[CounterKey, Count]:
        """Read counters, locked: what is there is not forgotten before it is counted in."""
        if not keys:
            return {}
        found = select(*_KEY, *_COUNT).where(or_(*(_is(incentive_id, key) for key in keys)))
        counts = _counts(self._connection.execute(found.with_for_update()))
        self._there.update((incentive_id, key) for key in counts)
        return counts

    def _count_anew(self, incentive_id: str, bound: Bound) -> Count:
        counted = recount(self._connection, incentive_id, bound)
        self._anew[incentive_id, bound.key] = counted
        return counted

    def _begin(self, incentive_id: str, bound: Bound) -> None:
        """Let a window begin with what is in it already, under terms that counted otherwise."""
        place = (incentive_id, bound.key)
        if place not in self._anew:
            self._count_anew(incentive_id, bound)
        self._there.add(place)
        insert_once(
            self._connection,
            counters,
            incentive_id=incentive_id,
            **bound.key._asdict(),
            **vars(self._anew[place]),
        )


def _is(incentive_id: str, key: CounterKey) -> ColumnElement[bool]:
    """Name one row by its whole key, so that each database finds it by its index."""
    return and_(
        counters.c.incentive_id == incentive_id,
        counters.c.holder == key.holder,
        counters.c.district == key.district,
        counters.c.period == key.period,
    )


def _conditions(bound: Bound, step: Count) -> Iterable[ColumnElement[bool]]:
    if bound.units is not None and step.units > 0:
        yield counters.c.issued + counters.c.held + step.units <= bound.units
    if bound.fen is not None and step.fen > 0:
        yield counters.c.reserved_fen + counters.c.spent_fen + step.fen <= bound.fen


def _after(step: Count) -> dict[str, ColumnElement[int]]:
    return {name: counters.c[name] + value for name, value in vars(step).items() if value}


def _counts(rows: Iterable[Row[Any]]) -> dict[CounterKey, Count]:
    return {
        CounterKey(row.holder, row.district, row.period): Count(
            issued=row.issued,
            held=row.held,
            reserved_fen=row.reserved_fen,
            spent_fen=row.spent_fen,
        )
        for row in rows
    }
