"""The decision is one pure function of terms and facts; every condition has its finding."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from contracts.benefits import RentalExtension
from contracts.rules import Conditions, Hours
from contracts.words import Category, Condition, OnWithdrawal, Period, Weekday
from services.scenarios.domain.decision import decide, is_met_again
from services.scenarios.domain.facts import Facts
from services.scenarios.domain.incentive import Incentive, Terms
from services.scenarios.domain.limits import Limit

pytestmark = pytest.mark.scenarios

FUZHOU, ZHENGZHOU, XIHU = "350100", "410100", "330106"
NOW = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)  # a Tuesday, 14:30 in Hangzhou
DAY = timedelta(days=1)


def some_facts(**overrides):
    values = {
        "at": NOW,
        "tier": 4,
        "home": FUZHOU,
        "purposes": frozenset({Category.TRANSPORT}),
        "crosswalk": 2,
        "attested_at": NOW - DAY,
    }
    return Facts(**{**values, **overrides})


def an_incentive(*, conditions=None, **terms):
    values = {
        "title": "延时还车",
        "title_en": "Return late",
        "benefit": RentalExtension(minutes=120),
        "minimum_tier": 3,
        "per_holder": Limit(count=30, period=Period.DAY),
        "quota": None,
        "budget_fen": None,
        "on_withdrawal": OnWithdrawal.REVOKE_OPEN,
        "offered_from": NOW - DAY,
        "offered_until": None,
        "grant_days": 30,
        "conditions": Conditions(**conditions) if conditions else None,
    }
    return Incentive(
        id="late-return", scenario_id="rides", version=3, terms=Terms(**{**values, **terms})
    )


def decided(facts=None, **terms):
    return decide(an_incentive(**terms), Category.TRANSPORT, facts or some_facts())


def finding(decision, condition):
    [found] = [each for each in decision.findings if each.condition is condition]
    return found


def test_terms_without_conditions_ask_for_recognition_purpose_dates_and_tier():
    decision = decided()

    asked = [each.condition for each in decision.findings]
    assert asked == [
        Condition.RECOGNITION,
        Condition.PURPOSE,
        Condition.OFFERED,
        Condition.TIER,
    ]
    assert decision.refusal is None
    assert (decision.incentive_id, decision.incentive_version) == ("late-return", 3)


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"objection": "recognition_suspended"}, "recognition_suspended"),
        ({"purposes": frozenset({Category.SPORTS})}, "purpose_not_covered"),
        ({"at": NOW - 2 * DAY, "attested_at": NOW - 3 * DAY}, "not_offered"),
        ({"tier": 2}, "tier_below_minimum"),
    ],
)
def test_each_term_that_is_not_met_is_refused_by_its_word(facts, refusal):
    assert decided(some_facts(**facts)).refusal == refusal


@pytest.mark.parametrize(
    ("conditions", "facts", "refusal"),
    [
        ({"home_cities": (ZHENGZHOU,)}, {}, "home_not_covered"),
        ({"attestation_age_days": 7}, {"attested_at": NOW - 8 * DAY}, "attestation_too_old"),
        ({"weekdays": (Weekday.SATURDAY, Weekday.SUNDAY)}, {}, "outside_weekdays"),
        ({"hours": (Hours(since="15:00", until="18:00"),)}, {}, "outside_hours"),
        ({"districts": (XIHU,)}, {"district": "330105"}, "outside_district"),
        ({"districts": (XIHU,)}, {}, "outside_district"),
        ({"excludes": ("museum",)}, {"open_grants": frozenset({"museum"})}, "excluded_by_other"),
    ],
)
def test_each_condition_that_does_not_hold_is_refused_by_its_word(conditions, facts, refusal):
    assert decided(some_facts(**facts), conditions=conditions).refusal == refusal


@pytest.mark.parametrize(
    ("conditions", "facts"),
    [
        ({"home_cities": (ZHENGZHOU, FUZHOU)}, {}),
        ({"attestation_age_days": 7}, {"attested_at": NOW - 8 * DAY + timedelta(seconds=1)}),
        ({"weekdays": (Weekday.TUESDAY,)}, {}),
        ({"hours": (Hours(since="14:30", until="14:31"),)}, {}),
        ({"districts": (XIHU,)}, {"district": XIHU}),
        ({"excludes": ("museum",)}, {"open_grants": frozenset({"library"})}),
    ],
)
def test_a_condition_that_holds_is_found_and_refuses_nothing(conditions, facts):
    decision = decided(some_facts(**facts), conditions=conditions)

    assert decision.refusal is None
    assert len(decision.findings) == 5


def test_days_and_hours_are_the_host_citys():
    on_tuesday = {"weekdays": (Weekday.TUESDAY,), "hours": (Hours(since="00:00", until="01:00"),)}
    half_past_midnight = datetime(2026, 11, 23, 16, 30, tzinfo=UTC)

    facts = some_facts(at=half_past_midnight, attested_at=half_past_midnight)

    assert decided(facts, conditions=on_tuesday).refusal is None


@pytest.mark.parametrize(
    ("clock", "held"), [("21:59", False), ("22:00", True), ("01:59", True), ("02:00", False)]
)
def test_hours_may_run_past_midnight(clock, held):
    hour, minute = map(int, clock.split(":"))
    at = datetime(2026, 11, 23, 16, tzinfo=UTC) + timedelta(hours=hour, minutes=minute)

    decision = decided(
        some_facts(at=at, attested_at=at),
        conditions={"hours": (Hours(since="22:00", until="02:00"),)},
    )

    assert finding(decision, Condition.HOURS).held is held


def test_an_open_grant_may_bar_what_does_not_exclude_it_itself():
    facts = some_facts(open_grants=frozenset({"museum"}), barring=frozenset({"museum"}))

    assert decided(facts).refusal == "excluded_by_other"


def test_every_finding_is_told_also_after_one_that_did_not_hold():
    decision = decided(some_facts(tier=1), conditions={"home_cities": (ZHENGZHOU,)})

    assert decision.refusal == "tier_below_minimum"
    found = finding(decision, Condition.HOME)
    assert (found.held, found.asked, found.found) == (False, ZHENGZHOU, FUZHOU)


def test_age_is_never_below_zero_though_cities_clocks_differ():
    assert some_facts(attested_at=NOW + timedelta(seconds=3)).age_days == 0


def test_an_expression_is_judged_on_the_facts_and_tells_what_it_saw():
    expression = "home == '350100' && hour < 12"

    decision = decided(conditions={"expression": expression})

    found = finding(decision, Condition.EXPRESSION)
    assert (found.asked, found.found) == (expression, "false home=350100 hour=14")
    assert decision.refusal == "condition_not_met"


def test_an_expression_that_cannot_be_worked_out_does_not_hold():
    decision = decided(conditions={"expression": "10 / (tier - 4) > 1"})

    assert decision.refusal == "condition_not_met"
    assert finding(decision, Condition.EXPRESSION).found == "division by zero tier=4"


TIERS = st.integers(1, 5)
FACTS = st.builds(
    some_facts,
    tier=TIERS,
    home=st.sampled_from([FUZHOU, ZHENGZHOU]),
    at=st.integers(0, 20_000).map(lambda minutes: NOW + timedelta(minutes=minutes)),
    district=st.sampled_from([None, XIHU]),
    purposes=st.sets(st.sampled_from(Category)).map(frozenset),
)
CONDITIONS = st.fixed_dictionaries(
    {
        "home_cities": st.sampled_from([(), (FUZHOU,)]),
        "weekdays": st.sampled_from([(), (Weekday.SATURDAY,)]),
        "hours": st.sampled_from([(), (Hours(since="20:00", until="08:00"),)]),
        "districts": st.sampled_from([(), (XIHU,)]),
        "attestation_age_days": st.sampled_from([None, 5]),
        "expression": st.sampled_from([None, "tier > 2", "hour < 12 || home == '350100'"]),
    }
)


@given(FACTS, CONDITIONS, TIERS, TIERS)
def test_a_higher_tier_never_makes_an_outcome_worse(facts, conditions, minimum, higher):
    assume(higher > facts.tier)
    terms = {"minimum_tier": minimum, "conditions": conditions}

    lower = decided(facts, **terms)
    better = decided(replace(facts, tier=higher), **terms)

    assert better.refusal is None or lower.refusal is not None


@given(FACTS, CONDITIONS)
def test_to_consent_never_makes_an_outcome_worse(facts, conditions):
    without = decided(replace(facts, purposes=frozenset()), conditions=conditions)
    consenting = replace(facts, purposes=facts.purposes | {Category.TRANSPORT})

    assert without.refusal is not None
    assert decided(consenting, conditions=conditions).unmet < without.unmet


@given(FACTS, CONDITIONS)
def test_a_decision_taken_again_on_the_same_facts_is_the_same(facts, conditions):
    assert decided(facts, conditions=conditions) == decided(facts, conditions=conditions)


def test_no_fact_is_a_score_or_names_a_person():
    assert {each.name for each in fields(Facts)} == {
        "at",
        "tier",
        "home",
        "purposes",
        "crosswalk",
        "attested_at",
        "objection",
        "district",
        "open_grants",
        "barring",
    }


@pytest.mark.parametrize(
    ("expression", "then", "now", "met"),
    [
        ("tier >= 4 || home == '410100'", 4, 3, False),
        ("tier >= 3", 4, 3, True),
        ("district == '330106'", 4, 3, True),  # it did not turn on the tier
    ],
)
def test_after_a_correction_an_expression_is_asked_as_far_as_it_turns_on_the_tier(
    expression, then, now, met
):
    incentive = an_incentive(conditions={"expression": expression})

    facts = some_facts(tier=now)

    assert is_met_again(incentive, Category.TRANSPORT, facts, tier_then=then) is met
