"""Conditions that cannot be meant are refused when terms are said, each by its field."""

import pytest

from contracts.errors import Malformed, Refused
from contracts.rules import Conditions, Hours, Limit
from contracts.words import Period, Weekday
from tests.builders.scenarios import FUZHOU, NOW, ZHENGZHOU, a_holder, an_offer, issue

pytestmark = pytest.mark.scenarios


def problems(uow, **conditions):
    with pytest.raises(Malformed) as refused:
        an_offer(uow, conditions=Conditions(**conditions))
    return refused.value.errors


def test_an_expression_that_is_no_condition_is_refused_with_its_place(uow):
    found = problems(uow, expression="tier >= 4 &&\n  score > 600")

    assert found["conditions.expression"].startswith("line 2, column 3: Unknown variable score;")


def test_two_limits_of_one_holder_in_the_same_period_contradict_each_other(uow):
    limits = (Limit(count=1, period=Period.DAY), Limit(count=2, period=Period.DAY))

    assert set(problems(uow, holder_limits=limits)) == {"conditions.holder_limits"}


def test_a_district_of_another_city_is_named(uow):
    assert set(problems(uow, districts=("330106", "350102"))) == {"conditions.districts.1"}


@pytest.mark.parametrize(
    ("conditions", "refusal"),
    [
        ({"home_cities": (ZHENGZHOU,)}, "home_not_covered"),
        ({"weekdays": (Weekday.SUNDAY,)}, "outside_weekdays"),
        ({"hours": (Hours(since="08:00", until="09:00"),)}, "outside_hours"),
        ({"districts": ("330106",)}, "outside_district"),
        ({"expression": "home == '410100'"}, "condition_not_met"),
    ],
)
def test_nothing_is_given_while_a_condition_does_not_hold(uow, conditions, refusal):
    an_offer(uow, conditions=Conditions(**conditions))

    with pytest.raises(Refused, match=refusal):
        issue(uow, a_holder(uow))

    assert not uow.state.grants.rows


def test_a_holder_names_the_district_of_use_unless_the_scenario_has_one(uow):
    an_offer(uow, conditions=Conditions(districts=("330106",), expression="home == '350100'"))

    grant = issue(uow, a_holder(uow, home=FUZHOU), district="330106", now=NOW)

    assert grant.incentive_id == "late-return"
