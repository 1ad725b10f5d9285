"""The city's desk for disputes about evidence, and for the coverage register."""

from contracts.coverage import CoverageRecords, ReportCoverage
from contracts.evidence_disputes import (
    DecideEvidenceDispute,
    EvidenceDisputeRecord,
    EvidenceDisputeRecords,
    ListEvidenceDisputeCases,
    OpenEvidenceDispute,
    WithdrawEvidenceDispute,
)
from contracts.http import (
    EvidenceDisputeBody,
    EvidenceDisputeDecisionBody,
    SourceCoverageBody,
)
from services.gateway.authentication.callers import Administrator
from services.gateway.calls import Bus, Call


class EvidenceDisputeDesk:
    """An organisation contests here; a holder contests in their own session."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    def list_evidence_dispute_cases(
        self, call: Call[Administrator, None]
    ) -> EvidenceDisputeRecords:
        command = ListEvidenceDisputeCases(after=call.query["after"])
        cases: EvidenceDisputeRecords = self._bus.call(command, cause=call.cause)
        return cases

    def open_dispute_of_organisation(
        self, call: Call[Administrator, EvidenceDisputeBody]
    ) -> EvidenceDisputeRecord:
        command = OpenEvidenceDispute(dispute_id=call.path["dispute_id"], **vars(call.body))
        record: EvidenceDisputeRecord = self._bus.call(command, cause=call.cause)
        return record

    def withdraw_dispute_of_organisation(
        self, call: Call[Administrator, None]
    ) -> EvidenceDisputeRecord:
        command = WithdrawEvidenceDispute(dispute_id=call.path["dispute_id"])
        record: EvidenceDisputeRecord = self._bus.call(command, cause=call.cause)
        return record

    def decide_evidence_dispute(
        self, call: Call[Administrator, EvidenceDisputeDecisionBody]
    ) -> EvidenceDisputeRecord:
        command = DecideEvidenceDispute(
            dispute_id=call.path["dispute_id"], outcome=call.body.outcome
        )
        record: EvidenceDisputeRecord = self._bus.call(command, cause=call.cause)
        return record

    def note_coverage(self, call: Call[Administrator, SourceCoverageBody]) -> CoverageRecords:
        command = ReportCoverage(item_id=call.path["item_id"], **vars(call.body))
        records: CoverageRecords = self._bus.call(command, cause=call.cause)
        return records
