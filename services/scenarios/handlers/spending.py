"""Money that a use of a grant moves between reserved and spent, within an open transaction."""

from datetime import datetime

from services.scenarios.domain.bounds import Count
from services.scenarios.domain.grant import Grant
from services.scenarios.handlers.counting import tell_moved
from services.scenarios.ports import UnitOfWork


def money_of(grant: Grant) -> Count:
    return Count(reserved_fen=grant.reserved_fen, spent_fen=grant.spent_fen)


def move_money(
    grant: Grant, before: Count, *, redeemed: int = 0, uow: UnitOfWork, now: datetime
) -> None:
    """Store a grant, and count what changed of its money since `before` wherever it counts.

    `redeemed` is 1 when it was used up, -1 when it is open again.  Money that is free again is
    announced.
    """
    step = money_of(grant) - before
    incentive = uow.incentives.in_force(grant.incentive_id, now)  # before its tally, as everybody
    uow.grants.save(grant)
    tally = uow.tallies.use(grant.incentive_id, step, redeemed)
    uow.counters.move(grant.incentive_id, grant.taking, step)
    if step.fen < 0:
        tell_moved(incentive, grant.taking, tally, uow=uow, at=now)
