"""The coverage register tells "none" from "not known"."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.coverage import CoveredPeriod as Said
from contracts.coverage import ListCoverage, ReportCoverage
from contracts.errors import Malformed, Refused
from services.scenarios.domain.coverage import Coverage, CoveredPeriod, gaps
from services.scenarios.handlers.coverage import list_coverage, report_coverage
from tests.builders.evidence import LISTED, an_item
from tests.builders.scenarios import BIKES, DAY, NOW, a_catalogue
from tests.unit.scenarios.storages import sqlite

pytestmark = pytest.mark.scenarios

SPANS = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 10)), max_size=6)


@pytest.fixture
def uow(tmp_path):
    with sqlite(tmp_path) as uow:
        a_catalogue(uow)
        an_item(uow, sources=(BIKES,))
        yield uow


def report(uow, since, until, *, source=BIKES, now=NOW):
    command = ReportCoverage(
        item_id=LISTED, source=source, since=NOW - since * DAY, until=NOW - until * DAY
    )
    return report_coverage(command, uow=uow, now=now).sources


def test_periods_that_meet_are_one(uow):
    report(uow, 30, 20)

    [record] = report(uow, 20, 10)

    assert record.periods == (Said(since=NOW - 30 * DAY, until=NOW - 10 * DAY),)


def test_a_gap_between_two_reports_stays_a_gap(uow):
    report(uow, 30, 20)

    [record] = report(uow, 10, 0)

    assert len(record.periods) == 2


def test_each_source_speaks_for_itself(uow):
    report(uow, 30, 20)
    report(uow, 10, 0, source=None)

    records = list_coverage(ListCoverage(item_id=LISTED), uow=uow).sources

    assert [record.source for record in records] == [None, BIKES]


def test_only_a_registered_source_speaks(uow):
    with pytest.raises(Refused, match="source_not_registered"):
        report(uow, 2, 1, source="gym")


def test_an_item_that_is_not_live_is_not_covered(uow):
    with pytest.raises(Refused, match="item_not_live"):
        report(uow, 2, 1, now=NOW - 2000 * DAY)


@pytest.mark.parametrize(("since", "until"), [(1, 1), (1, 2), (1, -1)])
def test_a_period_that_is_none_or_to_come_is_malformed(uow, since, until):
    with pytest.raises(Malformed):
        report(uow, since, until)


@given(SPANS, st.integers(0, 40))
def test_what_was_reported_is_covered_and_nothing_else(spans, day):
    coverage = Coverage(item_id=LISTED, source=None, periods=(), reported_at=NOW)
    for start, length in spans:
        since = NOW + timedelta(days=start)
        coverage = coverage.extended(since, since + timedelta(days=length), NOW + 90 * DAY)
    asked = CoveredPeriod(since=NOW + day * DAY, until=NOW + (day + 1) * DAY)

    reported = any(start <= day < start + length for start, length in spans)

    assert coverage.covers(asked.since, asked.until) == reported
    assert gaps([coverage], asked.since, asked.until) == (() if reported else (asked,))
    assert all(one.until < other.since for one, other in pairwise(coverage.periods))
