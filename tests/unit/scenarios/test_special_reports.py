"""A special credit report says what covered sources know, and of the others that nobody can say."""

from datetime import UTC, date, datetime
from itertools import pairwise
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import Conflict, Malformed, NotFound
from contracts.special_reports import (
    DrawSpecialReport,
    ListReportFields,
    PutReportField,
    ShowSpecialReport,
    SpecialReportIssued,
)
from contracts.states import SpanState
from contracts.words import DocumentType, EvidenceClass, ScenarioKind
from services.scenarios.domain.coverage import Coverage, CoveredPeriod
from services.scenarios.domain.special_report import ReportField, draw_report, years_of
from services.scenarios.handlers.special_reports import (
    KIND,
    draw_special_report,
    list_report_fields,
    put_report_field,
    show_special_report,
)
from tests.builders.evidence import FIRM, a_document, an_item, evidence_about
from tests.builders.scenarios import BIKES, DAY, HANGZHOU, NOW
from tests.builders.screening import SIGNATURES, a_place, covered
from tests.unit.scenarios.outbox import events_of
from tests.unit.scenarios.storages import sqlite

pytestmark = pytest.mark.scenarios

CREDIT, REPORTS, PENALTIES = "hz-credit", "hz-special-report", "market-penalties"
TODAY = NOW.replace(day=23, hour=16, minute=0)  # its beginning in Hangzhou
FIVE_YEARS_AGO = TODAY.replace(year=2021)


@pytest.fixture
def uow(tmp_path):
    with sqlite(tmp_path) as uow:
        a_place(uow, REPORTS, CREDIT, ScenarioKind.SUBSTITUTION)
        a_penalty_item(uow, PENALTIES)
        field(uow, "market", PENALTIES)
        yield uow


def a_penalty_item(uow, item_id):
    an_item(
        uow,
        item_id=item_id,
        name="行政处罚（一般程序）",
        name_en="Penalties by ordinary procedure",
        evidence_class=EvidenceClass.ADMINISTRATIVE,
        documents=(DocumentType.PENALTY_DECISION,),
        keeps_months=60,
        repair=None,
    )


def field(uow, name, *items):
    command = PutReportField(field=name, title="市场监管", title_en="Market", items=items)
    return put_report_field(command, uow=uow, now=NOW)


def a_penalty(uow, issued_on=date(2026, 3, 2), item_id=PENALTIES):
    document = a_document(
        type=DocumentType.PENALTY_DECISION, number=f"罚〔{issued_on}〕1号", issued_on=issued_on
    )
    return evidence_about(uow, item_id=item_id, document=document)


def draw(uow, *, now=NOW, **overrides):
    values = {
        "report_id": uuid4(),
        "operator_id": CREDIT,
        "scenario_id": REPORTS,
        "organisation": FIRM,
    }
    command = DrawSpecialReport(**{**values, **overrides})
    return draw_special_report(command, uow=uow, signatures=SIGNATURES, city=HANGZHOU, now=now)


def states(report, line=0):
    return [span.state for span in report.content.lines[line].spans]


def test_a_field_that_no_source_covers_is_not_covered_never_none(uow):
    report = draw(uow)

    assert set(states(report)) == {SpanState.NOT_COVERED}
    assert report.content.lines[0].coverage == ()


def test_a_field_that_is_covered_says_that_there_is_no_record(uow):
    covered(uow, PENALTIES)

    report = draw(uow)

    [line] = report.content.lines
    assert set(states(report)) == {SpanState.NO_RECORD}
    assert [(each.source, each.reported_at) for each in line.coverage] == [(None, NOW)]


def test_a_report_reaches_back_five_years_and_is_cut_at_new_year(uow):
    spans = draw(uow).content.lines[0].spans

    assert (spans[0].since, spans[-1].until) == (FIVE_YEARS_AGO, TODAY)
    assert [span.until for span in spans[:-1]] == [span.since for span in spans[1:]]
    assert spans[1].since == datetime(2021, 12, 31, 16, tzinfo=UTC)  # midnight in Hangzhou
    assert len(spans) == 6


def test_a_fact_stands_in_the_year_of_its_document(uow):
    covered(uow, PENALTIES)
    penalty = a_penalty(uow)

    report = draw(uow)

    *before, last = report.content.lines[0].spans
    assert {span.state for span in before} == {SpanState.NO_RECORD}
    assert [fact.evidence_id for fact in last.facts] == [penalty.evidence_id]
    assert last.facts[0].document_number == "罚〔2026-03-02〕1号"


def test_a_year_that_is_covered_in_part_is_not_covered(uow):
    covered(uow, PENALTIES, since=NOW - 500 * DAY)

    assert states(draw(uow)) == [SpanState.NOT_COVERED] * 5 + [SpanState.NO_RECORD]


def test_facts_stand_also_where_not_all_is_covered(uow):
    a_penalty(uow)

    last = draw(uow).content.lines[0].spans[-1]

    assert (last.state, last.gaps[-1].until) == (SpanState.FACTS, TODAY)


def test_a_field_of_two_items_is_covered_when_both_are(uow):
    a_penalty_item(uow, "tax-penalties")
    field(uow, "market", PENALTIES, "tax-penalties")
    covered(uow, PENALTIES)

    assert set(states(draw(uow))) == {SpanState.NOT_COVERED}
    covered(uow, "tax-penalties")
    assert set(states(draw(uow))) == {SpanState.NO_RECORD}


def test_a_fact_whose_time_is_up_is_in_no_report(uow):
    covered(uow, PENALTIES)
    a_penalty(uow, date(2021, 12, 6))

    assert SpanState.FACTS in states(draw(uow))
    assert SpanState.FACTS not in states(draw(uow, now=NOW.replace(month=12, day=7)))


def test_the_signed_report_says_what_the_report_says(uow):
    covered(uow, PENALTIES)
    report = draw(uow)

    claims = SIGNATURES.read(KIND, report.signed)

    assert (claims["iss"], claims["report"]["organisation"]) == (HANGZHOU, FIRM)
    assert claims["report"]["lines"][0]["spans"][0]["state"] == "no_record"
    assert "score" not in report.signed


def test_a_report_is_drawn_once_for_its_id_and_stays(uow):
    first = draw(uow)
    a_penalty(uow)

    assert draw(uow, report_id=first.content.report_id) == first
    shown = ShowSpecialReport(report_id=first.content.report_id, operator_id=CREDIT)
    assert show_special_report(shown, uow=uow) == first
    with pytest.raises(Conflict):
        draw(uow, report_id=first.content.report_id, organisation="91330100M000100Y4H")
    for other in ({"since": NOW - 9 * DAY}, {"until": NOW - DAY}, {"fields": ("other",)}):
        with pytest.raises(Conflict):
            draw(uow, report_id=first.content.report_id, **other)


def test_nobody_sees_anothers_report(uow):
    report = draw(uow)
    command = ShowSpecialReport(report_id=report.content.report_id, operator_id=BIKES)

    with pytest.raises(NotFound):
        show_special_report(command, uow=uow)
    with pytest.raises(NotFound):
        draw(uow, operator_id=BIKES)


def test_a_report_has_the_fields_that_were_asked_for(uow):
    field(uow, "other", PENALTIES)

    assert [line.field for line in draw(uow).content.lines] == ["market", "other"]
    assert [line.field for line in draw(uow, fields=("other",)).content.lines] == ["other"]
    with pytest.raises(Malformed):
        draw(uow, fields=("unknown",))


@pytest.mark.parametrize(
    "span", [{"since": NOW - 2000 * DAY}, {"since": NOW + DAY}, {"until": NOW + DAY}]
)
def test_a_report_is_about_five_years_of_the_past(uow, span):
    with pytest.raises(Malformed):
        draw(uow, **span)


def test_forty_fields_are_drawn_at_once(uow):
    covered(uow, PENALTIES)
    for number in range(39):
        field(uow, f"field-{number:02}", PENALTIES)

    report = draw(uow)

    assert len(report.content.lines) == len({line.field for line in report.content.lines}) == 40
    assert len(events_of(uow, SpecialReportIssued)[-1].fields) == 40


def test_a_field_is_answered_by_items_of_the_catalogue(uow):
    with pytest.raises(Malformed):
        field(uow, "market", "rumours")
    [known] = list_report_fields(ListReportFields(), uow=uow).fields
    assert known.items == (PENALTIES,)


moments = st.integers(0, 3000).map(lambda n: NOW - n * DAY)
spans = st.tuples(moments, moments).filter(lambda pair: pair[0] < pair[1])


@given(st.lists(spans, max_size=5), spans)
def test_no_record_is_said_only_where_every_moment_is_covered(covering, span):
    since, until = span
    coverage = [
        Coverage(
            item_id=PENALTIES,
            source=str(n),
            periods=(CoveredPeriod(since=a, until=b),),
            reported_at=NOW,
        )
        for n, (a, b) in enumerate(covering)
    ]
    known = ReportField(id="market", title="市场", title_en="Market", items=(PENALTIES,))

    [line] = draw_report([known], [], {PENALTIES: coverage}, since=since, until=until)

    for year in line.spans:
        days = range((year.until - year.since).days)
        every = all(any(a <= year.since + n * DAY < b for a, b in covering) for n in days)
        if year.state is SpanState.NO_RECORD:
            assert every
        assert year.state is not SpanState.FACTS


@given(spans)
def test_years_cut_a_span_without_gap_or_overlap(span):
    since, until = span

    cut = list(years_of(since, until))

    assert (cut[0][0], cut[-1][1]) == (since, until)
    assert all(end == start for (_, end), (start, _) in pairwise(cut))
