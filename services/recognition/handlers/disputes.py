"""Disputes at home: open, name the fact, withdraw, decide, and see them."""

from datetime import datetime
from uuid import UUID

from contracts.disputes import (
    DecideDispute,
    DisputeRecord,
    DisputeRecords,
    ListDisputes,
    NameDisputedFact,
    OpenDispute,
    ShowDispute,
    WithdrawDispute,
)
from contracts.errors import Conflict, NotFound, Refused
from contracts.notices import DISPUTE_RESOLVED, DisputeResolved
from contracts.objections import ObjectionClosed, ObjectionOpened
from contracts.periods import period_name
from contracts.words import DisputeState, Period
from services.recognition.domain.dispute import Contest, Dispute
from services.recognition.domain.docket import CorrectedFact
from services.recognition.handlers.convergence import settle
from services.recognition.handlers.dockets import docket_of, fact_of
from services.recognition.handlers.supersession import correct_attestations, tell
from services.recognition.ports import Node, ScoreRecord, UnitOfWork


def open_dispute(
    command: OpenDispute, *, uow: UnitOfWork, node: Node, now: datetime
) -> DisputeRecord:
    """Open a resident's dispute; a fact that is named loses its effect at once.

    Safe to repeat.  Raises NotFound: no such fact or attestation of theirs; Refused already_open,
    already_decided or withdrawn_too_often; Conflict("id_reused").
    """
    contest = Contest(
        resident=command.resident,
        ground=command.ground,
        statement=command.statement,
        fact_id=command.fact_id,
        attestation_id=command.attestation_id,
    )
    score = node.scores.find(command.resident)  # may read a file anew: not within a transaction
    with uow:
        known = uow.disputes.get(command.dispute_id)
        if known is not None:
            if known.contest != contest:
                raise Conflict("id_reused", "dispute")
            return dispute_record(known)
        uow.settlements.hold(command.resident)
        if command.attestation_id is not None:
            issuance = uow.issuances.get(command.attestation_id)
            if issuance is None or issuance.resident != command.resident:
                raise NotFound("not_found", "attestation")
        if command.fact_id is None:
            _check_not_open(contest, uow=uow)
        due_at = node.fact_rules.dispute_due_at(now)
        dispute = Dispute.open(command.dispute_id, contest, now, due_at)
        uow.disputes.add(dispute)
        uow.outbox.add(ObjectionOpened(due_on=period_name(Period.DAY, due_at)))
        if command.fact_id is not None:
            _name(dispute, command.fact_id, score, by_resident=True, uow=uow, node=node, now=now)
        uow.commit()
    return dispute_record(dispute)


def name_disputed_fact(
    command: NameDisputedFact, *, uow: UnitOfWork, node: Node, now: datetime
) -> DisputeRecord:
    """Name the fact that an open dispute is about; it loses its effect at once.

    Safe to repeat.  Raises NotFound; Refused already_open, already_decided, and for a resident
    withdrawn_too_often.
    """
    resident = _resident_of(command.dispute_id, command.resident, uow=uow)
    score = node.scores.find(resident)
    with uow:
        dispute = _dispute_of(command.dispute_id, resident, uow=uow)
        _name(
            dispute,
            command.fact_id,
            score,
            by_resident=command.resident is not None,
            uow=uow,
            node=node,
            now=now,
        )
        uow.commit()
    return dispute_record(dispute)


def withdraw_dispute(
    command: WithdrawDispute, *, uow: UnitOfWork, node: Node, now: datetime
) -> DisputeRecord:
    """Withdraw a dispute; the fact has its effect again.

    Safe to repeat.  Raises NotFound, Refused("already_decided").
    """
    score = node.scores.find(command.resident)
    with uow:
        uow.effects.of(command.dispute_id)  # locked first, as where an effect is noted
        dispute = _dispute_of(command.dispute_id, command.resident, uow=uow)
        _close(dispute, DisputeState.WITHDRAWN, "", score, uow=uow, node=node, now=now)
        uow.commit()
    return dispute_record(dispute)


def decide_dispute(
    command: DecideDispute, *, uow: UnitOfWork, node: Node, now: datetime
) -> DisputeRecord:
    """Decide a dispute: a corrected fact has no effect any more, one that is upheld has again.

    Safe to repeat.  Raises NotFound, Refused already_decided in another way, fact_not_named.
    """
    resident = _resident_of(command.dispute_id, None, uow=uow)
    score = node.scores.find(resident)
    state = DisputeState(command.outcome)
    with uow:
        uow.effects.of(command.dispute_id)  # locked first, as where an effect is noted
        dispute = _dispute_of(command.dispute_id, resident, uow=uow)
        _close(dispute, state, command.note, score, uow=uow, node=node, now=now)
        uow.commit()
    return dispute_record(dispute)


def show_dispute(command: ShowDispute, *, uow: UnitOfWork) -> DisputeRecord:
    """Return one dispute of a resident; raises NotFound."""
    with uow:
        return dispute_record(_dispute_of(command.dispute_id, command.resident, uow=uow))


def list_disputes(command: ListDisputes, *, uow: UnitOfWork) -> DisputeRecords:
    """Return the disputes of a resident, newest first."""
    with uow:
        disputes = uow.disputes.of(command.resident)
    return DisputeRecords(disputes=tuple(dispute_record(each) for each in disputes))


def dispute_record(dispute: Dispute) -> DisputeRecord:
    contest = dispute.contest
    return DisputeRecord(
        dispute_id=dispute.id,
        ground=contest.ground,
        statement=contest.statement,
        state=dispute.state,
        opened_at=dispute.opened_at,
        due_at=dispute.due_at,
        fact_id=dispute.named.fact_id if dispute.named else None,
        attestation_id=contest.attestation_id,
        host=contest.host,
        note=dispute.note,
        closed_at=dispute.closed_at,
        converged_at=dispute.converged_at,
    )


def _check_not_open(contest: Contest, *, uow: UnitOfWork) -> None:
    """Let a resident say once at a time of an attestation, or of none, that something is wrong."""
    for each in uow.disputes.of(contest.resident):
        is_open = each.state is DisputeState.OPEN and each.named is None
        if is_open and each.contest.attestation_id == contest.attestation_id:
            raise Refused("already_open", "dispute")


def _name(
    dispute: Dispute,
    fact_id: str,
    score: ScoreRecord | None,
    *,
    by_resident: bool,
    uow: UnitOfWork,
    node: Node,
    now: datetime,
) -> None:
    """Name the fact within an open transaction, and let attestations say what counts without it."""
    resident = dispute.contest.resident
    if dispute.named is not None and dispute.named.fact_id == fact_id:
        return
    docket = docket_of(resident, uow=uow, node=node)
    fact = fact_of(fact_id, score, docket, now)
    docket.check_contestable(fact, now)
    if by_resident:  # an official knows why they name it
        docket.check_not_withdrawn(fact)
    dispute.name(fact, now)
    uow.disputes.save(dispute)
    correct_attestations(resident, score, cause=dispute.id, uow=uow, node=node, now=now)


def _close(
    dispute: Dispute,
    state: DisputeState,
    note: str,
    score: ScoreRecord | None,
    *,
    uow: UnitOfWork,
    node: Node,
    now: datetime,
) -> None:
    """Close a dispute within an open transaction; what follows is told to the hosts."""
    resident = dispute.contest.resident
    uow.settlements.hold(resident)
    if not dispute.close(state, now, note):
        return
    uow.disputes.save(dispute)
    uow.outbox.add(
        ObjectionClosed(
            due_on=period_name(Period.DAY, dispute.due_at), in_time=now <= dispute.due_at
        )
    )
    if dispute.named is not None and state is DisputeState.CORRECTED:
        corrected = CorrectedFact(id=dispute.id, digest=dispute.named.digest, at=now)
        uow.settlements.add(resident, corrected)
    correct_attestations(resident, score, cause=dispute.id, uow=uow, node=node, now=now)
    _answer(dispute, uow=uow, node=node, now=now)
    settle(dispute, uow=uow, node=node)


def _answer(dispute: Dispute, *, uow: UnitOfWork, node: Node, now: datetime) -> None:
    """Tell the host where it was said; to another city it was never said."""
    attestation_id = dispute.contest.attestation_id
    issuance = uow.issuances.get(attestation_id) if attestation_id else None
    if issuance is None or dispute.contest.host is None:
        return
    resolved = DisputeResolved(
        dispute_id=dispute.id,
        attestation_id=issuance.attestation_id,
        outcome=dispute.state,
        at=now,
    )
    tell(issuance, DISPUTE_RESOLVED, resolved, None, uow=uow, node=node, now=now)


def _resident_of(dispute_id: UUID, resident: str | None, *, uow: UnitOfWork) -> str:
    with uow:
        dispute = uow.disputes.get(dispute_id)
    if dispute is None or resident not in {None, dispute.contest.resident}:
        raise NotFound("not_found", "dispute")
    return dispute.contest.resident


def _dispute_of(dispute_id: UUID, resident: str, *, uow: UnitOfWork) -> Dispute:
    dispute = uow.disputes.get(dispute_id)
    if dispute is None or dispute.contest.resident != resident:
        raise NotFound("not_found", "dispute")
    return dispute
