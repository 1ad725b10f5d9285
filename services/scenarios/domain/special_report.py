"""A special credit report: facts of an organisation, instead of a no-violation certificate.

It says field by field and year by year what the covered sources know.
A source that is missing makes a year "not covered", never "none".  No score is in it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from contracts.periods import HOST_TIME
from contracts.states import SpanState
from services.scenarios.domain.coverage import Coverage, CoveredPeriod, gaps
from services.scenarios.domain.evidence_facts import Fact

MOST_YEARS: Final = 5


@dataclass(frozen=True, kw_only=True)
class ReportField:
    """Invariant: a field of a report is answered by named items of the catalogue."""

    id: str
    title: str
    title_en: str
    items: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ReportSpan:
    """One field in one span; facts that are found stand even where there are gaps."""

    since: datetime
    until: datetime
    state: SpanState
    gaps: tuple[CoveredPeriod, ...]
    facts: tuple[Fact, ...]


@dataclass(frozen=True, kw_only=True)
class ReportLine:
    """One field of a report, with the statement of what covers it."""

    field: ReportField
    coverage: tuple[Coverage, ...]
    spans: tuple[ReportSpan, ...]


@dataclass(frozen=True, kw_only=True)
class DrawnReport:
    """Invariant: a report never changes; what it says is in what the city signed."""

    id: UUID
    operator_id: str
    scenario_id: str
    organisation: str
    signed: str
    drawn_at: datetime


def years_of(since: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Cut a span at the new years of the city."""
    start = since
    while start < until:
        year = start.astimezone(HOST_TIME).year
        new_year = datetime(year + 1, 1, 1, tzinfo=HOST_TIME).astimezone(since.tzinfo)
        yield start, min(new_year, until)
        start = new_year


def draw_report(
    fields: Iterable[ReportField],
    facts: Sequence[Fact],
    coverage: Mapping[str, Sequence[Coverage]],
    *,
    since: datetime,
    until: datetime,
) -> list[ReportLine]:
    """Draw each field over a span; `facts` are by documents of any time."""
    return [_line(field, facts, coverage, since=since, until=until) for field in fields]


def _line(
    field: ReportField,
    facts: Sequence[Fact],
    coverage: Mapping[str, Sequence[Coverage]],
    *,
    since: datetime,
    until: datetime,
) -> ReportLine:
    spans = years_of(since, until)
    return ReportLine(
        field=field,
        coverage=tuple(each for item in field.items for each in coverage.get(item, ())),
        spans=tuple(_span(field, facts, coverage, since=a, until=b) for a, b in spans),
    )


def _span(
    field: ReportField,
    facts: Sequence[Fact],
    coverage: Mapping[str, Sequence[Coverage]],
    *,
    since: datetime,
    until: datetime,
) -> ReportSpan:
    found = tuple(f for f in facts if f.item_id in field.items and since <= f.since < until)
    missing = tuple(
        gap for item in field.items for gap in gaps(coverage.get(item, ()), since, until)
    )
    state = SpanState.NOT_COVERED if missing or not field.items else SpanState.NO_RECORD
    return ReportSpan(
        since=since,
        until=until,
        state=SpanState.FACTS if found else state,
        gaps=missing,
        facts=found,
    )
