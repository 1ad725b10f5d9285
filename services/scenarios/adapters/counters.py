"""Exact numbers under concurrency: every bound is a condition of the UPDATE that counts.

The rows are locked by the UPDATE that changes them, and the conditions are judged on what the
previous transaction left there; a transaction that rolls back gives back what it took.  Who takes,
moves or looks has locked the incentive's tally before (ADR 0035), so that nobody waits in a circle,
and a counter that is begun misses nothing.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Row,
    and_,
    bindparam,
    delete,
    func,
    not_,
    or_,
    select,
    tuple_,
    update,
)

from contracts.periods import period_name
from contracts.words import Period
from services.scenarios.adapters.recount import begin_counter
from services.scenarios.adapters.tables import counters
from services.scenarios.domain.bounds import Bound, Count, CounterKey, Taking
from services.scenarios.domain.limits import names_of

_KEY = (counters.c.holder, counters.c.district, counters.c.period)
_COUNT = (counters.c.issued, counters.c.held, counters.c.reserved_fen, counters.c.spent_fen)
_UNBOUNDED: Final = 2**63 - 1
_Place = tuple[str, CounterKey]  # an incentive, and one of its counters


class SqlCounters:
    """Counts what an incentive gave by period: to one holder or to all, in a district or in all.

    What `look` found, `take` goes by: under the tally's lock nobody else changes it.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._there: set[_Place] = set()  # rows that were looked at, and are locked since

    def take(
        self, incentive_id: str, taking: Taking, bounds: Sequence[Bound], step: Count
    ) -> Sequence[Count | None]:
        self.look(
            incentive_id, [each for each in bounds if (incentive_id, each.key) not in self._there]
        )
        counts = self._add(incentive_id, taking, bounds, step)
        return [counts.get(bound.key) for bound in bounds]

    def move(self, incentive_id: str, taking: Taking, step: Count) -> None:
        if step:
            self._add(incentive_id, taking, (), step)

    def look(self, incentive_id: str, bounds: Sequence[Bound]) -> Sequence[Count]:
        known = self._read(incentive_id, [bound.key for bound in bounds])
        for bound in bounds:
            if bound.key not in known:
                known[bound.key] = begin_counter(self._connection, incentive_id, bound)
        self._there.update((incentive_id, key) for key in known)
        return [known[bound.key] for bound in bounds]

    def forget_over(self, moment: datetime, limit: int) -> int:
        name = counters.c.period
        over = (
            and_(func.length(name) == len(current), name < current) for current in names_of(moment)
        )
        key = counters.primary_key.columns
        # Whoever moves a counter may have several: here nobody waits for one of them.
        some = select(*key).where(or_(*over)).limit(limit).with_for_update(skip_locked=True)
        return self._connection.execute(delete(counters).where(tuple_(*key).in_(some))).rowcount

    def _read(self, incentive_id: str, keys: Sequence[CounterKey]) -> dict[CounterKey, Count]:
        """Read counters, locked: what is there is not forgotten before it is counted in."""
        if not keys:
            return {}
        named = {"named": incentive_id, **_numbered(keys)}
        return _counts(self._connection.execute(_those(len(keys)), named))

    def _add(
        self, incentive_id: str, taking: Taking, bounds: Sequence[Bound], step: Count
    ) -> dict[CounterKey, Count]:
        """Add a step to each counter in which a taking counts, but where a bound forbids it."""
        named = {
            "named": incentive_id,
            "whose": taking.holder,
            "where": taking.district or "",
            **{period.value: period_name(period, taking.at) for period in Period},
            **{f"step_{name}": value for name, value in vars(step).items()},
            **_numbered([bound.key for bound in bounds]),
        }
        for number, bound in enumerate(bounds):
            named[f"units_{number}"] = _room(bound.units, step.units)
            named[f"fen_{number}"] = _room(bound.fen, step.fen)
        return _counts(self._connection.execute(_stepped(len(bounds)), named))


@cache
def _those(count: int) -> Any:
    """Return the statement that reads and locks so many counters of an incentive."""
    of_incentive = counters.c.incentive_id == bindparam("named")
    some = or_(*(and_(of_incentive, _is(number)) for number in range(count)))
    return select(*_KEY, *_COUNT).where(some).with_for_update()


@cache
def _stepped(bounds: int) -> Any:
    """Return the statement that adds a step wherever a taking counts, within so many bounds."""
    counts = (
        counters.c.incentive_id == bindparam("named"),
        counters.c.holder.in_(["", bindparam("whose")]),
        counters.c.district.in_(["", bindparam("where")]),
        counters.c.period.in_([bindparam(period.value) for period in Period]),
    )
    allowed = (or_(not_(_is(number)), _has_room(number)) for number in range(bounds))
    after = {
        name: counters.c[name] + bindparam(f"step_{name}", type_=counters.c[name].type)
        for name in vars(Count())
    }
    return update(counters).where(*counts, *allowed).values(after).returning(*_KEY, *_COUNT)


def _is(number: int) -> ColumnElement[bool]:
    """Name one counter of an incentive by its whole key, so that each database has it by index."""
    return and_(*(column == bindparam(f"its_{column.name}_{number}") for column in _KEY))


def _has_room(number: int) -> ColumnElement[bool]:
    return and_(
        counters.c.issued + counters.c.held <= bindparam(f"units_{number}", type_=BigInteger()),
        counters.c.reserved_fen + counters.c.spent_fen <= bindparam(f"fen_{number}"),
    )


def _room(bound: int | None, step: int) -> int:
    """Return the most that may be counted before a step; what takes nothing is always allowed."""
    return _UNBOUNDED if bound is None or step <= 0 else bound - step


def _numbered(keys: Iterable[CounterKey]) -> dict[str, Any]:
    return {
        f"its_{name}_{number}": part
        for number, key in enumerate(keys)
        for name, part in key._asdict().items()
    }


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
