"""What recognition announces of a recognition that goes on: revised, suspended, resumed.

Grants are decided again by the terms they were issued under.  An open one whose terms are no longer
met ends as its incentive says of a withdrawal; one that was revoked for what home has corrected
since is open again when they are met, as its incentive says of a correction.

The events may come in any order, and each more than once.
"""

from datetime import datetime

from contracts.corrections import (
    CorrectionApplied,
    RecognitionResumed,
    RecognitionRevised,
    RecognitionSuspended,
)
from contracts.recognition import RecognitionEnded
from contracts.words import GrantState
from services.scenarios.domain.decision import is_met_again
from services.scenarios.domain.facts import Facts, barring
from services.scenarios.domain.grant import CORRECTION, Grant
from services.scenarios.domain.recognition import Recognition, Revision
from services.scenarios.handlers.announcing import restore_grant
from services.scenarios.handlers.recalls import keep_grant, withdraw_grant
from services.scenarios.ports import UnitOfWork

Correction = RecognitionEnded | RecognitionRevised | RecognitionSuspended | RecognitionResumed


def on_recognition_revised(
    event: RecognitionRevised, *, uow: UnitOfWork, city: str, now: datetime
) -> None:
    """Remember what the recognition says now, and decide its holder's grants again."""
    revision = Revision(
        recognition_id=event.recognition_id,
        attestation_id=event.attestation_id,
        holder=event.holder,
        home=event.home,
        tier=event.tier,
        purposes=frozenset(event.purposes),
        crosswalk=event.crosswalk,
        revised_at=event.revised_at,
        until=event.until,
        tiers={each.category: each.tier for each in event.tiers},
        evidence=event.evidence,
    )
    with uow:
        uow.recognitions.revise(revision)
        decide_again(uow.recognitions.get(revision.recognition_id), uow=uow, city=city, now=now)
        tell_applied(event, uow=uow, now=now)
        uow.commit()


def on_recognition_suspended(
    event: RecognitionSuspended, *, uow: UnitOfWork, now: datetime
) -> None:
    """Let nothing be given or used on a recognition; its open grants stay as they are."""
    with uow:
        uow.recognitions.suspend(event.recognition_id, event.suspended_at, suspended=True)
        tell_applied(event, uow=uow, now=now)
        uow.commit()


def on_recognition_resumed(
    event: RecognitionResumed, *, uow: UnitOfWork, city: str, now: datetime
) -> None:
    """Let a recognition stand again, and decide its holder's grants again."""
    with uow:
        uow.recognitions.suspend(event.recognition_id, event.resumed_at, suspended=False)
        decide_again(uow.recognitions.get(event.recognition_id), uow=uow, city=city, now=now)
        tell_applied(event, uow=uow, now=now)
        uow.commit()


def tell_applied(event: Correction, *, uow: UnitOfWork, now: datetime) -> None:
    """Say, within an open transaction, that what a notice asked for is done here."""
    if event.notice_id is not None:
        uow.outbox.add(
            CorrectionApplied(
                notice_id=event.notice_id, recognition_id=event.recognition_id, applied_at=now
            )
        )


def decide_again(
    recognition: Recognition | None, *, uow: UnitOfWork, city: str, now: datetime
) -> None:
    """End and restore grants by a recognition that stands, within an open transaction.

    Without one nothing is decided: its end, or what it still waits for, brings its own event.
    """
    if recognition is None or not recognition.stands(now):
        return
    concerned = [
        grant
        for grant in uow.grants.concerned_by(recognition.id, recognition.holder)
        if grant.state is not GrantState.REVOKED or grant.is_restorable(recognition, now)
    ]
    if concerned:
        uow.alone()
    # One order for everybody, so that two transactions never wait for each other's tallies.
    for grant in sorted(concerned, key=lambda grant: (grant.incentive_id, grant.id)):
        decide_grant_again(grant, recognition, uow=uow, city=city, now=now)


def decide_grant_again(
    grant: Grant, recognition: Recognition, *, uow: UnitOfWork, city: str, now: datetime
) -> None:
    """End, keep, shorten or restore one grant by a recognition that stands."""
    tier = _tier_enough(grant, recognition, uow=uow, now=now)
    if grant.state is GrantState.REVOKED:
        if tier is not None:
            restore_grant(grant, recognition, tier, uow=uow, city=city, now=now)
    elif grant.state_at(now) is not GrantState.OPEN:
        return
    elif tier is not None and grant.is_keepable(recognition, now):
        keep_grant(grant, recognition, tier, uow=uow, city=city, now=now)
    elif grant.basis.recognition_id != recognition.id:
        return
    elif tier is None and not grant.outlives_recognition:
        withdraw_grant(grant, CORRECTION, uow=uow, city=city, now=now)
    elif grant.until > recognition.until:
        grant.until = recognition.until
        uow.grants.save(grant)


def _tier_enough(
    grant: Grant, recognition: Recognition, *, uow: UnitOfWork, now: datetime
) -> int | None:
    """Return the tier by which a grant's terms are met, or None when they are not.

    What is to be restored must not meet an open grant that excludes it.
    """
    incentive = uow.incentives.version(grant.incentive_id, grant.basis.incentive_version)
    scenario = uow.scenarios.get(grant.scenario_id)
    if incentive is None or scenario is None:
        raise LookupError(f"grant {grant.id} without its terms")
    is_revoked = grant.state is GrantState.REVOKED
    held = uow.grants.held_by(grant.holder, now) if is_revoked else {}
    facts = Facts.of(
        recognition,
        scenario.category,
        at=grant.issued_at,
        district=grant.district,
        open_grants=frozenset(held),
        barring=barring(incentive.id, held),
    )
    met = is_met_again(incentive, scenario.category, facts, tier_then=grant.basis.tier)
    return facts.tier if met else None
