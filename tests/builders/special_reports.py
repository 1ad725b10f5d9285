"""A special credit report with a fact, a year without, and a field that nobody covers."""

from datetime import date
from uuid import uuid4

from contracts.coverage import CoverageRecord, CoveredPeriod
from contracts.fact_lines import FactLine
from contracts.special_reports import ReportContent, ReportLine, ReportSpan, SpecialReport
from contracts.states import SpanState
from contracts.words import DocumentType
from tests.fakes.gateway import FakeClock

NOW = FakeClock.START


def a_report():
    fact = FactLine(
        evidence_id=uuid4(),
        item_id="penalties",
        grade=None,
        document_type=DocumentType.PENALTY_DECISION,
        document_number="罚<1>号",
        issuer="某局",
        issued_on=date(2026, 3, 2),
        since=NOW,
        until=None,
    )
    period = CoveredPeriod(since=NOW.replace(year=2021), until=NOW)
    line = {"title": "市场", "title_en": "Market", "spans": ()}
    record = CoverageRecord(item_id="penalties", source=None, periods=(period,), reported_at=NOW)
    spans = [
        ReportSpan(
            since=NOW.replace(year=year),
            until=NOW.replace(year=year + 1),
            state=state,
            gaps=(period,) if state is SpanState.FACTS else (),
            facts=(fact,) if state is SpanState.FACTS else (),
        )
        for year, state in ((2024, SpanState.NO_RECORD), (2025, SpanState.FACTS))
    ]
    content = ReportContent(
        report_id=uuid4(),
        organisation="91350100M000100Y43",
        since=NOW.replace(year=2021),
        until=NOW,
        drawn_at=NOW,
        lines=(
            ReportLine(field="market", coverage=(record,), **{**line, "spans": tuple(spans)}),
            ReportLine(field="tax", coverage=(), **line),
        ),
    )
    return SpecialReport(content=content, signed="a.b.c")
