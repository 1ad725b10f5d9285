"""The city's desk for evidence and its catalogue."""

from contracts.evidence import (
    AnnulEvidence,
    EnterEvidence,
    EvidenceItemRecord,
    EvidenceRecord,
    EvidenceRecords,
    ListEvidence,
    PublishEvidenceItem,
    RepairEvidence,
)
from contracts.http import AnnulmentBody, EvidenceBody, EvidenceItemBody, EvidenceRepairBody
from contracts.subjects import OrganisationSubject
from services.gateway.authentication.callers import Administrator
from services.gateway.calls import Bus, Call


class EvidenceDesk:
    """The city's own entries have no source; organisations are looked up here, holders are not."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    def publish_evidence_item(
        self, call: Call[Administrator, EvidenceItemBody]
    ) -> EvidenceItemRecord:
        command = PublishEvidenceItem(item_id=call.path["item_id"], **vars(call.body))
        item: EvidenceItemRecord = self._bus.call(command, cause=call.cause)
        return item

    def enter_evidence(self, call: Call[Administrator, EvidenceBody]) -> EvidenceRecord:
        command = EnterEvidence(evidence_id=call.path["evidence_id"], **vars(call.body))
        record: EvidenceRecord = self._bus.call(command, cause=call.cause)
        return record

    def list_evidence_about_organisation(self, call: Call[Administrator, None]) -> EvidenceRecords:
        subject = OrganisationSubject(organisation=call.query["organisation"])
        command = ListEvidence(subject=subject, after=call.query["after"])
        records: EvidenceRecords = self._bus.call(command, cause=call.cause)
        return records

    def repair_evidence(self, call: Call[Administrator, EvidenceRepairBody]) -> EvidenceRecord:
        command = RepairEvidence(
            evidence_id=call.path["evidence_id"], fulfilled_on=call.body.fulfilled_on
        )
        record: EvidenceRecord = self._bus.call(command, cause=call.cause)
        return record

    def annul_evidence(self, call: Call[Administrator, AnnulmentBody]) -> EvidenceRecord:
        command = AnnulEvidence(evidence_id=call.path["evidence_id"], reason=call.body.reason)
        record: EvidenceRecord = self._bus.call(command, cause=call.cause)
        return record
