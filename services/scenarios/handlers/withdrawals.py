"""What becomes of the open grants of an incentive that was withdrawn.

Each ends as its terms say of a withdrawal; with `keep_started` those already used run on, with
`call_back` each has its notice.
"""

from datetime import datetime
from typing import Final

from contracts.words import GrantState
from services.scenarios.domain.grant import Grant
from services.scenarios.handlers.recalls import withdraw_grants
from services.scenarios.ports import UnitOfWork

REASON: Final = "incentive_withdrawn"
AT_A_TIME: Final = 100


def settle_withdrawals(
    *, uow: UnitOfWork, city: str, now: datetime, batch: int = AT_A_TIME
) -> None:
    """End the open grants of incentives withdrawn since, in batches.

    Safe to repeat, and to begin again after a stop half-way.
    """
    with uow:
        withdrawn = uow.incentives.unsettled()
    for incentive_id in withdrawn:
        last = None
        while True:
            with uow:
                open_ones = uow.grants.open_of(incentive_id, after=last, most=batch)
                ending = [grant for grant in open_ones if _ends(grant, now)]
                withdraw_grants(ending, REASON, uow=uow, city=city, now=now)
                if not open_ones:
                    uow.incentives.settle(incentive_id)
                uow.commit()
            if not open_ones:
                break
            last = open_ones[-1].id


def _ends(grant: Grant, now: datetime) -> bool:
    """Leave those that run on, and those whose time is up already."""
    return grant.state_at(now) is GrantState.OPEN and not grant.outlives_recognition
