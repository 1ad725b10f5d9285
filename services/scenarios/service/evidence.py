"""Evidence on the bus: its catalogue, its turns, disputes, and what sources cover."""

from nameko.timer import timer

from contracts import coverage as covered
from contracts import erasures
from contracts import evidence as evidenced
from contracts import evidence_disputes as disputed
from services.plumbing.entrypoints import answers, hears
from services.scenarios.handlers import coverage, evidence, evidence_disputes, evidence_items
from services.scenarios.handlers import erasures as forgotten
from services.scenarios.service.given import Given

EXPIRY_SECONDS = 30


class EvidenceEntrypoints(Given):
    """What the city, sources and subjects do with evidence."""

    @answers(evidenced.PublishEvidenceItem)
    def publish_evidence_item(
        self, command: evidenced.PublishEvidenceItem
    ) -> evidenced.EvidenceItemRecord:
        return evidence_items.publish_evidence_item(command, uow=self.uow, now=self.clock())

    @answers(evidenced.ListEvidenceItems)
    def list_evidence_items(
        self, command: evidenced.ListEvidenceItems
    ) -> evidenced.EvidenceItemRecords:
        return evidence_items.list_evidence_items(command, uow=self.uow)

    @answers(evidenced.EnterEvidence)
    def enter_evidence(self, command: evidenced.EnterEvidence) -> evidenced.EvidenceRecord:
        return evidence.enter_evidence(command, uow=self.uow, now=self.clock())

    @answers(evidenced.ListEvidence)
    def list_evidence(self, command: evidenced.ListEvidence) -> evidenced.EvidenceRecords:
        return evidence.list_evidence(command, uow=self.uow, now=self.clock())

    @answers(evidenced.RepairEvidence)
    def repair_evidence(self, command: evidenced.RepairEvidence) -> evidenced.EvidenceRecord:
        return evidence.repair_evidence(command, uow=self.uow, now=self.clock())

    @answers(evidenced.AnnulEvidence)
    def annul_evidence(self, command: evidenced.AnnulEvidence) -> evidenced.EvidenceRecord:
        return evidence.annul_evidence(command, uow=self.uow, now=self.clock())

    @answers(disputed.OpenEvidenceDispute)
    def open_evidence_dispute(
        self, command: disputed.OpenEvidenceDispute
    ) -> disputed.EvidenceDisputeRecord:
        return evidence_disputes.open_evidence_dispute(
            command, uow=self.uow, deadlines=self.settings, now=self.clock()
        )

    @answers(disputed.WithdrawEvidenceDispute)
    def withdraw_evidence_dispute(
        self, command: disputed.WithdrawEvidenceDispute
    ) -> disputed.EvidenceDisputeRecord:
        return evidence_disputes.withdraw_evidence_dispute(command, uow=self.uow, now=self.clock())

    @answers(disputed.DecideEvidenceDispute)
    def decide_evidence_dispute(
        self, command: disputed.DecideEvidenceDispute
    ) -> disputed.EvidenceDisputeRecord:
        return evidence_disputes.decide_evidence_dispute(command, uow=self.uow, now=self.clock())

    @answers(disputed.ListEvidenceDisputes)
    def list_evidence_disputes(
        self, command: disputed.ListEvidenceDisputes
    ) -> disputed.EvidenceDisputeRecords:
        return evidence_disputes.list_evidence_disputes(command, uow=self.uow)

    @answers(disputed.ListEvidenceDisputeCases)
    def list_evidence_dispute_cases(
        self, command: disputed.ListEvidenceDisputeCases
    ) -> disputed.EvidenceDisputeRecords:
        return evidence_disputes.list_evidence_dispute_cases(command, uow=self.uow)

    @answers(covered.ReportCoverage)
    def report_coverage(self, command: covered.ReportCoverage) -> covered.CoverageRecords:
        return coverage.report_coverage(command, uow=self.uow, now=self.clock())

    @answers(covered.ListCoverage)
    def list_coverage(self, command: covered.ListCoverage) -> covered.CoverageRecords:
        return coverage.list_coverage(command, uow=self.uow)

    @hears(erasures.HolderErased)
    def on_holder_erased(self, event: erasures.HolderErased) -> None:
        forgotten.on_holder_erased(event, uow=self.uow)

    @timer(interval=EXPIRY_SECONDS)
    def expire_evidence(self) -> None:
        evidence.expire_evidence(uow=self.uow, now=self.clock())
