"""What an incentive gave so far and what is left, for its operator."""

from datetime import datetime
from typing import Final

from contracts.errors import NotFound
from contracts.quotas import IncentiveUsage, MeasureIncentive, QuotaUsage
from services.scenarios.domain.bounds import Bound, Count, quota_bounds
from services.scenarios.ports import UnitOfWork

FIRST: Final = 1


def measure_incentive(
    command: MeasureIncentive, *, uow: UnitOfWork, now: datetime
) -> IncentiveUsage:
    """Show an operator how far an incentive of its own is used up; raises NotFound for others'.

    All numbers are of one moment; before anything was in force they are by the first terms.
    """
    with uow:
        named = command.incentive_id
        incentive = uow.incentives.in_force(named, now) or uow.incentives.version(named, FIRST)
        scenario = uow.scenarios.get(incentive.scenario_id) if incentive else None
        if incentive is None or scenario is None or scenario.operator_id != command.operator_id:
            raise NotFound("not_found", "incentive")
        tally = uow.tallies.lock(incentive.id)
        terms = incentive.terms
        bounds = quota_bounds(terms, now)
        counts = uow.counters.look(incentive.id, bounds)
    budget = terms.budget_fen
    return IncentiveUsage(
        incentive_id=incentive.id,
        version=incentive.version,
        as_of=now,
        issued=tally.issued,
        open=tally.open,
        redeemed=tally.redeemed,
        expired=tally.expired,
        revoked=tally.revoked,
        held=tally.held,
        budget_fen=budget,
        reserved_fen=tally.reserved_fen,
        spent_fen=tally.spent_fen,
        free_fen=None if budget is None else tally.free_fen(budget),
        quotas=tuple(map(_usage, bounds, counts)),
    )


def _usage(bound: Bound, count: Count) -> QuotaUsage:
    return QuotaUsage(
        period=bound.window.period,
        window=bound.window.name,
        district=bound.district,
        count=bound.units,
        fen=bound.fen,
        issued=count.issued,
        held=count.held,
        free=None if bound.units is None else max(0, bound.units - count.units),
        reserved_fen=count.reserved_fen,
        spent_fen=count.spent_fen,
        free_fen=None if bound.fen is None else max(0, bound.fen - count.fen),
    )
