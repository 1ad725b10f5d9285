"""Deciding repairs."""

from contracts.disputes import DecideRepair, ListRepairCases, RepairRecord, RepairRecords
from contracts.errors import Malformed
from contracts.http import RepairDecisionBody
from contracts.words import RepairOutcome
from services.gateway.authentication.callers import Administrator
from services.gateway.calls import Bus, Call


class RepairDecisions:
    """An official sees what is to be decided, and nothing of what was repaired."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    def list_repair_cases(self, call: Call[Administrator, None]) -> RepairRecords:
        command = ListRepairCases(after=call.query["after"])
        cases: RepairRecords = self._bus.call(command, cause=call.cause)
        return cases

    def decide_repair(self, call: Call[Administrator, RepairDecisionBody]) -> RepairRecord:
        if (call.body.outcome is RepairOutcome.REFUSED) != (call.body.refusal is not None):
            raise Malformed(errors={"refusal": "With a refusal, and only with one."})
        command = DecideRepair(
            repair_id=call.path["repair_id"],
            outcome=call.body.outcome,
            refusal=call.body.refusal,
        )
        record: RepairRecord = self._bus.call(command, cause=call.cause)
        return record
