"""What counts against quotas and budgets, as scenarios tells it, and what is used up by that."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final, Protocol

from sqlalchemy import Connection, and_, bindparam, func, or_, select, update

from contracts.periods import period_name
from contracts.rules import QuotaCount
from contracts.scenarios import IncentivePublished
from contracts.words import Period
from services.gateway.adapters.tables import quota_counts
from services.plumbing.rows import delete_some, insert_once

Counts = Mapping[tuple[str, str], tuple[int, int]]
"""By name of a period and district ("": everywhere): units, and fen."""

UsedUp = frozenset[tuple[str, str]]
"""Names of periods and districts in which a quota has nothing left; BUDGET: the budget."""

BUDGET: Final = ("budget", "")

KEPT: Final = timedelta(days=1)  # for what is heard late
AT_A_TIME: Final = 500  # so that nobody waits long for a lock

_COUNTS: Final = select(
    quota_counts.c.period, quota_counts.c.district, quota_counts.c.units, quota_counts.c.fen
).where(quota_counts.c.incentive_id == bindparam("which"))
_NEWER: Final = update(quota_counts).where(
    quota_counts.c.incentive_id == bindparam("which"),
    quota_counts.c.district == bindparam("where"),
    quota_counts.c.period == bindparam("when"),
    quota_counts.c.number < bindparam("than"),
)


class Counting(Protocol):
    """An event that tells what counts against an incentive's quotas."""

    @property
    def incentive_id(self) -> str: ...
    @property
    def count_number(self) -> int: ...
    @property
    def counts(self) -> tuple[QuotaCount, ...]: ...


def note_counts(connection: Connection, event: Counting) -> Counts:
    """Note the counts of an event where they are newer; return those.

    Events of one incentive may come in any order, and each more than once.
    """
    return {
        (count.window, count.district or ""): (count.units, count.fen)
        for count in event.counts
        if _note(connection, event, count)
    }


def counts_of(connection: Connection, incentive_id: str) -> Counts:
    """Return what is known to count against an incentive's quotas."""
    found = connection.execute(_COUNTS, {"which": incentive_id})
    return {(period, district): (units, fen) for period, district, units, fen in found}


def used_up(terms: IncentivePublished, counts: Counts) -> UsedUp:
    """Say in which periods and districts these terms have nothing left for one more grant."""
    worth = terms.benefit.most_fen or 0
    found = {
        where
        for where, (units, fen) in counts.items()
        for period, district, most_units, most_fen in _quotas(terms)
        if (_kind(where[0]), where[1]) == (period, district)
        and (
            (most_units is not None and units >= most_units)
            or (most_fen is not None and fen + worth > most_fen)
        )
    }
    _, spent = counts.get((Period.LIFETIME.value, ""), (0, 0))
    if terms.budget_fen is not None and spent + worth > terms.budget_fen:
        found.add(BUDGET)
    return frozenset(found)


def places_of(terms: IncentivePublished) -> tuple[tuple[Period, str], ...]:
    """Return the period and district of each quota."""
    return tuple({(period, district): None for period, district, _, _ in _quotas(terms)})


def _quotas(terms: IncentivePublished) -> Iterable[tuple[Period, str, int | None, int | None]]:
    if terms.quota is not None:
        yield terms.quota.period, "", terms.quota.count, None
    for quota in terms.quotas:
        yield quota.period, quota.district or "", quota.count, quota.fen


def _kind(name: str) -> Period:
    """Tell from a period's name what kind it is of."""
    kinds = {10: Period.DAY, 7: Period.MONTH, 4: Period.YEAR}
    return kinds.get(len(name), Period.LIFETIME)


def _note(connection: Connection, event: Counting, count: QuotaCount) -> bool:
    district, period = count.district or "", count.window
    told = {"number": event.count_number, "units": count.units, "fen": count.fen}
    place = {"which": event.incentive_id, "where": district, "when": period}
    newer = {**place, "than": event.count_number, **told}
    key = {"incentive_id": event.incentive_id, "district": district, "period": period}
    return (
        connection.execute(_NEWER, newer).rowcount > 0
        or insert_once(connection, quota_counts, **key, **told)
        or connection.execute(_NEWER, newer).rowcount > 0  # somebody else has made the row
    )


def forget_over(connection: Connection, now: datetime) -> bool:
    """Forget some counts of periods that are over; say whether there may be more."""
    name, moment = quota_counts.c.period, now - KEPT
    current = (period_name(period, moment) for period in (Period.DAY, Period.MONTH, Period.YEAR))
    over = or_(*(and_(func.length(name) == len(each), name < each) for each in current))
    return delete_some(connection, quota_counts, over, AT_A_TIME) == AT_A_TIME
