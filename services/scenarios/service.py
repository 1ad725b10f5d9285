"""Scenarios on the bus: every method hands its message to one handler."""

from typing import Any

from nameko.extensions import DependencyProvider
from nameko.timer import timer

from contracts import catalogue as lived
from contracts import corrections as corrected
from contracts import counters, erasures, membership, objections
from contracts import coverage as covered
from contracts import decisions as decided
from contracts import evidence as evidenced
from contracts import evidence_disputes as disputed
from contracts import passes as shown
from contracts import quotas as reserved
from contracts import recognition as told
from contracts import scenarios as asked
from contracts import settlements as settled
from contracts import special_reports as reported
from contracts import statements as stated
from contracts import trials as tried
from services.plumbing.entrypoints import answers, hears
from services.plumbing.providers import ClockProvider, SettingsProvider, UnitOfWorkProvider
from services.plumbing.relay import OutboxRelay
from services.scenarios.adapters.pass_keys import PassKeys, read_pass_keys
from services.scenarios.adapters.unit_of_work import make_unit_of_work
from services.scenarios.handlers import (
    catalogue,
    comparing,
    corrections,
    coverage,
    decisions,
    evidence,
    evidence_disputes,
    evidence_items,
    expiry,
    forgetting,
    grants,
    lives,
    operator_statements,
    plan,
    recalls,
    recognitions,
    redemptions,
    reservations,
    reversals,
    settlements,
    statements,
    trials,
    usage,
    usage_summaries,
    withdrawals,
)
from services.scenarios.handlers import erasures as forgotten
from services.scenarios.screening_service import ScreeningEntrypoints

EXPIRY_SECONDS = 30
RELEASE_SECONDS = 5  # others wait for what an overdue reservation holds
FORGET_SECONDS = 3600


class PassesProvider(DependencyProvider):
    """Gives the keys of passes, read once at the start."""

    def setup(self) -> None:
        settings = self.container.config["huxin"]["settings"]
        self._passes = read_pass_keys(settings.keys_directory, settings.city)

    def get_dependency(self, worker_ctx: Any) -> PassKeys:
        return self._passes


class ScenariosService(ScreeningEntrypoints):
    """The catalogue, grants and their redemptions, statements."""

    name = "scenarios"
    queue = "scenarios.events"

    uow: Any = UnitOfWorkProvider(make_unit_of_work)
    settings: Any = SettingsProvider()
    clock: Any = ClockProvider()
    passes: Any = PassesProvider()
    relay = OutboxRelay()

    @answers(asked.RegisterOperator)
    def register_operator(self, command: asked.RegisterOperator) -> asked.OperatorRecord:
        return catalogue.register_operator(command, uow=self.uow)

    @answers(asked.RegisterScenario)
    def register_scenario(self, command: asked.RegisterScenario) -> asked.ScenarioRecord:
        return catalogue.register_scenario(
            command, uow=self.uow, city=self.settings.city, now=self.clock()
        )

    @answers(asked.PublishIncentive)
    def publish_incentive(self, command: asked.PublishIncentive) -> asked.IncentiveRecord:
        return catalogue.publish_incentive(
            command, uow=self.uow, city=self.settings.city, now=self.clock()
        )

    @answers(lived.ReviewIncentive)
    def review_incentive(self, command: lived.ReviewIncentive) -> asked.IncentiveRecord:
        return lives.review_incentive(command, uow=self.uow, now=self.clock())

    @answers(lived.ReleaseIncentive)
    def release_incentive(self, command: lived.ReleaseIncentive) -> asked.IncentiveRecord:
        return lives.release_incentive(command, uow=self.uow, now=self.clock())

    @answers(lived.PauseIncentive)
    def pause_incentive(self, command: lived.PauseIncentive) -> asked.IncentiveRecord:
        return lives.pause_incentive(command, uow=self.uow, now=self.clock())

    @answers(lived.ResumeIncentive)
    def resume_incentive(self, command: lived.ResumeIncentive) -> asked.IncentiveRecord:
        return lives.resume_incentive(command, uow=self.uow, now=self.clock())

    @answers(lived.WithdrawIncentive)
    def withdraw_incentive(self, command: lived.WithdrawIncentive) -> asked.IncentiveRecord:
        return lives.withdraw_incentive(command, uow=self.uow, now=self.clock())

    @answers(lived.ShowIncentive)
    def show_incentive(self, command: lived.ShowIncentive) -> asked.IncentiveRecord:
        return lives.show_incentive(command, uow=self.uow)

    @answers(lived.ListIncentives)
    def list_incentives(self, command: lived.ListIncentives) -> lived.IncentiveRecords:
        return lives.list_incentives(command, uow=self.uow)

    @answers(lived.ListMoves)
    def list_moves(self, command: lived.ListMoves) -> lived.Moves:
        return lives.list_moves(command, uow=self.uow)

    @answers(tried.TryIncentive)
    def try_incentive(self, command: tried.TryIncentive) -> tried.TrialRecord:
        return trials.try_incentive(
            command, uow=self.uow, city=self.settings.city, now=self.clock()
        )

    @answers(asked.IssueGrant)
    def issue_grant(self, command: asked.IssueGrant) -> asked.GrantRecord:
        return grants.issue_grant(
            command,
            uow=self.uow,
            city=self.settings.city,
            passes=self.passes,
            now=self.clock(),
        )

    @answers(reserved.ReserveGrant)
    def reserve_grant(self, command: reserved.ReserveGrant) -> reserved.ReservationRecord:
        return reservations.reserve_grant(
            command,
            uow=self.uow,
            city=self.settings.city,
            minutes=self.settings.reservation_minutes,
            now=self.clock(),
        )

    @answers(reserved.ConfirmReservation)
    def confirm_reservation(self, command: reserved.ConfirmReservation) -> asked.GrantRecord:
        return reservations.confirm_reservation(
            command,
            uow=self.uow,
            city=self.settings.city,
            passes=self.passes,
            now=self.clock(),
        )

    @answers(reserved.CancelReservation)
    def cancel_reservation(self, command: reserved.CancelReservation) -> reserved.ReservationRecord:
        return reservations.cancel_reservation(command, uow=self.uow, now=self.clock())

    @answers(reserved.ShowReservation)
    def show_reservation(self, command: reserved.ShowReservation) -> reserved.ReservationRecord:
        return reservations.show_reservation(command, uow=self.uow, now=self.clock())

    @answers(reserved.MeasureIncentive)
    def measure_incentive(self, command: reserved.MeasureIncentive) -> reserved.IncentiveUsage:
        return usage.measure_incentive(command, uow=self.uow, now=self.clock())

    @answers(asked.ShowGrant)
    def show_grant(self, command: asked.ShowGrant) -> asked.GrantRecord:
        return grants.show_grant(command, uow=self.uow, passes=self.passes, now=self.clock())

    @answers(asked.ListGrants)
    def list_grants(self, command: asked.ListGrants) -> asked.GrantRecords:
        return grants.list_grants(command, uow=self.uow, passes=self.passes, now=self.clock())

    @answers(asked.RedeemPass)
    def redeem_pass(self, command: asked.RedeemPass) -> asked.RedemptionRecord:
        return redemptions.redeem_pass(
            command,
            uow=self.uow,
            city=self.settings.city,
            passes=self.passes,
            now=self.clock(),
        )

    @answers(decided.ExplainDecision)
    def explain_decision(self, command: decided.ExplainDecision) -> decided.DecisionRecord:
        return decisions.explain_decision(command, uow=self.uow)

    @answers(decided.ListDecisions)
    def list_decisions(self, command: decided.ListDecisions) -> decided.DecisionRecords:
        return decisions.list_decisions(command, uow=self.uow)

    @answers(shown.ReverseRedemption)
    def reverse_redemption(self, command: shown.ReverseRedemption) -> shown.ReversalRecord:
        return reversals.reverse_redemption(
            command, uow=self.uow, city=self.settings.city, now=self.clock()
        )

    @answers(shown.RecallGrant)
    def recall_grant(self, command: shown.RecallGrant) -> shown.RecallRecord:
        return recalls.recall_grant(
            command, uow=self.uow, city=self.settings.city, now=self.clock()
        )

    @answers(shown.CallDeposit)
    def call_deposit(self, command: shown.CallDeposit) -> shown.DepositRecord:
        return reversals.call_deposit(
            command, uow=self.uow, city=self.settings.city, now=self.clock()
        )

    @answers(shown.ShowPassKeys)
    def show_pass_keys(self, command: shown.ShowPassKeys) -> shown.PassKeySet:
        return redemptions.show_pass_keys(command, city=self.settings.city, passes=self.passes)

    @answers(asked.DrawStatement)
    def draw_statement(self, command: asked.DrawStatement) -> asked.Statement:
        return statements.draw_statement(command, uow=self.uow, city=self.settings.city)

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

    @answers(stated.ListStatementLines)
    def list_statement_lines(self, command: stated.ListStatementLines) -> stated.StatementLines:
        return statements.list_statement_lines(command, uow=self.uow, city=self.settings.city)

    @answers(settled.DrawSettlement)
    def draw_settlement(self, command: settled.DrawSettlement) -> settled.SettlementRecord:
        return settlements.draw_settlement(command, uow=self.uow, city=self.settings.city)

    @answers(settled.ListSettlements)
    def list_settlements(self, command: settled.ListSettlements) -> settled.SettlementRecords:
        return settlements.list_settlements(command, uow=self.uow, city=self.settings.city)

    @answers(settled.ListSettlementLines)
    def list_settlement_lines(
        self, command: settled.ListSettlementLines
    ) -> settled.SettlementLines:
        return settlements.list_settlement_lines(command, uow=self.uow, city=self.settings.city)

    @answers(settled.CloseSettlement)
    def close_settlement(self, command: settled.CloseSettlement) -> settled.SettlementRecord:
        return settlements.close_settlement(
            command, uow=self.uow, city=self.settings.city, now=self.clock()
        )

    @answers(settled.CompareSettlement)
    def compare_settlement(
        self, command: settled.CompareSettlement
    ) -> settled.SettlementComparison:
        return comparing.compare_settlement(
            command, uow=self.uow, city=self.settings.city, now=self.clock()
        )

    @answers(settled.ResolveSettlement)
    def resolve_settlement(self, command: settled.ResolveSettlement) -> settled.SettlementRecord:
        return settlements.resolve_settlement(
            command, uow=self.uow, city=self.settings.city, now=self.clock()
        )

    @answers(settled.ListSettlementDifferences)
    def list_settlement_differences(
        self, command: settled.ListSettlementDifferences
    ) -> settled.SettlementDifferences:
        return settlements.list_settlement_differences(command, uow=self.uow)

    @answers(stated.DrawOperatorStatement)
    def draw_operator_statement(
        self, command: stated.DrawOperatorStatement
    ) -> stated.OperatorStatement:
        return operator_statements.draw_operator_statement(
            command, uow=self.uow, city=self.settings.city
        )

    @answers(stated.SummariseUsage)
    def summarise_usage(self, command: stated.SummariseUsage) -> stated.UsageSummary:
        return usage_summaries.summarise_usage(
            command,
            uow=self.uow,
            city=self.settings.city,
            smallest_cell=self.settings.smallest_cell,
            now=self.clock(),
        )

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

    @answers(counters.ShowPlanCounters)
    def show_plan_counters(self, command: counters.ShowPlanCounters) -> counters.PlanCounters:
        return plan.show_plan_counters(
            command,
            uow=self.uow,
            city=self.settings.city,
            smallest_cell=self.settings.smallest_cell,
            known_districts=self.settings.districts,
            now=self.clock(),
        )

    @hears(asked.IncentivePublished)
    def on_incentive_published(self, event: asked.IncentivePublished) -> None:
        plan.on_incentive_published(event, uow=self.uow)

    @hears(lived.IncentiveMoved)
    def on_incentive_moved(self, event: lived.IncentiveMoved) -> None:
        plan.on_incentive_moved(event, uow=self.uow)

    @hears(membership.CityStateChanged)
    def on_city_state_changed(self, event: membership.CityStateChanged) -> None:
        plan.on_city_state_changed(event, uow=self.uow)

    @hears(objections.ObjectionOpened)
    def on_objection_opened(self, event: objections.ObjectionOpened) -> None:
        plan.on_objection_opened(event, uow=self.uow)

    @hears(objections.ObjectionClosed)
    def on_objection_closed(self, event: objections.ObjectionClosed) -> None:
        plan.on_objection_closed(event, uow=self.uow)

    @hears(reported.SpecialReportIssued)
    def on_special_report_issued(self, event: reported.SpecialReportIssued) -> None:
        plan.on_special_report_issued(event, uow=self.uow)

    @hears(told.ScoreRecognised)
    def on_score_recognised(self, event: told.ScoreRecognised) -> None:
        recognitions.on_score_recognised(
            event, uow=self.uow, city=self.settings.city, now=self.clock()
        )

    @hears(told.RecognitionEnded)
    def on_recognition_ended(self, event: told.RecognitionEnded) -> None:
        recognitions.on_recognition_ended(
            event, uow=self.uow, city=self.settings.city, now=self.clock()
        )

    @hears(corrected.RecognitionRevised)
    def on_recognition_revised(self, event: corrected.RecognitionRevised) -> None:
        corrections.on_recognition_revised(
            event, uow=self.uow, city=self.settings.city, now=self.clock()
        )

    @hears(corrected.RecognitionSuspended)
    def on_recognition_suspended(self, event: corrected.RecognitionSuspended) -> None:
        corrections.on_recognition_suspended(event, uow=self.uow, now=self.clock())

    @hears(corrected.RecognitionResumed)
    def on_recognition_resumed(self, event: corrected.RecognitionResumed) -> None:
        corrections.on_recognition_resumed(
            event, uow=self.uow, city=self.settings.city, now=self.clock()
        )

    @hears(erasures.HolderErased)
    def on_holder_erased(self, event: erasures.HolderErased) -> None:
        forgotten.on_holder_erased(event, uow=self.uow)

    @hears(told.UsageReported)
    def on_usage_reported(self, event: told.UsageReported) -> None:
        statements.on_usage_reported(event, uow=self.uow, city=self.settings.city)

    @timer(interval=EXPIRY_SECONDS)
    def expire_grants(self) -> None:
        expiry.expire_grants(uow=self.uow, city=self.settings.city, now=self.clock())

    @timer(interval=EXPIRY_SECONDS)
    def release_holds(self) -> None:
        reversals.release_holds(uow=self.uow, now=self.clock())

    @timer(interval=EXPIRY_SECONDS)
    def expire_evidence(self) -> None:
        evidence.expire_evidence(uow=self.uow, now=self.clock())

    @timer(interval=RELEASE_SECONDS)
    def expire_reservations(self) -> None:
        reservations.expire_reservations(uow=self.uow, now=self.clock())

    @timer(interval=EXPIRY_SECONDS)
    def settle_withdrawals(self) -> None:
        withdrawals.settle_withdrawals(uow=self.uow, city=self.settings.city, now=self.clock())

    @timer(interval=FORGET_SECONDS, eager=True)
    def forget_counters(self) -> None:
        forgetting.forget_counters(uow=self.uow, now=self.clock())

    @timer(interval=FORGET_SECONDS, eager=True)
    def forget_decisions(self) -> None:
        decisions.forget_decisions(
            uow=self.uow,
            kept_days=self.settings.decision_days,
            refused_days=self.settings.refused_decision_days,
            now=self.clock(),
        )
