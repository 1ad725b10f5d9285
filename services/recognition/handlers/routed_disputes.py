"""Disputes from a host: a holder contests there, home decides, the host learns what came of it."""

from datetime import datetime
from uuid import uuid5

from contracts import wire
from contracts.disputes import (
    ContestRecognition,
    ListContested,
    RoutedDisputeRecord,
    RoutedDisputeRecords,
)
from contracts.errors import Conflict, Forbidden, NotFound, Refused
from contracts.notices import DISPUTE_OPENED, DisputeOpened, DisputeResolved
from contracts.objections import ObjectionOpened
from contracts.periods import period_name
from contracts.words import DisputeGround, DisputeState, Period
from services.recognition.domain.dispute import Contest, Dispute
from services.recognition.domain.notice import UnsignedNotice
from services.recognition.domain.routed_dispute import RoutedDispute
from services.recognition.handlers.heard import Heard
from services.recognition.handlers.notices import announce_notice
from services.recognition.ports import Node, UnitOfWork


def contest_recognition(
    command: ContestRecognition, *, uow: UnitOfWork, node: Node, now: datetime
) -> RoutedDisputeRecord:
    """Route what a holder contests to the city that attested it.

    Safe to repeat: home is told once.  Raises NotFound; Refused("already_open"): this attestation
    is contested already; Conflict("id_reused").
    """
    with uow:
        recognition = uow.recognitions.get(command.recognition_id)
        if recognition is None:
            raise NotFound("not_found", "recognition")
        known = uow.routed_disputes.get(command.dispute_id)
        if known is not None:
            if (known.recognition_id, known.ground) != (recognition.id, command.ground):
                raise Conflict("id_reused", "dispute")
            return _record(known)
        if any(
            each.state is DisputeState.OPEN and each.attestation_id == recognition.attestation_id
            for each in uow.routed_disputes.of(recognition.holder)
        ):
            raise Refused("already_open", "dispute")
        dispute = RoutedDispute(
            id=command.dispute_id,
            recognition_id=recognition.id,
            attestation_id=recognition.attestation_id,
            home=recognition.home,
            ground=command.ground,
            opened_at=now,
        )
        uow.routed_disputes.add(dispute)
        told = DisputeOpened(
            dispute_id=dispute.id,
            attestation_id=dispute.attestation_id,
            ground=dispute.ground,
            at=now,
        )
        unsigned = UnsignedNotice(
            id=uuid5(dispute.id, DISPUTE_OPENED),
            recipient=dispute.home,
            event=DISPUTE_OPENED,
            body=wire.dump(told),
            subject=str(dispute.id),
        )
        announce_notice(unsigned, uow=uow, node=node, now=now)
        uow.commit()
    return _record(dispute)


def list_contested(command: ListContested, *, uow: UnitOfWork) -> RoutedDisputeRecords:
    """Return what the holder behind a recognition contested here; raises NotFound."""
    with uow:
        recognition = uow.recognitions.get(command.recognition_id)
        if recognition is None:
            raise NotFound("not_found", "recognition")
        disputes = uow.routed_disputes.of(recognition.holder)
    return RoutedDisputeRecords(disputes=tuple(_record(each) for each in disputes))


def on_dispute_opened(heard: Heard) -> None:
    """Open a dispute, at home, that a holder brought forward at the host of an attestation.

    It names no fact: the host knows of none.  Of a resident who was erased meanwhile nothing is
    left to contest.  Raises Forbidden or NotFound unless the attestation was for the sender,
    Conflict when the id stands for another dispute.
    """
    opened = heard.read(DisputeOpened)
    recipient = heard.uow.issuances.recipient_of(opened.attestation_id)
    if recipient is None:
        raise NotFound("not_found", "attestation")
    if recipient != heard.sender:
        raise Forbidden("forbidden", "a city routes what is said of attestations to it")
    issuance = heard.uow.issuances.get(opened.attestation_id)
    if issuance is None:
        return
    contest = Contest(
        resident=issuance.resident,
        ground=_ground(opened.ground),
        attestation_id=opened.attestation_id,
        host=heard.sender,
    )
    known = heard.uow.disputes.get(opened.dispute_id)
    if known is not None:
        if known.contest != contest:
            raise Conflict("id_reused", "dispute")
        return
    due_at = heard.node.fact_rules.dispute_due_at(heard.now)
    heard.uow.disputes.add(Dispute.open(opened.dispute_id, contest, heard.now, due_at))
    heard.uow.outbox.add(ObjectionOpened(due_on=period_name(Period.DAY, due_at)))


def on_dispute_resolved(heard: Heard) -> None:
    """Note, at the host, what home decided; of a dispute that it never routed there, nothing."""
    resolved = heard.read(DisputeResolved)
    dispute = heard.uow.routed_disputes.get(resolved.dispute_id)
    if dispute is None or dispute.home != heard.sender:
        return
    # An outcome that only a newer city knows closes it too: nothing was corrected, as far as known.
    known = resolved.outcome in set(DisputeState) - {DisputeState.OPEN}
    state = DisputeState(resolved.outcome) if known else DisputeState.UPHELD
    if dispute.close(state, heard.now):
        heard.uow.routed_disputes.save(dispute)


def _ground(word: str) -> DisputeGround:
    """Read a ground; one that only a newer city knows is another ground."""
    return DisputeGround(word) if word in set(DisputeGround) else DisputeGround.OTHER


def _record(dispute: RoutedDispute) -> RoutedDisputeRecord:
    return RoutedDisputeRecord(
        dispute_id=dispute.id,
        attestation_id=dispute.attestation_id,
        home=dispute.home,
        ground=dispute.ground,
        state=dispute.state,
        opened_at=dispute.opened_at,
        closed_at=dispute.closed_at,
    )
