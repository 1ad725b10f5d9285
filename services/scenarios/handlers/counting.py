"""Counting against limits, quotas and budget, within an open transaction.

Everybody locks the incentive's tally first: its counters are changed by one at a time (ADR 0035).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from contracts.errors import Refused
from contracts.quotas import QuotaCounted
from contracts.rules import QuotaCount
from contracts.words import Period
from services.scenarios.domain.bounds import (
    Bound,
    Count,
    CounterKey,
    Taking,
    bounds_of,
    quota_bounds,
    serves,
)
from services.scenarios.domain.incentive import Incentive
from services.scenarios.domain.limits import Tally
from services.scenarios.ports import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class Counted:
    """What limits and quotas count after a taking, and the tally after it."""

    counts: Mapping[CounterKey, Count]
    tally: Tally

    @property
    def told(self) -> tuple[QuotaCount, ...]:
        """What a reader needs to know what is left for others."""
        shared = {key: count for key, count in self.counts.items() if not key.holder}
        return tell(shared, self.tally)


def take(incentive: Incentive, taking: Taking, step: Count, *, uow: UnitOfWork) -> Counted:
    """Count a grant, or a reservation of one, against every limit, every quota and the budget.

    Raises Refused outside_district, holder_limit_reached, quota_exhausted and budget_exhausted, in
    this order.  What was counted before a refusal is undone by leaving without commit.
    """
    terms = incentive.terms
    if not serves(terms, taking.district):
        raise Refused("outside_district", incentive.id)
    bounds = bounds_of(terms, taking)
    uow.tallies.lock(incentive.id)
    counts: dict[CounterKey, Count] = {}
    taken = uow.counters.take(incentive.id, taking, bounds, step)
    for bound, count in zip(bounds, taken, strict=True):
        if count is None:
            raise Refused(bound.refusal, incentive.id)
        counts[bound.key] = count
    book = uow.tallies.hold if step.held else uow.tallies.issue
    tally = book(incentive.id, step.reserved_fen, terms.budget_fen)
    if tally is None:
        raise Refused("budget_exhausted", incentive.id)
    return Counted(counts=counts, tally=tally)


def has_room(incentive: Incentive, taking: Taking, step: Count, *, uow: UnitOfWork) -> bool:
    """Say whether every limit and quota allows a step; nobody takes the room meanwhile."""
    bounds = bounds_of(incentive.terms, taking)
    uow.tallies.lock(incentive.id)
    counted = uow.counters.look(incentive.id, bounds)
    return all(bound.allows(count, step) for bound, count in zip(bounds, counted, strict=True))


def count_of(incentive: Incentive, taking: Taking, tally: Tally, *, uow: UnitOfWork) -> Counted:
    """Return what is counted now where a taking counts, under the tally's lock."""
    bounds = bounds_of(incentive.terms, taking)
    counts = uow.counters.look(incentive.id, bounds)
    keys = (bound.key for bound in bounds)
    return Counted(counts=dict(zip(keys, counts, strict=True)), tally=tally)


def tell_moved(
    incentive: Incentive | None, taking: Taking, tally: Tally, *, uow: UnitOfWork, at: datetime
) -> None:
    """Announce what counts where a taking does, after some of it was given back.

    `incentive` is the version in force, which was asked for before its tally was locked.
    """
    if incentive is None:
        return
    quotas = [
        bound
        for bound in quota_bounds(incentive.terms, taking.at)
        if bound.district in {None, taking.district}
    ]
    tell_counts(incentive, quotas, tally, uow=uow, at=at)


def tell_counts(
    incentive: Incentive, quotas: Iterable[Bound], tally: Tally, *, uow: UnitOfWork, at: datetime
) -> None:
    """Announce what counts against these quotas and the budget, under the tally's lock."""
    bounds = list({bound.key: bound for bound in quotas}.values())
    if not bounds and incentive.terms.budget_fen is None:
        return
    counts = uow.counters.look(incentive.id, bounds)
    keys = (bound.key for bound in bounds)
    event = QuotaCounted(
        incentive_id=incentive.id,
        count_number=tally.changes,
        counts=tell(dict(zip(keys, counts, strict=True)), tally),
        counted_at=at,
    )
    uow.outbox.add(event)


def tell(counts: Mapping[CounterKey, Count], tally: Tally) -> tuple[QuotaCount, ...]:
    """Say counts as a message does; that of all time everywhere is the tally's."""
    always = CounterKey("", "", Period.LIFETIME)
    of_all_time = Count(
        issued=tally.issued,
        held=tally.held,
        reserved_fen=tally.reserved_fen,
        spent_fen=tally.spent_fen,
    )
    return tuple(
        QuotaCount(
            window=key.period, district=key.district or None, units=count.units, fen=count.fen
        )
        for key, count in sorted({**counts, always: of_all_time}.items())
    )
