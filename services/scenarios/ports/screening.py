"""What substitutions, screenings and vettings ask of storage.

Their handlers are given no more than one of the `…Work`: a transaction without recognitions, grants
or incentives, so that no rule of theirs can come near a score or a tier (ADR 0034).
"""

from collections.abc import Sequence
from datetime import datetime
from types import TracebackType
from typing import Protocol, Self
from uuid import UUID

from services.scenarios.domain.evidence import Subject
from services.scenarios.domain.screening import Screening, ScreeningRule
from services.scenarios.domain.special_report import DrawnReport, ReportField
from services.scenarios.domain.substitution import Substitution, SubstitutionRule
from services.scenarios.domain.trust_code import Employment
from services.scenarios.domain.vetting import Vetting
from services.scenarios.ports import Operators, Outbox, Scenarios, UnitOfWork
from services.scenarios.ports.decisions import DecisionLog
from services.scenarios.ports.evidence import CatalogueItems, CoverageRegister, EvidenceRecords


class ScreeningRules(Protocol):
    def get(self, id: str) -> ScreeningRule | None: ...
    def active_in(self, scenario_id: str) -> ScreeningRule | None:
        """Return the rule that decides in a scenario; it decides until the transaction ends."""

    def to_replace(self, scenario_id: str) -> ScreeningRule | None:
        """Return the rule that decides in a scenario, for a change."""

    def add(self, rule: ScreeningRule) -> None:
        """Store a new one; raises Conflict("id_reused")."""

    def save(self, rule: ScreeningRule) -> None: ...
    def active(self) -> Sequence[ScreeningRule]:
        """Return and lock every active rule."""


class SubstitutionRules(Protocol):
    def get(self, id: str) -> SubstitutionRule | None: ...
    def active_in(self, scenario_id: str) -> SubstitutionRule | None:
        """Return the rule that decides in a scenario; it decides until the transaction ends."""

    def to_replace(self, scenario_id: str) -> SubstitutionRule | None:
        """Return the rule that decides in a scenario, for a change."""

    def add(self, rule: SubstitutionRule) -> None:
        """Store a new one; raises Conflict("id_reused")."""

    def save(self, rule: SubstitutionRule) -> None: ...


class Screenings(Protocol):
    def get(self, id: UUID) -> Screening | None: ...
    def add(self, screening: Screening) -> None:
        """Store a new one; raises Conflict("id_reused")."""

    def of(self, subject: Subject, after: UUID | None, most: int) -> Sequence[Screening]:
        """Return, without a lock, screenings of a subject by id, those after one of them."""

    def forget_facts(self, subject: Subject) -> None:
        """Leave of the screenings of a subject only who asked, and when; `why` is FORGOTTEN."""


class Substitutions(Protocol):
    def get(self, id: UUID) -> Substitution | None: ...
    def add(self, substitution: Substitution) -> None:
        """Store a new one; raises Conflict("id_reused")."""

    def save(self, substitution: Substitution) -> None: ...
    def standing_of(self, subject: Subject) -> Sequence[Substitution]:
        """Return and lock those of a subject that stand, by id."""

    def to_check(self, before: datetime, most: int) -> Sequence[Substitution]:
        """Return and lock standing ones last checked before a moment, but those being changed."""

    def forget(self, subject: Subject) -> None:
        """Keep neither what a subject committed to nor what was checked.

        No state changes; since when and until when a commitment holds stays, to be checked by.
        """


class Vettings(Protocol):
    def get(self, id: UUID) -> Vetting | None: ...
    def add(self, vetting: Vetting) -> None:
        """Store a new one; raises Conflict("id_reused")."""

    def save(self, vetting: Vetting) -> None: ...
    def newest_of(self, holder: str, most: int, after: UUID | None = None) -> Sequence[Vetting]:
        """Return, without a lock, those of a holder, newest first, that follow one of them.

        Raise NotFound when `after` is none of theirs.
        """

    def forget(self, holder: str, at: datetime) -> None:
        """Drop what is open about a holder, and keep neither facts nor what they said."""

    def due(self, now: datetime, most: int) -> Sequence[Vetting]:
        """Return and lock those whose time to object is up, but those being changed."""


class Employments(Protocol):
    def get(self, id: UUID) -> Employment | None: ...
    def active_of(self, holder: str) -> Employment | None: ...
    def add(self, employment: Employment) -> None:
        """Store a new one; raises Conflict("id_reused"), also when another is active."""

    def save(self, employment: Employment) -> None: ...
    def end_all(self, holder: str, at: datetime) -> None:
        """End the active employment of a holder, if there is one."""


class ReportFields(Protocol):
    def all(self) -> Sequence[ReportField]: ...
    def put(self, field: ReportField) -> None: ...


class SpecialReports(Protocol):
    def get(self, id: UUID) -> DrawnReport | None: ...
    def add(self, report: DrawnReport) -> None:
        """Store a new one; raises Conflict("id_reused")."""


class Transaction(Protocol):
    """Leaving it without `commit` undoes everything."""

    scenarios: Scenarios
    evidence_items: CatalogueItems
    evidence: EvidenceRecords
    coverage: CoverageRegister

    @property
    def decisions(self) -> DecisionLog: ...

    @property
    def outbox(self) -> Outbox: ...
    def __enter__(self) -> Self: ...
    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...
    def commit(self) -> None: ...


class ScreeningWork(Transaction, Protocol):
    screening_rules: ScreeningRules
    screenings: Screenings
    vettings: Vettings


class RuleWork(Transaction, Protocol):
    substitution_rules: SubstitutionRules


class SubstitutionWork(RuleWork, Protocol):
    substitutions: Substitutions


class TrustCodeWork(RuleWork, Protocol):
    operators: Operators
    employments: Employments


class ReportWork(Transaction, Protocol):
    report_fields: ReportFields
    special_reports: SpecialReports


class ErasureWork(UnitOfWork, Protocol):
    """Everything that is known of a holder, to be forgotten at once."""

    screenings: Screenings
    substitutions: Substitutions
    vettings: Vettings
    employments: Employments
