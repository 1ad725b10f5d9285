"""Decisions on record: writing them down, showing them to whom they are about, forgetting them."""

import json
from datetime import datetime, timedelta
from typing import Final

from contracts import wire
from contracts.decisions import (
    DecisionRecord,
    DecisionRecords,
    ExplainDecision,
    Explanation,
    ListDecisions,
)
from contracts.errors import NotFound
from services.scenarios.domain import decision_record as kept
from services.scenarios.ports import UnitOfWork
from services.scenarios.ports.decisions import DecisionWork

NO_HOLDER: Final = ""
MOST_REFUSED: Final = 200  # of one holder, so that asking again and again fills nothing up
MOST_LISTED: Final = 50
AT_A_TIME: Final = 500  # so that nobody waits long for a lock
ERASED_KEPT: Final = timedelta(days=31)  # for what is asked, or arrives, late


def record_decision(
    explanation: Explanation, *, uow: DecisionWork, holder: str = NO_HOLDER
) -> kept.DecisionRecord:
    """Write a decision down, within the transaction that is open.

    Safe to repeat: a refusal is replaced by what was decided later under the same id, anything else
    stays.  Of a holder who was erased nothing is kept.
    """
    document = json.dumps(wire.dump(explanation), ensure_ascii=False, sort_keys=True)
    record = kept.DecisionRecord(
        id=explanation.decision_id,
        holder=holder,
        kind=explanation.kind,
        outcome=explanation.outcome,
        rule_id=explanation.rule_id,
        document=document,
        digest=kept.digest_of(document),
        decided_at=explanation.decided_at,
    )
    uow.decisions.record(record, most_refused=MOST_REFUSED)
    return record


def explain_decision(command: ExplainDecision, *, uow: UnitOfWork) -> DecisionRecord:
    """Show a holder why a decision about them came out as it did; raises NotFound for others'."""
    with uow:
        record = uow.decisions.of_holder(command.decision_id, command.holder)
    if record is None:
        raise NotFound("not_found", "decision")
    return as_told(record)


def list_decisions(command: ListDecisions, *, uow: UnitOfWork) -> DecisionRecords:
    """List a holder's decisions, newest first; raises NotFound when `after` names none of them."""
    with uow:
        found = uow.decisions.newest_of(command.holder, MOST_LISTED + 1, command.after)
    page = found[:MOST_LISTED]
    return DecisionRecords(
        decisions=tuple(map(as_told, page)), next=page[-1].id if len(found) > MOST_LISTED else None
    )


def as_told(record: kept.DecisionRecord) -> DecisionRecord:
    """Read a record's document; raise Malformed when somebody made it unreadable."""
    return DecisionRecord(
        explanation=wire.load(Explanation, json.loads(record.document)),
        digest=record.digest,
        attempts=record.attempts,
    )


def forget_decisions(
    *, uow: UnitOfWork, kept_days: int, refused_days: int, now: datetime, batch: int = AT_A_TIME
) -> int:
    """Forget decisions that were kept for long enough; return how many.  Safe to repeat."""
    refused_before, others_before = (
        now - timedelta(days=days) for days in (refused_days, kept_days)
    )
    forgotten, found = 0, batch
    while found == batch:
        with uow:
            found = uow.decisions.forget(
                refused_before=refused_before, others_before=others_before, most=batch
            )
            uow.decisions.forget_erased(now - ERASED_KEPT, batch)
            uow.commit()
        forgotten += found
    return forgotten
