"""The transaction of scenarios: its repositories over one connection."""

from collections.abc import Callable

from sqlalchemy import Engine

from services.plumbing.clock import Clock
from services.plumbing.unit_of_work import MessageContext, SqlUnitOfWork
from services.scenarios.adapters.catalogue import SqlOperators, SqlScenarios
from services.scenarios.adapters.catalogue_items import SqlCatalogueItems
from services.scenarios.adapters.counters import SqlCounters
from services.scenarios.adapters.coverage import SqlCoverage
from services.scenarios.adapters.decisions import SqlDecisions
from services.scenarios.adapters.employments import SqlEmployments
from services.scenarios.adapters.evidence import SqlEvidence
from services.scenarios.adapters.evidence_disputes import SqlEvidenceDisputes
from services.scenarios.adapters.grants import SqlGrants
from services.scenarios.adapters.incentives import SqlIncentives
from services.scenarios.adapters.plan import SqlPlan
from services.scenarios.adapters.recognitions import SqlRecognitions
from services.scenarios.adapters.redemptions import SqlRedemptions, SqlRefusals
from services.scenarios.adapters.reservations import SqlReservations
from services.scenarios.adapters.screening import SqlScreeningRules, SqlScreenings, SqlVettings
from services.scenarios.adapters.settlements import SqlDifferences, SqlSettledLines, SqlSettlements
from services.scenarios.adapters.special_reports import (
    SqlReportFields,
    SqlSpecialReports,
)
from services.scenarios.adapters.substitutions import SqlSubstitutionRules, SqlSubstitutions
from services.scenarios.adapters.tables import messages
from services.scenarios.adapters.tallies import SqlTallies
from services.scenarios.adapters.usage_lines import SqlOperatorLines, SqlUsageLines
from services.scenarios.ports import (
    Counters,
    Grants,
    Operators,
    Recognitions,
    Refusals,
    Scenarios,
    Tallies,
)
from services.scenarios.ports.decisions import Decisions
from services.scenarios.ports.evidence import (
    CatalogueItems,
    CoverageRegister,
    EvidenceDisputes,
    EvidenceRecords,
)
from services.scenarios.ports.incentives import Incentives
from services.scenarios.ports.plan import Plan
from services.scenarios.ports.redemptions import Redemptions
from services.scenarios.ports.reservations import Reservations
from services.scenarios.ports.screening import (
    Employments,
    ReportFields,
    ScreeningRules,
    Screenings,
    SpecialReports,
    SubstitutionRules,
    Substitutions,
    Vettings,
)
from services.scenarios.ports.settlements import (
    Differences,
    OperatorLines,
    SettledLines,
    Settlements,
    UsageLines,
)


class ScenariosUnitOfWork(SqlUnitOfWork):
    """Invariant: every repository works on the transaction that is open now."""

    operators: Operators
    scenarios: Scenarios
    incentives: Incentives
    recognitions: Recognitions
    grants: Grants
    redemptions: Redemptions
    reservations: Reservations
    counters: Counters
    tallies: Tallies
    usage_lines: UsageLines
    settled_lines: SettledLines
    settlements: Settlements
    differences: Differences
    operator_lines: OperatorLines
    plan: Plan
    refusals: Refusals
    decisions: Decisions
    evidence_items: CatalogueItems
    evidence: EvidenceRecords
    evidence_disputes: EvidenceDisputes
    coverage: CoverageRegister
    substitution_rules: SubstitutionRules
    substitutions: Substitutions
    screening_rules: ScreeningRules
    screenings: Screenings
    vettings: Vettings
    employments: Employments
    report_fields: ReportFields
    special_reports: SpecialReports

    def open(self) -> None:
        self.operators = SqlOperators(self.connection)
        self.scenarios = SqlScenarios(self.connection)
        self.incentives = SqlIncentives(self.connection)
        self.recognitions = SqlRecognitions(self.connection)
        self.grants = SqlGrants(self.connection)
        self.redemptions = SqlRedemptions(self.connection)
        self.reservations = SqlReservations(self.connection)
        self.counters = SqlCounters(self.connection)
        self.tallies = SqlTallies(self.connection)
        self.usage_lines = SqlUsageLines(self.connection)
        self.settled_lines = SqlSettledLines(self.connection)
        self.settlements = SqlSettlements(self.connection)
        self.differences = SqlDifferences(self.connection)
        self.operator_lines = SqlOperatorLines(self.connection)
        self.plan = SqlPlan(self.connection)
        self.refusals = SqlRefusals(self.connection)
        self.decisions = SqlDecisions(self.connection)
        self.evidence_items = SqlCatalogueItems(self.connection)
        self.evidence = SqlEvidence(self.connection)
        self.evidence_disputes = SqlEvidenceDisputes(self.connection)
        self.coverage = SqlCoverage(self.connection)
        self.substitution_rules = SqlSubstitutionRules(self.connection)
        self.substitutions = SqlSubstitutions(self.connection)
        self.screening_rules = SqlScreeningRules(self.connection)
        self.screenings = SqlScreenings(self.connection)
        self.vettings = SqlVettings(self.connection)
        self.employments = SqlEmployments(self.connection)
        self.report_fields = SqlReportFields(self.connection)
        self.special_reports = SqlSpecialReports(self.connection)


def make_unit_of_work(
    engine: Engine, clock: Clock, message: MessageContext | None, wake: Callable[[], None]
) -> ScenariosUnitOfWork:
    """Make the unit of work of one message."""
    return ScenariosUnitOfWork(engine, messages, clock, message, wake)
