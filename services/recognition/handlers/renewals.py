"""Consents that have to be given anew, because what they were given to changed (PIPL 14)."""

from datetime import datetime
from typing import Final

from contracts.words import RevocationReason
from services.recognition.handlers.attestations import revoke
from services.recognition.ports import Node, UnitOfWork

AT_A_TIME: Final = 200  # attestations taken back in one transaction


def end_unrenewed(*, uow: UnitOfWork, node: Node, now: datetime) -> bool:
    """Take back attestations under consents to texts that are outdated; say if there may be more.

    Safe to repeat.
    """
    outdated = node.consent_texts().outdated(now)
    if not outdated:
        return False
    with uow:
        some = uow.issuances.standing_by_text(outdated, now, AT_A_TIME)
        for issuance in some:
            revoke(issuance, RevocationReason.CONSENT_RENEWAL_NEEDED, uow=uow, node=node, now=now)
        uow.commit()
    return len(some) == AT_A_TIME
