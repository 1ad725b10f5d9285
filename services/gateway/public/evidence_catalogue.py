"""The published catalogue of evidence."""

from contracts.coverage import CoverageRecords, ListCoverage
from contracts.evidence import EvidenceItemRecords, ListEvidenceItems
from services.gateway.authentication.callers import Anyone
from services.gateway.calls import Bus, Call


class EvidenceCatalogue:
    """Everybody may read what evidence there may be, and by which law."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    def list_evidence_items(self, call: Call[Anyone, None]) -> EvidenceItemRecords:
        command = ListEvidenceItems(after=call.query["after"])
        items: EvidenceItemRecords = self._bus.call(command, cause=call.cause)
        return items

    def list_coverage(self, call: Call[Anyone, None]) -> CoverageRecords:
        command = ListCoverage(item_id=call.path["item_id"])
        records: CoverageRecords = self._bus.call(command, cause=call.cause)
        return records
