"""Deciding disputes, and how deadlines are kept."""

from datetime import UTC, datetime

from contracts.disputes import (
    Deadlines,
    DecideDispute,
    DisputeCases,
    DisputeRecord,
    ListDisputeCases,
    NameDisputedFact,
    ShowDeadlines,
)
from contracts.http import DisputeDecisionBody, FactBody
from contracts.words import DisputeState
from services.gateway.authentication.callers import Administrator
from services.gateway.calls import Bus, Call


class DisputeDecisions:
    """An official sees a dispute and its facts, not whose they are."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    def list_dispute_cases(self, call: Call[Administrator, None]) -> DisputeCases:
        command = ListDisputeCases(
            state=call.query["state"] or DisputeState.OPEN, after=call.query["after"]
        )
        cases: DisputeCases = self._bus.call(command, cause=call.cause)
        return cases

    def name_fact_in_dispute(self, call: Call[Administrator, FactBody]) -> DisputeRecord:
        command = NameDisputedFact(
            dispute_id=call.path["dispute_id"], fact_id=call.body.fact_id, resident=None
        )
        record: DisputeRecord = self._bus.call(command, cause=call.cause)
        return record

    def decide_dispute(self, call: Call[Administrator, DisputeDecisionBody]) -> DisputeRecord:
        command = DecideDispute(
            dispute_id=call.path["dispute_id"], outcome=call.body.outcome, note=call.body.note
        )
        record: DisputeRecord = self._bus.call(command, cause=call.cause)
        return record

    def show_deadlines(self, call: Call[Administrator, None]) -> Deadlines:
        seconds: int | None = call.query["time"]
        at = None if seconds is None else datetime.fromtimestamp(seconds, UTC)
        deadlines: Deadlines = self._bus.call(ShowDeadlines(at=at), cause=call.cause)
        return deadlines
