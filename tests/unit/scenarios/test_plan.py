"""The plan's counters: each as of any day, and rounded for everybody (ADR 0037)."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.catalogue import IncentiveMoved
from contracts.counters import ShowPlanCounters
from contracts.errors import Malformed
from contracts.membership import CityStateChanged
from contracts.objections import ObjectionClosed, ObjectionOpened
from contracts.scenarios import IncentivePublished
from contracts.special_reports import SpecialReportIssued
from contracts.words import (
    CityState,
    Funding,
    IncentiveState,
    MoveKind,
    Mover,
    PlanCounter,
    UsageFact,
)
from services.scenarios.domain import plan as domain
from services.scenarios.domain.plan import Measure
from services.scenarios.handlers import plan
from tests.builders.scenarios import DAY, FUZHOU, HANGZHOU, HOUR, NOW, an_offer
from tests.builders.settlements import a_line, book
from tests.unit.scenarios import storages

pytestmark = pytest.mark.scenarios

TODAY, YESTERDAY = "2026-11-24", "2026-11-23"
WEST_LAKE, LINAN = "330106", "330112"


@pytest.fixture
def city(tmp_path):
    with storages.sqlite(tmp_path) as uow:
        yield uow


def show(city, as_of=TODAY, *, exact=True, districts=(), smallest=10):
    return plan.show_plan_counters(
        ShowPlanCounters(as_of=as_of, exact=exact),
        uow=city,
        city=HANGZHOU,
        smallest_cell=smallest,
        known_districts=districts,
        now=NOW,
    )


def counter(shown, which):
    [found] = [each for each in shown.counters if each.counter is which]
    return found


def a_measure(number=1, **overrides):
    values = {
        "incentive_id": f"measure-{number}",
        "scenario_id": f"scenario-{number}",
        "category": "transport",
        "district": WEST_LAKE,
        "since": NOW - HOUR,
        "until": None,
        "is_offered": True,
    }
    return Measure(**{**values, **overrides})


def note(city, *measures):
    with city:
        for each in measures:
            city.plan.note_measure(each)
        city.commit()


def a_state_change(city_code, state, at):
    return CityStateChanged(
        city=city_code, name="福州", name_en="Fuzhou", state=state, roster=1, changed_at=at
    )


# --- scenarios and districts -----------------------------------------------------------------


def test_a_scenario_is_new_in_the_year_of_its_first_incentive(city):
    last_year = NOW - timedelta(days=400)
    note(city, a_measure(1), a_measure(2), a_measure(3, scenario_id="scenario-2"))
    note(city, a_measure(4, since=last_year), a_measure(5, scenario_id="scenario-4"))

    assert counter(show(city), PlanCounter.NEW_SCENARIOS).value == 2
    assert counter(show(city, YESTERDAY), PlanCounter.NEW_SCENARIOS).value == 0
    assert counter(show(city, "2025-12-31"), PlanCounter.NEW_SCENARIOS).value == 1


def test_five_new_scenarios_reach_the_target(city):
    note(city, *(a_measure(number) for number in range(4)))
    assert counter(show(city), PlanCounter.NEW_SCENARIOS).reached is False

    note(city, a_measure(4))
    assert counter(show(city), PlanCounter.NEW_SCENARIOS).reached is True


@pytest.mark.parametrize(("categories", "measures"), [(5, 5), (1, 15)])
def test_a_district_is_reached_by_categories_or_by_measures(city, categories, measures):
    note(city, *(a_measure(n, category=f"kind-{n % categories}") for n in range(measures - 1)))
    assert not show(city).districts[0].reached

    note(city, a_measure(99, category=f"kind-{categories - 1}"))
    [district] = show(city).districts
    assert (district.categories, district.measures) == (categories, measures)
    assert district.reached


def test_a_district_of_the_plan_without_any_scenario_is_listed_as_not_reached(city):
    shown = show(city, districts=(LINAN,))

    assert [(each.district, each.reached) for each in shown.districts] == [(LINAN, False)]
    assert counter(shown, PlanCounter.DISTRICTS).reached is False


def test_what_is_not_on_offer_on_the_day_does_not_count(city):
    note(city, a_measure(1, until=NOW), a_measure(2, since=NOW - 3 * DAY))
    note(city, a_measure(2, since=NOW - DAY, is_offered=False))

    assert not show(city).districts
    assert show(city, "2026-11-22").districts[0].measures == 1


def hear(city):
    """Let the plan hear what was announced last."""
    for event in city.outbox.added:
        if type(event) is IncentivePublished:
            plan.on_incentive_published(event, uow=city)


def test_publishing_is_heard(city):
    an_offer(city)
    hear(city)

    assert counter(show(city), PlanCounter.NEW_SCENARIOS).value == 1


def a_move(kind, at):
    return IncentiveMoved(
        incentive_id="measure-1",
        scenario_id="scenario-1",
        operator_id="bikes",
        state=IncentiveState.PAUSED,
        number=5,
        version=1,
        move=kind,
        by=Mover.OPERATOR,
        at=at,
    )


def test_a_paused_measure_is_not_on_offer_until_it_is_resumed(city):
    note(city, a_measure(1, since=NOW - 9 * DAY))
    plan.on_incentive_moved(a_move(MoveKind.PAUSED, NOW - 5 * DAY), uow=city)
    plan.on_incentive_moved(a_move(MoveKind.RESUMED, NOW - 2 * DAY), uow=city)

    assert [len(show(city, day).districts) for day in ("2026-11-18", "2026-11-20", TODAY)] == [
        1,
        0,
        1,
    ]


def test_counters_are_rebuilt_from_the_incentives_themselves(city):
    an_offer(city)

    assert plan.rebuild(uow=city) == plan.rebuild(uow=city) == 1
    assert counter(show(city), PlanCounter.NEW_SCENARIOS).value == 1


def test_rebuilding_adds_nothing_to_what_was_heard(city):
    an_offer(city)
    hear(city)

    assert plan.rebuild(uow=city) == 1


# --- cities, uses, objections ----------------------------------------------------------------


def test_cities_are_counted_as_they_stood_on_the_day(city):
    plan.on_city_state_changed(a_state_change(FUZHOU, CityState.ONLINE, NOW - 3 * DAY), uow=city)
    gone = a_state_change(FUZHOU, CityState.SUSPENDED, NOW - HOUR)
    plan.on_city_state_changed(gone, uow=city)
    plan.on_city_state_changed(gone, uow=city)

    assert counter(show(city, YESTERDAY), PlanCounter.CITIES_ONLINE).value == 1
    assert counter(show(city), PlanCounter.CITIES_ONLINE).value == 0


def test_uses_are_counted_by_category_less_those_taken_back(city):
    an_offer(city)
    book(city, *(a_line(number, funding=Funding.HOST_CITY) for number in range(3)))
    book(city, a_line(9, fact=UsageFact.REVERSED), a_line(10, fact=UsageFact.ISSUED))
    book(city, a_line(11, host=FUZHOU, home=HANGZHOU))

    uses = counter(show(city), PlanCounter.USES)

    assert uses.value == 2
    assert [(part.label, part.value) for part in uses.parts] == [("transport", 2)]
    assert counter(show(city, YESTERDAY), PlanCounter.USES).value == 0


def test_objections_count_when_they_are_due(city):
    for due_on in (YESTERDAY, TODAY, "2026-11-25"):
        plan.on_objection_opened(ObjectionOpened(due_on=due_on), uow=city)
    plan.on_objection_closed(ObjectionClosed(due_on=YESTERDAY, in_time=True), uow=city)
    plan.on_objection_closed(ObjectionClosed(due_on=TODAY, in_time=False), uow=city)

    shown = counter(show(city), PlanCounter.OBJECTIONS_IN_TIME)

    assert (shown.value, shown.of) == (1, 2)


def test_special_reports_are_counted_by_field(city):
    for fields in (("taxation", "labour"), ("taxation",)):
        plan.on_special_report_issued(
            SpecialReportIssued(
                report_id=uuid4(),
                scenario_id="reports",
                operator_id="city-hall",
                fields=fields,
                issued_at=NOW,
            ),
            uow=city,
        )

    shown = counter(show(city), PlanCounter.SPECIAL_REPORTS)

    assert (shown.value, shown.target) == (2, 40)
    assert {part.label: part.value for part in shown.parts} == {"taxation": 2, "labour": 1}
    assert counter(show(city, exact=False), PlanCounter.SPECIAL_REPORTS).value == 0


# --- for everybody ---------------------------------------------------------------------------


def test_small_numbers_of_uses_are_not_told_to_everybody(city):
    an_offer(city)
    book(city, *(a_line(number) for number in range(9)))
    shown = counter(show(city, exact=False), PlanCounter.USES)
    assert (shown.value, shown.parts[0].value) == (None, None)

    book(city, *(a_line(number) for number in range(20, 26)))
    shown = counter(show(city, exact=False), PlanCounter.USES)
    assert (shown.value, shown.parts[0].value) == (10, 10)


def test_that_there_are_no_uses_is_not_told_either(city):
    assert counter(show(city, exact=False), PlanCounter.USES).value is None
    assert counter(show(city), PlanCounter.USES).value == 0


@settings(deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 200), st.integers(1, 50))
def test_two_published_numbers_differ_by_nothing_or_by_enough(count, more, smallest):
    difference = domain.rounded(count + more, smallest) - domain.rounded(count, smallest)

    assert difference == 0 or difference >= smallest


@pytest.mark.parametrize(("due", "in_time"), [(9, 9), (20, 19), (20, 3)])
def test_objections_of_few_are_not_told_to_everybody(city, due, in_time):
    for _ in range(due):
        plan.on_objection_opened(ObjectionOpened(due_on=TODAY), uow=city)
    for _ in range(in_time):
        plan.on_objection_closed(ObjectionClosed(due_on=TODAY, in_time=True), uow=city)

    shown = counter(show(city, exact=False), PlanCounter.OBJECTIONS_IN_TIME)

    assert (shown.value, shown.of) == (None, None)


def test_a_day_ends_at_midnight_of_the_host_city():
    assert domain.end_of("2026-11-30") == datetime(2026, 11, 30, 16, tzinfo=UTC)


def test_a_day_that_is_none_is_refused(city):
    with pytest.raises(Malformed):
        show(city, "2026-02-30")


def test_every_counter_says_in_both_languages_how_it_is_computed(city):
    for each in show(city).counters:
        assert all((each.title, each.title_en, each.computed, each.computed_en))
    assert {each.counter for each in show(city).counters} == set(PlanCounter)
