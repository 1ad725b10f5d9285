"""Attestations that another one took the place of, at a host that may rely on them.

The new one comes with the notice and is verified as a presented one is, but for the key binding:
who presented the old one has proved to hold the key, and the new one names the same.
"""

from dataclasses import replace
from uuid import UUID

from contracts.corrections import RecognitionRevised, RecognitionSuspended
from contracts.errors import ContractError
from contracts.notices import AttestationSuperseded, RepairCompleted
from contracts.words import Category, RevocationReason
from services.recognition.domain.footing import Footing, Supersession
from services.recognition.domain.holder_key import thumbprint
from services.recognition.domain.issuance import Revoked
from services.recognition.domain.recognition import Recognition
from services.recognition.domain.status_list import NoticeStatuses
from services.recognition.domain.verification import Verified
from services.recognition.handlers.distrust import is_distrusted
from services.recognition.handlers.heard import Heard
from services.recognition.handlers.recognitions import (
    category_tiers,
    evidence_of,
    judge,
    split_purposes,
)
from services.recognition.handlers.revocations import end


def examine_successor(heard: Heard) -> Verified | ContractError:
    """Verify what a supersession brings, while no transaction is open: home may be asked.

    Home vouches for it by the notice, also while its status list cannot be had.
    """
    told = heard.read_for_any_reason(AttestationSuperseded)
    statuses = NoticeStatuses(heard.node.statuses, heard.notice.at)
    return judge(told.credential, None, replace(heard.node, statuses=statuses), heard.now)


def on_attestation_superseded(heard: Heard) -> None:
    """Let what rests on an attestation rest on its successor, or end it as if it were revoked.

    It is remembered, so that the old one is recognised no more, and so that supersessions of one
    another may come in any order.
    """
    told = heard.read_for_any_reason(AttestationSuperseded)
    uow, sender = heard.uow, heard.sender
    revoked = Revoked(told.reason, told.at)
    uow.revocations.add(sender, told.attestation_id, revoked, heard.now)
    later, objection = _followed(told.by, heard)
    first = Supersession(by=told.by, at=told.at, footing=_footing(told, heard))
    uow.supersessions.add(sender, told.attestation_id, first)
    footing = (later or first).footing
    for recognition in uow.recognitions.standing_on(sender, told.attestation_id):
        if footing and not objection and recognition.may_rest_on(footing):
            _revise(recognition, footing, told.reason, heard)
        else:
            reason = objection or RevocationReason.SCORE_CHANGED
            end(recognition, reason, uow=uow, now=heard.now, notice_id=heard.notice.id)


def on_repair_completed(heard: Heard) -> None:
    """Read it, and remember nothing.

    What a repair changes comes as a supersession; that there was anything to repair is nobody's
    business here.
    """
    heard.read(RepairCompleted)


def _followed(attestation_id: UUID, heard: Heard) -> tuple[Supersession | None, str | None]:
    """Return the last supersession that follows on an attestation, and why what it ends in is over.

    Each attestation is locked before what took its place is read, so that nothing is missed; and
    the holder after all of them, as everywhere.
    """
    seen: set[UUID] = set()
    last = None
    while True:
        objection = heard.uow.revocations.reason(heard.sender, attestation_id, heard.now)
        following = heard.uow.supersessions.get(heard.sender, attestation_id)
        if following is None or attestation_id in seen:
            return last, objection
        seen.add(attestation_id)
        last, attestation_id = following, following.by


def _footing(told: AttestationSuperseded, heard: Heard) -> Footing | None:
    """Return what the successor says, if it was verified and is the sender's, of a known holder."""
    facts = heard.found
    if not isinstance(facts, Verified):
        return None
    if is_distrusted(facts.home, facts.kid, facts.issued_at, uow=heard.uow):
        return None
    holders = heard.uow.holders.known((facts.holder, *facts.former_holders))
    if (facts.home, facts.attestation_id) != (heard.sender, told.by) or len(holders) != 1:
        return None
    purposes, _ = split_purposes(facts, heard.node.freshness, heard.now)
    return Footing(
        attestation_id=facts.attestation_id,
        holder=holders[0],
        holder_key=thumbprint(facts.holder_key),
        tier=facts.tier,
        purposes=purposes,
        attestation=facts.digest,
        kid=facts.kid,
        crosswalk=facts.crosswalk,
        roster=facts.roster,
        status_as_of=facts.status_as_of,
        until=facts.expires_at,
        since=told.at,
        tiers=facts.tiers.by_category,
        overrides=facts.tiers.overrides,
    )


def _revise(recognition: Recognition, footing: Footing, reason: str, heard: Heard) -> None:
    standing = heard.uow.standings.get(heard.sender, footing.attestation_id, heard.now)
    recognition.rest_on(footing)
    heard.uow.outbox.add(
        RecognitionRevised(
            recognition_id=recognition.id,
            attestation_id=recognition.attestation_id,
            holder=recognition.holder,
            home=recognition.home,
            tier=recognition.tier,
            purposes=tuple(Category(purpose) for purpose in recognition.purposes),
            crosswalk=recognition.evidence.crosswalk,
            reason=reason,
            revised_at=footing.since,
            until=recognition.until,
            notice_id=heard.notice.id,
            tiers=category_tiers(recognition),
            evidence=evidence_of(recognition),
        )
    )
    if standing and standing.suspended_for and recognition.suspend(standing.said_at):
        heard.uow.outbox.add(
            RecognitionSuspended(
                recognition_id=recognition.id,
                holder=recognition.holder,
                home=recognition.home,
                reason=standing.suspended_for,
                suspended_at=standing.said_at,
            )
        )
    heard.uow.recognitions.save(recognition)
