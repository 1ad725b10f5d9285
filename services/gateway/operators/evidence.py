"""What operators report as sources of evidence."""

from contracts.coverage import CoverageRecords, ReportCoverage
from contracts.evidence import EnterEvidence, EvidenceRecord
from contracts.http import CoverageBody, EvidenceBody
from services.gateway.authentication.callers import Operator
from services.gateway.calls import Bus, Call


class EvidenceSources:
    """An operator reports as itself; scenarios knows for which items it may."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    def report_evidence(self, call: Call[Operator, EvidenceBody]) -> EvidenceRecord:
        command = EnterEvidence(
            evidence_id=call.path["evidence_id"],
            source=call.caller.operator_id,
            **vars(call.body),
        )
        record: EvidenceRecord = self._bus.call(command, cause=call.cause)
        return record

    def report_coverage(self, call: Call[Operator, CoverageBody]) -> CoverageRecords:
        command = ReportCoverage(
            item_id=call.path["item_id"], source=call.caller.operator_id, **vars(call.body)
        )
        records: CoverageRecords = self._bus.call(command, cause=call.cause)
        return records
