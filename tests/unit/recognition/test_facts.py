"""How long a fact counts, and what a file of facts must say."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import Malformed
from contracts.periods import HOST_TIME, months_after
from contracts.words import Gravity
from contracts.working_days import WorkingDays
from services.recognition.adapters.facts import read_facts
from services.recognition.adapters.scores import CsvScores
from services.recognition.domain.fact import FactPeriod
from tests.builders.facts import a_day, a_fact
from tests.builders.recognition import CIVIL_ID, RESIDENT, RESIDENT_KEY

pytestmark = pytest.mark.recognition

HEADER = "civil_id,fact_id,catalogue_item,gravity,document_no,decided_at,points"
ROW = f"{CIVIL_ID},fz-1,fz-penalty,general,榕市监罚〔2026〕12号,2026-03-02,-100"


def moments(first, last):
    """Any moment between the beginnings of two years."""
    seconds = int((a_day(last, 1, 1) - a_day(first, 1, 1)).total_seconds())
    return st.integers(0, seconds).map(lambda n: a_day(first, 1, 1) + timedelta(seconds=n))


@pytest.mark.parametrize(
    ("day", "months", "end"),
    [
        (a_day(2026, 1, 15), 3, a_day(2026, 4, 16)),
        (a_day(2026, 1, 31), 1, a_day(2026, 3, 1)),
        (a_day(2024, 2, 29), 12, a_day(2025, 3, 1)),
        (a_day(2026, 11, 30), 3, a_day(2027, 3, 1)),
        (a_day(2026, 12, 31), 36, a_day(2030, 1, 1)),
    ],
)
def test_a_period_of_months_ends_with_its_last_day(day, months, end):
    assert months_after(day, months) == end


def test_a_period_goes_by_the_city_s_calendar():
    late_in_the_evening = datetime(2026, 1, 14, 16, 30, tzinfo=UTC)

    assert months_after(late_in_the_evening, 3) == a_day(2026, 4, 16)


@given(moments(2000, 2100), st.integers(1, 60))
def test_a_longer_period_never_ends_sooner(moment, months):
    assert moment < months_after(moment, months) <= months_after(moment, months + 1)


def test_a_minor_fact_may_be_repaired_from_its_first_day():
    fact = a_fact(gravity=Gravity.MINOR)

    assert FactPeriod(0, 3).repairable_at(fact) == fact.decided_at


def test_another_version_of_a_fact_has_another_digest():
    versions = (
        a_fact(),
        a_fact(id="fz-2"),
        a_fact(points=Decimal(-20)),
        a_fact(gravity=Gravity.MINOR),
        a_fact(document_no="other"),
        a_fact(catalogue_item="other"),
        a_fact(decided_at=a_day(2026, 1, 1)),
    )

    assert len({fact.digest for fact in versions}) == len(versions)
    assert a_fact(points=Decimal("-100.00")).digest == a_fact().digest


def test_a_fact_s_text_form_shows_no_points():
    assert "100" not in repr(a_fact(document_no="12"))


# --- working days ----------------------------------------------------------------------------

NATIONAL_DAY = WorkingDays(
    frozenset(date(2026, 10, day) for day in range(1, 8)), frozenset({date(2026, 10, 10)})
)


@pytest.mark.parametrize(
    ("moment", "days", "end"),
    [
        (a_day(2026, 11, 6), 1, a_day(2026, 11, 10)),  # a Friday
        (a_day(2026, 11, 6) + timedelta(hours=23), 1, a_day(2026, 11, 10)),
        (a_day(2026, 11, 2), 5, a_day(2026, 11, 10)),
        (a_day(2026, 9, 30), 1, a_day(2026, 10, 9)),
        (a_day(2026, 10, 9), 1, a_day(2026, 10, 11)),  # the Saturday after is worked
    ],
)
def test_a_deadline_is_the_end_of_its_last_working_day(moment, days, end):
    assert NATIONAL_DAY.after(moment, days) == end


@given(moments(2026, 2027), st.integers(1, 30))
def test_as_many_working_days_lie_before_a_deadline_as_were_given(moment, days):
    end = NATIONAL_DAY.after(moment, days)

    first = moment.astimezone(HOST_TIME).date()
    between = (first + timedelta(days=n) for n in range(1, 80))
    assert sum(day in NATIONAL_DAY for day in between if day < end.date()) == days


# --- the file --------------------------------------------------------------------------------


@pytest.fixture
def path(tmp_path):
    return tmp_path / "facts.csv"


def write(path, *rows, header=HEADER):
    path.write_text("\n".join((header, *rows)) + "\n", "utf-8")
    return path


def test_facts_are_found_with_the_score_they_lower(path, tmp_path):
    scores = tmp_path / "scores.csv"
    scores.write_text(f"civil_id,score,as_of\n{CIVIL_ID},683,2026-05-01\n")
    write(path, ROW, ROW.replace("fz-1", "fz-2").replace("-100", "30"))

    record = CsvScores(scores, RESIDENT_KEY, path).find(RESIDENT)

    first, second = record.facts
    assert first == a_fact(decided_at=a_day(2026, 3, 2))
    assert (first.lowers, second.lowers) == (True, False)
    assert "fz-1" not in repr(record)


def test_a_moment_counts_for_its_day_in_the_city(path):
    [[fact]] = read_facts(
        write(path, ROW.replace("2026-03-02", "2026-03-01T16:00:00Z")), RESIDENT_KEY
    ).values()

    assert fact.decided_at == a_day(2026, 3, 2)


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("fz-penalty", "", "catalogue_item"),
        ("榕市监罚〔2026〕12号", " ", "document_no"),
        ("fz-1", "f" * 65, "fact_id"),
        ("general", "grave", "gravity is one of minor, general, serious"),
        ("-100", "many", "points"),
        ("-100", "NaN", "points"),
        ("2026-03-02", "in March", "decided_at"),
        ("2026-03-02", "", "decided_at"),
        (CIVIL_ID, "990100195001020011", "civil_id"),
    ],
)
def test_a_fact_without_what_makes_it_one_is_refused_by_its_line(path, old, new, named):
    with pytest.raises(Malformed, match="line 2") as caught:
        read_facts(write(path, ROW.replace(old, new)), RESIDENT_KEY)

    assert named in str(caught.value)
    assert CIVIL_ID not in str(caught.value)


def test_a_fact_stands_in_the_file_once(path):
    with pytest.raises(Malformed, match="line 3"):
        read_facts(write(path, ROW, ROW), RESIDENT_KEY)


def test_half_a_file_of_facts_is_none(path):
    path.write_text(f"{HEADER}\n{ROW}", "utf-8")

    with pytest.raises(Malformed, match="whole"):
        read_facts(path, RESIDENT_KEY)
