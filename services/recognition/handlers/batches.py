"""Attestations that home sends in bulk, at a host: each line has a verdict of its own.

A line is verified as a presented attestation is, but for the key binding: it comes from its issuer.
So nobody has proved to hold the key, and no session rests on such a recognition.  When its holder
presents the attestation, it is the same holder, and both recognitions end together.
"""

import hashlib
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from contracts.errors import Conflict, ContractError, Forbidden, Malformed, NotFound
from contracts.exchange import (
    LARGEST_BATCH,
    BatchProgress,
    LineVerdict,
    LineVerdicts,
    ListVerdicts,
    OpenBatch,
    ShowBatch,
    TakeLines,
    digest_after,
)
from contracts.pages import next_of
from services.recognition.domain import jws
from services.recognition.domain.batch import REPEATED, TAKEN, Batch
from services.recognition.domain.verification import Verified
from services.recognition.handlers.recognitions import (
    announcement,
    judge,
    objection,
    recognition_of,
)
from services.recognition.ports import Node, UnitOfWork

AT_A_TIME: Final = 1000  # verdicts in one answer


def open_batch(command: OpenBatch, *, uow: UnitOfWork, node: Node, now: datetime) -> BatchProgress:
    """Let a city begin a batch.

    Safe to repeat: the same batch says how far it has come.  Raises Malformed naming `total`;
    Conflict("id_reused"); Refused unknown_city, city_not_online or stale_roster.
    """
    _check_sender(command.sender, node, now)
    if command.total > LARGEST_BATCH:
        raise Malformed(errors={"total": f"At most {LARGEST_BATCH} lines."})
    with uow:
        batch = uow.batches.get(command.sender, command.batch_id)
        if batch is None:
            batch = Batch(
                sender=command.sender,
                id=command.batch_id,
                total=command.total,
                digest=command.digest,
            )
            uow.batches.add(batch, now)
            uow.commit()
        elif (batch.total, batch.digest) != (command.total, command.digest):
            raise Conflict("id_reused", "batch")
    return _progress(batch)


def take_lines(command: TakeLines, *, uow: UnitOfWork, node: Node, now: datetime) -> BatchProgress:
    """Take in the lines that come next; whatever is wrong with one, the rest are taken.

    Safe to repeat: lines that were received are passed over, and after a gap none is taken; the
    progress says where to go on.  Raises NotFound; Malformed naming `lines`; Refused as open_batch.
    """
    _check_sender(command.sender, node, now)
    with uow:
        batch = _batch(command.sender, command.batch_id, uow)
    lines = batch.following(command.after, command.lines)
    if batch.received + len(lines) > batch.total:
        raise Malformed(errors={"lines": f"More than the {batch.total} of the batch."})
    # No transaction is open here: the home city may have to be asked for its status list.
    judged = [(line, _judge(line, command.sender, node, now)) for line in lines]
    with uow:
        current = _batch(command.sender, command.batch_id, uow)
        if current.received != batch.received:  # by the same lines, sent twice at once
            return _progress(current)
        for line, verdict in judged:
            digest = digest_after(current.so_far, [line])
            current.take(*_decide(verdict, line, uow, node, now), digest=digest)
        uow.batches.save(current, now)
        uow.commit()
    return _progress(current)


def show_batch(command: ShowBatch, *, uow: UnitOfWork) -> BatchProgress:
    """Say how far a batch has come; raises NotFound."""
    with uow:
        return _progress(_batch(command.sender, command.batch_id, uow))


def list_verdicts(command: ListVerdicts, *, uow: UnitOfWork) -> LineVerdicts:
    """Return what became of the next lines; raises NotFound."""
    with uow:
        _batch(command.sender, command.batch_id, uow)
        found = uow.batches.verdicts(command.sender, command.batch_id, command.after, AT_A_TIME)
    return LineVerdicts(
        verdicts=tuple(
            LineVerdict(line=each.number, code=each.code, recognition_id=each.recognition_id)
            for each in found
        ),
        next=next_of(found, AT_A_TIME, "number"),
    )


def _check_sender(sender: str, node: Node, now: datetime) -> None:
    roster = node.roster()
    roster.check_age(now)
    roster.online_city(sender)


def _batch(sender: str, id: UUID, uow: UnitOfWork) -> Batch:
    batch = uow.batches.get(sender, id)
    if batch is None:
        raise NotFound("not_found", "batch")
    return batch


def _judge(line: str, sender: str, node: Node, now: datetime) -> Verified | ContractError:
    """Verify one line; a city sends attestations of its own."""
    try:
        verdict = judge(_attestation(line), None, node, now)
    except Malformed as error:
        return error
    if isinstance(verdict, Verified) and verdict.home != sender:
        return Forbidden("forbidden", "an attestation of another city")
    return verdict


def _attestation(line: str) -> str:
    try:
        value = jws.read_json(line.encode())
    except ValueError as error:
        raise Malformed("malformed", "not a line of JSON") from error
    attestation = value.get("attestation") if isinstance(value, dict) else None
    if not isinstance(attestation, str) or len(value) != 1:
        raise Malformed("malformed", "a line has one member, attestation")
    return attestation


def _decide(
    verdict: Verified | ContractError, line: str, uow: UnitOfWork, node: Node, now: datetime
) -> tuple[str, UUID | None]:
    """Recognise what was verified, unless it was before or home objects."""
    if isinstance(verdict, Verified):
        verdict = objection(verdict, uow, now) or verdict
    if isinstance(verdict, ContractError):
        return verdict.code, None
    if known := uow.recognitions.standing_on(verdict.home, verdict.attestation_id):
        return REPEATED, known[0].id
    subs = (verdict.holder, *verdict.former_holders)
    holder = uow.holders.name(subs, node.make_secret(), now)
    digest = hashlib.sha256(_attestation(line).encode()).hexdigest()
    recognition = recognition_of(uuid4(), digest, holder, verdict, node.freshness, now)
    recognition.holder_key = None  # nobody proved to hold it
    uow.recognitions.add(recognition)
    uow.outbox.add(announcement(recognition))
    return TAKEN, recognition.id


def _progress(batch: Batch) -> BatchProgress:
    return BatchProgress(
        batch_id=batch.id,
        total=batch.total,
        received=batch.received,
        taken=batch.taken,
        repeated=batch.repeated,
        refused=batch.refused,
        state=batch.state,
    )
