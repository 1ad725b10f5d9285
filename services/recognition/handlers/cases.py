"""Disputes and repairs as officials see them: by when they are due, and how deadlines are kept."""

from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from contracts.disputes import (
    Deadlines,
    DisputeCase,
    DisputeCases,
    ListDisputeCases,
    ListRepairCases,
    RepairRecords,
    ShowDeadlines,
)
from contracts.errors import NotFound
from contracts.pages import next_of
from services.recognition.domain.dispute import Dispute
from services.recognition.handlers.disputes import dispute_record
from services.recognition.handlers.dockets import docket_of, fact_record, lowering
from services.recognition.handlers.repairs import repair_record
from services.recognition.ports import Node, UnitOfWork

AT_A_TIME: Final = 100
_FIRST: Final = (datetime.min.replace(tzinfo=UTC), UUID(int=0))


def list_dispute_cases(
    command: ListDisputeCases, *, uow: UnitOfWork, node: Node, now: datetime
) -> DisputeCases:
    """Return the disputes in a state that come next; raises NotFound for one to come after."""
    with uow:
        after = _FIRST
        if command.after is not None:
            last = uow.disputes.get(command.after)
            if last is None:
                raise NotFound("not_found", "dispute")
            after = last.due_at, last.id
        disputes = uow.disputes.in_state(command.state, after, AT_A_TIME)
    return DisputeCases(
        cases=tuple(_case(each, uow=uow, node=node, now=now) for each in disputes),
        next=next_of(disputes, AT_A_TIME, "id"),
    )


def list_repair_cases(command: ListRepairCases, *, uow: UnitOfWork) -> RepairRecords:
    """Return the repairs to be decided that come next; of one that is completed nobody is told.

    Raises NotFound for one to come after.
    """
    with uow:
        after = _FIRST
        if command.after is not None:
            last = uow.repairs.get(command.after)
            if last is None:
                raise NotFound("not_found", "repair")
            after = last.due_at, last.id
        repairs = uow.repairs.open_ones(after, AT_A_TIME)
    return RepairRecords(
        repairs=tuple(repair_record(each) for each in repairs),
        next=next_of(repairs, AT_A_TIME, "id"),
    )


def show_deadlines(command: ShowDeadlines, *, uow: UnitOfWork, now: datetime) -> Deadlines:
    """Count what was due by a moment, and what of it was closed in time."""
    at = min(command.at or now, now)
    with uow:
        disputes, repairs = uow.disputes.punctuality(at), uow.repairs.punctuality(at)
    return Deadlines(
        at=at,
        disputes_due=disputes.due,
        disputes_in_time=disputes.in_time,
        repairs_due=repairs.due,
        repairs_in_time=repairs.in_time,
    )


def watch_deadlines(*, uow: UnitOfWork, node: Node, now: datetime) -> dict[str, int]:
    """Show how many cases are open past their time; return those kinds that have any."""
    with uow:
        overdue = {"dispute": uow.disputes.overdue(now), "repair": uow.repairs.overdue(now)}
    for kind, count in overdue.items():
        node.measures.overdue(kind, count)
    return {kind: count for kind, count in overdue.items() if count}


def _case(dispute: Dispute, *, uow: UnitOfWork, node: Node, now: datetime) -> DisputeCase:
    """Show a dispute with its fact, or while none is named with all that it may be about.

    In a transaction of its own: a docket holds its resident, and nobody holds two.
    """
    resident = dispute.contest.resident
    score = node.scores.find(resident)
    with uow:
        docket = docket_of(resident, uow=uow, node=node)
    named = dispute.named.fact_id if dispute.named else None
    facts = [each for each in lowering(score, docket, now) if named in {None, each.id}]
    return DisputeCase(
        dispute=dispute_record(dispute),
        facts=tuple(fact_record(each, docket, now) for each in facts),
    )
