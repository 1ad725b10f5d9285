"""Residents' disputes."""

from contracts.disputes import (
    DisputeRecord,
    DisputeRecords,
    ListDisputes,
    NameDisputedFact,
    OpenDispute,
    ShowDispute,
    WithdrawDispute,
)
from contracts.errors import Malformed
from contracts.http import DisputeBody, FactBody
from services.gateway.authentication.callers import Citizen
from services.gateway.calls import Bus, Call


class Disputes:
    """A resident contests what is said of them, and of nobody else."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    def open_dispute(self, call: Call[Citizen, DisputeBody]) -> DisputeRecord:
        if call.body.fact_id is None and call.body.attestation_id is None:
            raise Malformed(errors={"fact_id": "This, or attestation_id, is needed."})
        command = OpenDispute(
            dispute_id=call.path["dispute_id"],
            resident=call.caller.resident,
            ground=call.body.ground,
            statement=call.body.statement,
            fact_id=call.body.fact_id,
            attestation_id=call.body.attestation_id,
        )
        record: DisputeRecord = self._bus.call(command, cause=call.cause)
        return record

    def list_disputes(self, call: Call[Citizen, None]) -> DisputeRecords:
        command = ListDisputes(resident=call.caller.resident)
        records: DisputeRecords = self._bus.call(command, cause=call.cause)
        return records

    def show_dispute(self, call: Call[Citizen, None]) -> DisputeRecord:
        command = ShowDispute(dispute_id=call.path["dispute_id"], resident=call.caller.resident)
        record: DisputeRecord = self._bus.call(command, cause=call.cause)
        return record

    def name_disputed_fact(self, call: Call[Citizen, FactBody]) -> DisputeRecord:
        command = NameDisputedFact(
            dispute_id=call.path["dispute_id"],
            resident=call.caller.resident,
            fact_id=call.body.fact_id,
        )
        record: DisputeRecord = self._bus.call(command, cause=call.cause)
        return record

    def withdraw_dispute(self, call: Call[Citizen, None]) -> DisputeRecord:
        command = WithdrawDispute(dispute_id=call.path["dispute_id"], resident=call.caller.resident)
        record: DisputeRecord = self._bus.call(command, cause=call.cause)
        return record
