"""What is known here of the holder of a session, and what they contest of it."""

from contracts.evidence import EvidenceRecords, ListEvidence
from contracts.evidence_disputes import (
    EvidenceDisputeRecord,
    EvidenceDisputeRecords,
    ListEvidenceDisputes,
    OpenEvidenceDispute,
    WithdrawEvidenceDispute,
)
from contracts.http import EvidenceDisputeBody
from contracts.subjects import HolderSubject
from services.gateway.authentication.callers import Holder
from services.gateway.calls import Bus, Call


class OwnEvidence:
    """A holder sees the evidence about them, and nobody else's."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    def list_evidence(self, call: Call[Holder, None]) -> EvidenceRecords:
        command = ListEvidence(
            subject=HolderSubject(holder=call.caller.holder), after=call.query["after"]
        )
        records: EvidenceRecords = self._bus.call(command, cause=call.cause)
        return records

    def open_evidence_dispute(
        self, call: Call[Holder, EvidenceDisputeBody]
    ) -> EvidenceDisputeRecord:
        command = OpenEvidenceDispute(
            dispute_id=call.path["dispute_id"], holder=call.caller.holder, **vars(call.body)
        )
        record: EvidenceDisputeRecord = self._bus.call(command, cause=call.cause)
        return record

    def withdraw_evidence_dispute(self, call: Call[Holder, None]) -> EvidenceDisputeRecord:
        command = WithdrawEvidenceDispute(
            dispute_id=call.path["dispute_id"], holder=call.caller.holder
        )
        record: EvidenceDisputeRecord = self._bus.call(command, cause=call.cause)
        return record

    def list_evidence_disputes(self, call: Call[Holder, None]) -> EvidenceDisputeRecords:
        command = ListEvidenceDisputes(holder=call.caller.holder, after=call.query["after"])
        records: EvidenceDisputeRecords = self._bus.call(command, cause=call.cause)
        return records
