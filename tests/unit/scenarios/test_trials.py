"""A dry run says what terms would decide, and warns of what is hardly meant; nothing is kept."""

from datetime import timedelta

import pytest

from contracts.errors import Malformed, NotFound
from contracts.rules import Conditions, Hours
from contracts.trials import DraftTerms, Sample, TryIncentive
from contracts.words import Condition, DoubtKind, Weekday
from services.scenarios.handlers.trials import try_incentive
from tests.builders.scenarios import (
    BIKES,
    DAY,
    FUZHOU,
    GYM,
    HANGZHOU,
    NOW,
    ONE_USE,
    RIDES,
    ZHENGZHOU,
    a_catalogue,
    a_month,
    an_offer,
)

pytestmark = pytest.mark.scenarios

MEMBERS = (FUZHOU, ZHENGZHOU)


def a_draft(conditions=None, **overrides):
    values = {
        "scenario_id": RIDES,
        "title": "延时还车",
        "title_en": "Return late",
        "benefit": ONE_USE,
        "minimum_tier": 3,
        "per_holder": a_month(1),
        "conditions": Conditions(**conditions) if conditions else None,
    }
    return DraftTerms(**{**values, **overrides})


def tried(uow, terms, samples=(), *, operator_id=BIKES, homes=MEMBERS):
    command = TryIncentive(
        incentive_id="late-return",
        operator_id=operator_id,
        terms=terms,
        samples=tuple(samples),
        homes=homes,
    )
    return try_incentive(command, uow=uow, city=HANGZHOU, now=NOW)


def doubts(uow, conditions, **overrides):
    a_catalogue(uow)
    record = tried(uow, a_draft(conditions, **overrides))
    return [(each.kind, each.condition) for each in record.doubts]


def test_without_samples_every_tier_meets_every_member_city(uow):
    a_catalogue(uow)

    record = tried(uow, a_draft({"home_cities": (FUZHOU,)}))

    told = {(each.sample.home, each.sample.tier): each.refusal for each in record.outcomes}
    assert told == {
        **{(home, tier): "tier_below_minimum" for home in MEMBERS for tier in (1, 2)},
        **{(FUZHOU, tier): None for tier in (3, 4, 5)},
        **{(ZHENGZHOU, tier): "home_not_covered" for tier in (3, 4, 5)},
    }
    assert record.version is None
    assert not record.doubts


def test_a_sample_is_judged_on_what_it_says(uow):
    a_catalogue(uow)
    conditions = {
        "attestation_age_days": 7,
        "weekdays": (Weekday.SUNDAY,),
        "districts": ("330106",),
        "excludes": ("museum",),
    }
    sample = Sample(
        tier=4,
        home=FUZHOU,
        at=NOW,
        age_days=8,
        district="330105",
        purposes=(),
        open_grants=("museum",),
    )

    [outcome] = tried(uow, a_draft(conditions), [sample]).outcomes

    unmet = {each.condition for each in outcome.findings if not each.held}
    assert unmet == {
        Condition.PURPOSE,
        Condition.ATTESTATION_AGE,
        Condition.WEEKDAY,
        Condition.DISTRICT,
        Condition.EXCLUSION,
    }
    assert outcome.refusal == "purpose_not_covered"


def test_without_terms_those_of_the_newest_version_are_tried(uow):
    an_offer(uow, minimum_tier=5)

    record = tried(uow, None, [Sample(tier=4, home=FUZHOU)])

    assert (record.version, record.outcomes[0].refusal) == (1, "tier_below_minimum")


def test_a_trial_keeps_nothing(uow):
    an_offer(uow)
    announced = list(uow.announced)

    tried(uow, a_draft({"excludes": ("museum",)}))

    assert uow.announced == announced
    assert not uow.state.grants.rows


def test_an_operator_tries_only_what_is_its_own_and_the_city_everything(uow):
    an_offer(uow)

    for terms in (a_draft(), None):
        with pytest.raises(NotFound):
            tried(uow, terms, operator_id=GYM)
        assert tried(uow, terms, operator_id=None).outcomes


def test_terms_that_contradict_themselves_and_too_many_samples_are_malformed(uow):
    a_catalogue(uow)

    with pytest.raises(Malformed) as wrong:
        tried(uow, a_draft({"expression": "tier ="}))
    with pytest.raises(Malformed) as many:
        tried(uow, a_draft(), [Sample(tier=1, home=FUZHOU)] * 501)

    assert set(wrong.value.errors) == {"conditions.expression"}
    assert set(many.value.errors) == {"samples"}


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({"hours": (Hours(since="22:15", until="22:20"),)}, []),
        ({"weekdays": (Weekday.SUNDAY,), "districts": ("330106",)}, []),
        ({"expression": "home == '350100' && hour == 3 && minute == 30"}, []),
        ({"expression": "age_days > 20 && district == '330106'"}, []),
        ({"expression": "'museum' in open_grants"}, []),
        ({"home_cities": ("510100",)}, [(DoubtKind.NO_MEMBER, Condition.HOME)]),
        ({"expression": "hour > 23"}, [(DoubtKind.NEVER_HOLDS, Condition.EXPRESSION)]),
        (
            {"home_cities": (FUZHOU,), "expression": "home != '350100'"},
            [(DoubtKind.NEVER_GIVEN, None)],
        ),
        (
            {"expression": "tier < 5"},
            [(DoubtKind.WORSE_WITH_HIGHER_TIER, Condition.EXPRESSION)],
        ),
    ],
)
def test_what_is_hardly_meant_is_doubted_and_nothing_else_is(uow, conditions, expected):
    assert doubts(uow, conditions) == expected


def test_a_weekday_that_the_dates_leave_out_is_never_met(uow):
    found = doubts(
        uow,
        {"weekdays": (Weekday.MONDAY,)},
        offered_from=NOW,
        offered_until=NOW + 2 * DAY,  # Tuesday to Thursday
    )

    assert found == [(DoubtKind.NEVER_HOLDS, Condition.WEEKDAY)]


def test_terms_whose_time_is_over_are_never_given(uow):
    found = doubts(uow, {}, offered_from=NOW - 2 * DAY, offered_until=NOW - timedelta(hours=1))

    assert found == [(DoubtKind.NEVER_HOLDS, Condition.OFFERED)]
