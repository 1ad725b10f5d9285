"""Special credit reports: signed facts by field and year, instead of a no-violation certificate.

A field that no source covers says "not covered", never "none".  No score is in it (ADR 0034).
"""

from dataclasses import dataclass

from contracts.coverage import CoverageRecord, CoveredPeriod
from contracts.fact_lines import FactLine
from contracts.fields import Document, Identifier, Moment, Slug, Title
from contracts.states import SpanState
from contracts.subjects import OrganisationCode
from contracts.wire import command, event, reply


@dataclass(frozen=True, kw_only=True)
class FieldTerms:
    """A field of reports, and the items of the catalogue that answer for it."""

    title: Title
    title_en: Title
    items: tuple[Slug, ...]


@reply("scenarios.report_field.record.v1")
@dataclass(frozen=True, kw_only=True)
class ReportFieldRecord(FieldTerms):
    """A field of special credit reports."""

    field: Slug


@command("scenarios.report_field.put.v1", reply=ReportFieldRecord)
@dataclass(frozen=True, kw_only=True)
class PutReportField(FieldTerms):
    """Add a field to reports, or say anew what answers for it; reports drawn before stay."""

    field: Slug


@reply("scenarios.report_field.records.v1")
@dataclass(frozen=True, kw_only=True)
class ReportFields:
    """Every field of reports, by id."""

    fields: tuple[ReportFieldRecord, ...]


@command("scenarios.report_field.list.v1", reply=ReportFields)
@dataclass(frozen=True, kw_only=True)
class ListReportFields:
    """Ask for the fields of reports; anybody may read them."""


@dataclass(frozen=True, kw_only=True)
class ReportSpan:
    """One field in one span of at most a year; `gaps` are those that no source has reported."""

    since: Moment
    until: Moment
    state: SpanState
    gaps: tuple[CoveredPeriod, ...]
    facts: tuple[FactLine, ...]


@dataclass(frozen=True, kw_only=True)
class ReportLine:
    """One field: the statement of what covers it, and what is on record."""

    field: Slug
    title: Title
    title_en: Title
    coverage: tuple[CoverageRecord, ...]
    spans: tuple[ReportSpan, ...]


@dataclass(frozen=True, kw_only=True)
class ReportContent:
    """What a report says of an organisation between two moments, as of the moment it was drawn."""

    report_id: Identifier
    organisation: OrganisationCode
    since: Moment
    until: Moment
    drawn_at: Moment
    lines: tuple[ReportLine, ...]


@reply("scenarios.special_report.record.v1")
@dataclass(frozen=True, kw_only=True)
class SpecialReport:
    """A report, and the same signed by the city: a JWS whose payload has it as `report`."""

    content: ReportContent
    signed: Document


@command("scenarios.special_report.draw.v1", reply=SpecialReport)
@dataclass(frozen=True, kw_only=True)
class DrawSpecialReport:
    """Draw a report in an operator's own scenario: over five years, at most.

    It reaches to the beginning of today unless `until` is before.  Without `fields` it has all.
    """

    report_id: Identifier
    operator_id: Slug
    scenario_id: Slug
    organisation: OrganisationCode
    since: Moment | None = None
    until: Moment | None = None
    fields: tuple[Slug, ...] = ()


@command("scenarios.special_report.show.v1", reply=SpecialReport)
@dataclass(frozen=True, kw_only=True)
class ShowSpecialReport:
    """Ask for a report that was drawn."""

    report_id: Identifier
    operator_id: Slug


@event("scenarios.special_report.issued.v1")
@dataclass(frozen=True, kw_only=True)
class SpecialReportIssued:
    """A report replaced a certificate, in these fields; of whom, the event does not say."""

    report_id: Identifier
    scenario_id: Slug
    operator_id: Slug
    fields: tuple[Slug, ...]
    issued_at: Moment
