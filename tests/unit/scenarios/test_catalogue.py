"""Operators and scenarios: whose they are, and what may change."""

import pytest

from contracts.errors import Conflict, Malformed, NotFound
from contracts.scenarios import IncentivePublished, OperatorRecord
from contracts.words import Category, ScenarioKind
from services.scenarios.domain.scenario import lies_in
from services.scenarios.handlers.catalogue import register_operator, register_scenario
from tests.builders.scenarios import (
    BIKES,
    GYM,
    HANGZHOU,
    NOW,
    RIDES,
    a_catalogue,
    a_register_operator,
    a_register_scenario,
    an_offer,
)

pytestmark = pytest.mark.scenarios


def register(uow, command):
    return register_scenario(command, uow=uow, city=HANGZHOU, now=NOW)


def test_an_operator_is_admitted_and_may_change_its_names(uow):
    register_operator(a_register_operator(), uow=uow)

    renamed = register_operator(a_register_operator(name="小红车", name_en="Red bikes"), uow=uow)

    assert renamed == OperatorRecord(operator_id=BIKES, name="小红车", name_en="Red bikes")
    assert uow.state.operators.get(BIKES).name == "小红车"


def test_registering_a_scenario_again_changes_nothing(uow):
    a_catalogue(uow)

    again = register(uow, a_register_scenario())

    assert (again.scenario_id, again.operator_id) == (RIDES, BIKES)
    assert again.category is Category.TRANSPORT
    assert uow.announced == []


def test_new_names_of_a_scenario_are_announced_with_its_incentives(uow):
    an_offer(uow)

    register(uow, a_register_scenario(name_en="Bikes on credit"))

    first, again = uow.announced_of(IncentivePublished)
    assert (first.scenario_name_en, again.scenario_name_en) == (
        "Rides on credit",
        "Bikes on credit",
    )
    assert again.version == first.version


def test_an_unknown_operator_registers_nothing(uow):
    with pytest.raises(NotFound, match="operator"):
        register(uow, a_register_scenario())

    assert uow.state.scenarios.get(RIDES) is None


def test_a_scenario_stays_in_its_category(uow):
    a_catalogue(uow)

    with pytest.raises(Conflict, match="id_reused"):
        register(uow, a_register_scenario(category=Category.SPORTS))

    assert uow.state.scenarios.get(RIDES).category is Category.TRANSPORT


def test_no_operator_takes_over_the_scenario_of_another(uow):
    a_catalogue(uow)
    register_operator(a_register_operator(operator_id=GYM), uow=uow)

    with pytest.raises(Conflict, match="id_reused"):
        register(uow, a_register_scenario(operator_id=GYM))

    assert uow.state.scenarios.get(RIDES).operator_id == BIKES


def test_a_scenario_stays_of_its_kind(uow):
    a_catalogue(uow)

    with pytest.raises(Conflict, match="id_reused"):
        register(uow, a_register_scenario(kind=ScenarioKind.SCREENING))

    assert uow.state.scenarios.get(RIDES).kind is ScenarioKind.INCENTIVE


@pytest.mark.parametrize("district", ["330106", "330182"])
def test_a_scenario_is_in_a_district_of_the_city(uow, district):
    register_operator(a_register_operator(), uow=uow)

    assert register(uow, a_register_scenario(district=district)).district == district


@pytest.mark.parametrize("district", ["350102", "330200", "330000", "330100"])
def test_a_district_of_elsewhere_is_refused(uow, district):
    register_operator(a_register_operator(), uow=uow)

    with pytest.raises(Malformed) as refusal:
        register(uow, a_register_scenario(district=district))

    assert list(refusal.value.errors) == ["district"]
    assert uow.state.scenarios.get(RIDES) is None


def test_the_districts_of_a_municipality_share_two_digits_with_it():
    assert lies_in("110105", "110000")
    assert not lies_in("120101", "110000")
