"""Recognition at a host: decide on a presented attestation."""

import hashlib
from datetime import datetime
from uuid import UUID

from contracts.errors import KINDS, Conflict, ContractError, Refused
from contracts.recognition import (
    CategoryTier,
    RecogniseAttestation,
    RecognitionEvidence,
    RecognitionRecord,
    ScoreRecognised,
)
from contracts.words import Category
from services.recognition.domain.challenge import LIFE
from services.recognition.domain.holder_key import thumbprint
from services.recognition.domain.policy import Freshness
from services.recognition.domain.recognition import Evidence, Recognition
from services.recognition.domain.verification import Host, NotVerified, Verified, verify
from services.recognition.ports import Node, UnitOfWork


def recognise_attestation(
    command: RecogniseAttestation, *, uow: UnitOfWork, node: Node, now: datetime
) -> RecognitionRecord:
    """Recognise a presented attestation, or refuse it by the first step that fails.

    The verdict, yes or no, spends the challenge.  Safe to repeat after a yes: for as long as a
    challenge lives the same id and presentation give the same record.  Raises
    Conflict("id_reused"), Refused recognition_ended, challenge_unknown, challenge_used or
    challenge_expired, and what verification, policy or home object to.
    """
    digest = hashlib.sha256(command.presentation.encode()).hexdigest()
    with uow.glance():
        challenge = uow.challenges.get(command.challenge_id)
        if challenge is None:
            raise Refused("challenge_unknown")
        if challenge.used_at is not None:
            return _repeated(uow.recognitions.look(command.recognition_id), digest, now)
    challenge.use(now)
    # No transaction is open here: the home city may have to be asked for its status list.
    verdict = judge(command.presentation, challenge.nonce, node, now)
    with uow:
        if not uow.challenges.spend(challenge):  # the same command under way is waited for
            return _repeated(uow.recognitions.look(command.recognition_id), digest, now)
        if isinstance(verdict, Verified):
            verdict = objection(verdict, uow, now) or verdict
        if isinstance(verdict, ContractError):
            uow.commit()
            raise verdict
        subs = (verdict.holder, *verdict.former_holders)
        holder = uow.holders.name(subs, node.make_secret(), now)
        recognition = recognition_of(
            command.recognition_id, digest, holder, verdict, node.freshness, now
        )
        uow.recognitions.add(recognition)
        uow.outbox.add(announcement(recognition))
        uow.commit()
    node.measures.recognised(now - verdict.status_as_of, recognition.left_out)
    return _record(recognition)


def objection(facts: Verified, uow: UnitOfWork, now: datetime) -> Refused | None:
    """Say what the home city told by notice of the attestation or all of its holder's until then.

    It overrides a cached list.  An attestation tells whole seconds: one of the very second of a
    withdrawal may come of a new consent.
    """
    revoked_for, standing, distrust = uow.revocations.said(
        facts.home, facts.attestation_id, facts.kid, now
    )
    if distrust and distrust.covers(facts.issued_at):
        return Refused("key_not_current", f"key {facts.kid} of city {facts.home}: compromised")
    if revoked_for:
        return Refused("status_invalid", "the home city took it back")
    if standing and standing.suspended_for:
        return Refused("status_suspended", "the home city suspended it")
    withdrawn_at = uow.withdrawals.at(facts.home, facts.holder, now)
    if withdrawn_at and facts.issued_at < withdrawn_at.replace(microsecond=0):
        return Refused("status_invalid", "its holder withdrew consent")
    return None


def _repeated(known: Recognition | None, digest: str, now: datetime) -> RecognitionRecord:
    """Answer a sender whose answer got lost; a session is opened on it, so not for ever."""
    if known is None:
        raise Refused("challenge_used")
    if known.evidence.presentation != digest:
        raise Conflict("id_reused", "recognition")
    if known.ended_at is not None:
        raise Refused("recognition_ended")
    if known.suspended_at is not None:
        raise Refused("status_suspended")
    if now >= known.recognised_at + LIFE:
        raise Refused("challenge_used")
    return _record(known)


def judge(
    presentation: str, challenge: str | None, node: Node, now: datetime
) -> Verified | ContractError:
    """Verify, then apply the node's policy; the refusal is handed back, not raised."""
    host = Host(
        city=node.city,
        gateway=node.gateway,
        roster=node.roster(),
        crosswalks=node.crosswalks(),
        overrides=node.overrides(),
        signatures=node.signatures,
        statuses=node.statuses,
    )
    verdict = verify(presentation, challenge=challenge, host=host, now=now)
    if isinstance(verdict, NotVerified):
        return _error(verdict)
    try:
        node.policy.judge(verdict, now)
    except Refused as refusal:
        return refusal
    permitted, left_out = split_purposes(verdict, node.freshness, now)
    if not permitted and not left_out:
        return Refused("purpose_missing", "no purpose that this city knows")
    if not permitted:
        return Refused("status_unavailable", "too old for every purpose")
    return verdict


def _error(verdict: NotVerified) -> ContractError:
    [kind] = [kind for kind in KINDS.values() if verdict.code in kind.codes]
    return kind(verdict.code, verdict.detail)


def recognition_of(  # noqa: PLR0917 - each is a part of what is decided
    id: UUID, digest: str, holder: str, facts: Verified, freshness: Freshness, now: datetime
) -> Recognition:
    permitted, left_out = split_purposes(facts, freshness, now)
    return Recognition(
        id=id,
        attestation_id=facts.attestation_id,
        holder=holder,
        home=facts.home,
        tier=facts.tier,
        purposes=permitted,
        left_out=left_out,
        evidence=Evidence(
            presentation=digest,
            attestation=facts.digest,
            kid=facts.kid,
            crosswalk=facts.crosswalk,
            roster=facts.roster,
            roster_as_of=facts.roster_as_of,
            status_as_of=facts.status_as_of,
            attested_at=facts.issued_at,
            overrides=facts.tiers.overrides,
            status_until=facts.status_until,
        ),
        recognised_at=now,
        until=facts.expires_at,
        holder_key=thumbprint(facts.holder_key),
        tiers=facts.tiers.by_category,
    )


def split_purposes(
    facts: Verified, freshness: Freshness, now: datetime
) -> tuple[tuple[Category, ...], tuple[Category, ...]]:
    """Return the purposes a recognition serves, and those for which the status is too old.

    What only a newer city knows is in neither: nothing here could be granted for it.
    """
    known = [category for category in Category if category in facts.purposes]
    permitted = tuple(each for each in known if freshness.permits(each, facts, now))
    return permitted, tuple(each for each in known if each not in permitted)


def announcement(recognition: Recognition) -> ScoreRecognised:
    return ScoreRecognised(
        recognition_id=recognition.id,
        attestation_id=recognition.attestation_id,
        holder=recognition.holder,
        home=recognition.home,
        tier=recognition.tier,
        purposes=tuple(Category(purpose) for purpose in recognition.purposes),
        crosswalk=recognition.evidence.crosswalk,
        recognised_at=recognition.recognised_at,
        until=recognition.until,
        tiers=category_tiers(recognition),
        evidence=evidence_of(recognition),
    )


def evidence_of(recognition: Recognition) -> RecognitionEvidence:
    """Write what a decision that rests on a recognition has to name."""
    evidence = recognition.evidence
    return RecognitionEvidence(
        key_id=evidence.kid,
        roster=evidence.roster,
        status_as_of=evidence.status_as_of,
        attested_at=evidence.attested_at,
        roster_as_of=evidence.roster_as_of,
        overrides=evidence.overrides,
    )


def category_tiers(recognition: Recognition) -> tuple[CategoryTier, ...]:
    """Write the tiers that both cities agreed on beyond the alliance's table."""
    return tuple(
        CategoryTier(category=category, tier=tier)
        for category, tier in sorted(recognition.tiers.items())
    )


def _record(recognition: Recognition) -> RecognitionRecord:
    return RecognitionRecord(
        recognition_id=recognition.id,
        holder=recognition.holder,
        home=recognition.home,
        tier=recognition.tier,
        purposes=tuple(Category(purpose) for purpose in recognition.purposes),
        crosswalk=recognition.evidence.crosswalk,
        roster=recognition.evidence.roster,
        status_age_seconds=recognition.status_age_seconds,
        purposes_left_out=tuple(Category(purpose) for purpose in recognition.left_out),
        roster_age_seconds=recognition.roster_age_seconds,
        recognised_at=recognition.recognised_at,
        until=recognition.until,
        tiers=category_tiers(recognition),
        overrides=recognition.evidence.overrides,
    )
