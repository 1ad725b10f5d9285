"""Scores change behind attestations: home looks, and takes back what is no longer so.

What changed because of a fact's effect, such as one that reached its maximum period, is superseded
instead: that is the city's own correction, and costs its resident nothing (ADR 0025).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from contracts.errors import Refused
from contracts.words import RevocationReason
from services.recognition.domain.docket import Docket
from services.recognition.domain.issuance import Issuance
from services.recognition.handlers.attestations import revoke
from services.recognition.handlers.dockets import as_it_counts, docket_of
from services.recognition.handlers.issuing import band_of
from services.recognition.handlers.supersession import correct_attestations
from services.recognition.ports import Node, ScoreRecord, UnitOfWork

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
    records = {each.resident: node.scores.find(each.resident) for each in some}
    with uow:
        plain = [each for each in some if not _has_facts(records[each.resident])]
        changed = [each for each in plain if _is_changed(each, records[each.resident], node, now)]
        _take_back(changed, uow=uow, node=node, now=now)
        uow.commit()
    for resident, record in sorted(records.items()):
        if record is not None and _has_facts(record):
            theirs = [each for each in some if each.resident == resident]
            _check_facts(theirs, record, uow=uow, node=node, now=now)
    return some[-1] if len(some) == AT_A_TIME else None


def _has_facts(record: ScoreRecord | None) -> bool:
    return record is not None and any(fact.lowers for fact in record.facts)


def _check_facts(
    issuances: Sequence[Issuance],
    record: ScoreRecord,
    *,
    uow: UnitOfWork,
    node: Node,
    now: datetime,
) -> None:
    """Look at the attestations of one resident of whom there are facts."""
    with uow:
        docket = docket_of(issuances[0].resident, uow=uow, node=node)
        counted = as_it_counts(record, docket, now)
        changed = [each for each in issuances if _is_changed(each, counted, node, now)]
        if any(_other_facts_count(record, docket, each.issued_at, now) for each in changed):
            correct_attestations(issuances[0].resident, record, uow=uow, node=node, now=now)
        else:
            _take_back(changed, uow=uow, node=node, now=now)
        uow.commit()


def _take_back(changed: Sequence[Issuance], *, uow: UnitOfWork, node: Node, now: datetime) -> None:
    for attestation_id in sorted(each.attestation_id for each in changed):  # as a withdrawal locks
        issuance = uow.issuances.get(attestation_id)
        if issuance is not None:
            revoke(issuance, RevocationReason.SCORE_CHANGED, uow=uow, node=node, now=now)


def _other_facts_count(record: ScoreRecord, docket: Docket, then: datetime, now: datetime) -> bool:
    """Say whether the city itself changed what counts: by a decision, or as a period was over."""
    return docket.changed_since(then) or any(
        docket.counts(fact, then) != docket.counts(fact, now) for fact in record.facts
    )


def _is_changed(issuance: Issuance, record: ScoreRecord | None, node: Node, now: datetime) -> bool:
    """Compare with the score as it is; one that cannot be read now is no reason to take back."""
    if record is None:
        return True
    if record.as_of > now:
        return False
    try:
        _, _, band = band_of(record, node, now)
    except Refused:
        return False
    return (issuance.tier, issuance.band) != (band.tier, band.label)
