"""Statements, settlements and the plan's counters on the bus."""

from contracts import catalogue as lived
from contracts import counters, membership, objections
from contracts import recognition as told
from contracts import scenarios as asked
from contracts import settlements as settled
from contracts import special_reports as reported
from contracts import statements as stated
from services.plumbing.entrypoints import answers, hears
from services.scenarios.handlers import (
    comparing,
    operator_statements,
    plan,
    settlements,
    statements,
    usage_summaries,
)
from services.scenarios.service.given import Given


class SettlementEntrypoints(Given):
    """What is owed, and what is counted."""

    @answers(asked.DrawStatement)
    def draw_statement(self, command: asked.DrawStatement) -> asked.Statement:
        return statements.draw_statement(command, uow=self.uow, city=self.settings.city)

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

    @hears(told.UsageReported, together=True)
    def on_usage_reported(self, event: told.UsageReported) -> None:
        statements.on_usage_reported(event, uow=self.uow, city=self.settings.city)
