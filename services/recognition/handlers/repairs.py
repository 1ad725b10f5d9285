"""Repairs at home: ask, decide, and see them."""

from datetime import datetime

from contracts.disputes import (
    AskForRepair,
    DecideRepair,
    ListRepairs,
    RepairRecord,
    RepairRecords,
)
from contracts.errors import Conflict, Malformed, NotFound, Refused
from contracts.words import RepairOutcome, RepairState
from services.recognition.domain.docket import RepairedFact
from services.recognition.domain.repair import Repair
from services.recognition.handlers.convergence import settle
from services.recognition.handlers.dockets import docket_of, fact_of
from services.recognition.handlers.supersession import correct_attestations
from services.recognition.ports import Node, ScoreRecord, UnitOfWork


def ask_for_repair(
    command: AskForRepair, *, uow: UnitOfWork, node: Node, now: datetime
) -> RepairRecord:
    """Ask for the repair of a resident's fact.

    Safe to repeat.  Raises NotFound: no fact of theirs that counts; Refused already_open, or
    repair_too_early with the first day in its detail; Conflict("id_reused").
    """
    score = node.scores.find(command.resident)
    with uow:
        known = uow.repairs.get(command.repair_id)
        if known is not None:
            if (known.resident, known.fact_id) != (command.resident, command.fact_id):
                raise Conflict("id_reused", "repair")
            return repair_record(known)
        docket = docket_of(command.resident, uow=uow, node=node)
        fact = fact_of(command.fact_id, score, docket, now)
        open_ones = (each for each in uow.repairs.of(command.resident) if each.closed_at is None)
        if any(each.fact_id == fact.id for each in open_ones):
            raise Refused("already_open", "repair")
        repair = Repair.ask(
            command.repair_id,
            command.resident,
            fact,
            docket.periods[fact.gravity],
            now=now,
            due_at=node.fact_rules.repair_due_at(now),
        )
        uow.repairs.add(repair)
        uow.commit()
    return repair_record(repair)


def decide_repair(
    command: DecideRepair, *, uow: UnitOfWork, node: Node, now: datetime
) -> RepairRecord:
    """Complete a repair, so that the fact has no effect any more; or refuse it.

    Safe to repeat.  Raises Malformed naming `refusal`, NotFound, Refused("already_decided").
    """
    if (command.outcome is RepairOutcome.REFUSED) != (command.refusal is not None):
        raise Malformed(errors={"refusal": "With a refusal, and only with one."})
    with uow:
        asked = uow.repairs.get(command.repair_id)
    if asked is None:
        raise NotFound("not_found", "repair")
    score = node.scores.find(asked.resident)
    with uow:
        uow.effects.of(command.repair_id)  # locked first, as where an effect is noted
        repair = uow.repairs.get(command.repair_id)
        if repair is None:
            raise NotFound("not_found", "repair")
        if repair.decide(command.refusal, now):
            uow.repairs.save(repair)
            if repair.state is RepairState.COMPLETED:
                _complete(repair, score, uow=uow, node=node, now=now)
            settle(repair, uow=uow, node=node)
        uow.commit()
    return repair_record(repair)


def list_repairs(command: ListRepairs, *, uow: UnitOfWork) -> RepairRecords:
    """Return what a resident asked to be repaired, newest first."""
    with uow:
        repairs = uow.repairs.of(command.resident)
    return RepairRecords(repairs=tuple(repair_record(each) for each in repairs))


def repair_record(repair: Repair) -> RepairRecord:
    return RepairRecord(
        repair_id=repair.id,
        fact_id=repair.fact_id,
        state=repair.state,
        opened_at=repair.opened_at,
        due_at=repair.due_at,
        refusal=repair.refusal,
        closed_at=repair.closed_at,
        converged_at=repair.converged_at,
    )


def _complete(
    repair: Repair, score: ScoreRecord | None, *, uow: UnitOfWork, node: Node, now: datetime
) -> None:
    """Take a fact's effect for good, and let attestations say so, within an open transaction."""
    uow.settlements.hold(repair.resident)
    facts = score.facts if score else ()
    repaired = RepairedFact(
        id=repair.id,
        fact_id=repair.fact_id,
        catalogue_item=repair.catalogue_item,
        decided_at=repair.decided_at,
        known=frozenset(fact.id for fact in facts),
        at=now,
    )
    uow.settlements.add(repair.resident, repaired)
    correct_attestations(
        repair.resident, score, cause=repair.id, repaired=True, uow=uow, node=node, now=now
    )
