"""Counting against limits and quotas, within an open transaction.

Everybody locks the incentive's tally first: its counters are changed by one at a time (ADR 0035).
"""

from collections.abc import Mapping

from contracts.errors import Refused
from services.scenarios.domain.bounds import Count, CounterKey, Taking, bounds_of, serves
from services.scenarios.domain.incentive import Incentive
from services.scenarios.ports import UnitOfWork


def count_in(
    incentive: Incentive, taking: Taking, step: Count, *, uow: UnitOfWork
) -> Mapping[CounterKey, Count]:
    """Count a taking against every limit and quota; return what each of them counts then.

    Raises Refused outside_district, holder_limit_reached and quota_exhausted, in this order.  What
    was counted before a refusal is undone by leaving without commit.
    """
    if not serves(incentive.terms, taking.district):
        raise Refused("outside_district", incentive.id)
    bounds = bounds_of(incentive.terms, taking)
    uow.tallies.lock(incentive.id)
    counted: dict[CounterKey, Count] = {}
    taken = uow.counters.take(incentive.id, taking, bounds, step)
    for bound, count in zip(bounds, taken, strict=True):
        if count is None:
            raise Refused(bound.refusal, incentive.id)
        counted[bound.key] = count
    return counted


def has_room(incentive: Incentive, taking: Taking, step: Count, *, uow: UnitOfWork) -> bool:
    """Say whether every limit and quota allows a step; nobody takes the room meanwhile."""
    bounds = bounds_of(incentive.terms, taking)
    uow.tallies.lock(incentive.id)
    counted = uow.counters.look(incentive.id, bounds)
    return all(bound.allows(count, step) for bound, count in zip(bounds, counted, strict=True))
