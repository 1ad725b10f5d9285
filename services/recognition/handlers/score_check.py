"""Scores change behind attestations: home looks, and takes back what is no longer so."""

from datetime import datetime
from typing import Final
from uuid import UUID

from contracts.errors import Refused
from contracts.words import RevocationReason
from services.recognition.domain.issuance import Issuance
from services.recognition.handlers.attestations import band_of, revoke
from services.recognition.ports import Node, UnitOfWork

AT_A_TIME: Final = 200  # attestations looked at between two transactions
_FIRST: Final = UUID(int=0)


def check_scores(
    *, uow: UnitOfWork, node: Node, now: datetime, after: Issuance | None = None
) -> Issuance | None:
    """Take back standing attestations whose resident has another band now, or no score at all.

    Looks at some, those that come next after `after`; returns the last of them, or None when there
    are no more.  Safe to repeat.
    """
    place = (now, _FIRST) if after is None else (after.until, after.attestation_id)
    with uow:
        some = uow.issuances.standing_after(*place, AT_A_TIME)
    # No transaction is open here: the scores may be read from their file anew.
    changed = {each.attestation_id for each in some if _is_changed(each, node, now)}
    with uow:
        for attestation_id in sorted(changed):  # in the order in which a withdrawal locks them
            issuance = uow.issuances.get(attestation_id)
            if issuance is not None:
                revoke(issuance, RevocationReason.SCORE_CHANGED, uow=uow, node=node, now=now)
        uow.commit()
    return some[-1] if len(some) == AT_A_TIME else None


def _is_changed(issuance: Issuance, node: Node, now: datetime) -> bool:
    """Compare with the score as it is; one that cannot be read now is no reason to take back."""
    record = node.scores.find(issuance.resident)
    if record is None:
        return True
    if record.as_of > now:
        return False
    try:
        _, _, band = band_of(record, node, now)
    except Refused:
        return False
    return (issuance.tier, issuance.band) != (band.tier, band.label)
