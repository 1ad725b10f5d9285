"""What is too old to matter is dropped, so that no table grows for ever."""

from datetime import datetime, timedelta
from typing import Final

from services.recognition.domain import challenge, notice
from services.recognition.domain.verification import LONGEST_LIFE
from services.recognition.ports import UnitOfWork

BATCH_KEPT: Final = timedelta(days=90)  # to look into what became of a line
AT_A_TIME: Final = 1000  # rows of each table in one transaction
EFFECT_KEPT: Final = timedelta(days=3 * 366)  # a record of processing (PIPL 56)
ATTESTATION_KEPT: Final = LONGEST_LIFE + timedelta(days=1)  # seen so long ago, it is over by now
YEAR: Final = timedelta(days=366)
OFFER_KEPT: Final = timedelta(days=7)  # of a crosswalk that could not be fetched


def forget_old(*, uow: UnitOfWork, now: datetime) -> bool:
    """Drop what is too old of everything listed here; say whether there may be more."""
    with uow:
        dropped = (
            uow.challenges.forget_before(now - challenge.KEPT, AT_A_TIME),
            uow.batches.forget_before(now - BATCH_KEPT, AT_A_TIME),
            uow.received_notices.forget_before(now - notice.KEPT, AT_A_TIME),
            uow.effects.forget_before(now - EFFECT_KEPT, AT_A_TIME),
            uow.supersessions.forget_before(now - ATTESTATION_KEPT, AT_A_TIME),
            uow.corrections.forget_before(now - notice.KEPT, AT_A_TIME),
            uow.revocations.forget_before(now - ATTESTATION_KEPT, AT_A_TIME),
            uow.crosswalk_offers.forget_before(now - OFFER_KEPT, AT_A_TIME),
            uow.withdrawals.forget_before(now - ATTESTATION_KEPT, AT_A_TIME),
        )
        uow.commit()
    return max(dropped) == AT_A_TIME


def forget_records(*, uow: UnitOfWork, years: int, now: datetime) -> bool:
    """Drop records of processing of things over for so many years; say whether there may be more.

    Safe to repeat.
    """
    with uow:
        dropped = uow.old_records.forget_before(now - years * YEAR, AT_A_TIME)
        uow.commit()
    return dropped == AT_A_TIME
