"""Repairs that residents ask for."""

from contracts.disputes import AskForRepair, ListRepairs, RepairRecord, RepairRecords
from contracts.http import FactBody
from services.gateway.authentication.callers import Citizen
from services.gateway.calls import Bus, Call


class Repairs:
    """A resident sees what they asked for themselves; nobody else sees that it was done."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    def ask_for_repair(self, call: Call[Citizen, FactBody]) -> RepairRecord:
        command = AskForRepair(
            repair_id=call.path["repair_id"],
            resident=call.caller.resident,
            fact_id=call.body.fact_id,
        )
        record: RepairRecord = self._bus.call(command, cause=call.cause)
        return record

    def list_repairs(self, call: Call[Citizen, None]) -> RepairRecords:
        command = ListRepairs(resident=call.caller.resident)
        records: RepairRecords = self._bus.call(command, cause=call.cause)
        return records
