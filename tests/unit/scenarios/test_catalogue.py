"""Operators and scenarios: whose they are, and what may change."""

import pytest

from contracts.errors import Conflict, NotFound
from contracts.scenarios import IncentivePublished, OperatorRecord
from contracts.words import Category
from services.scenarios.handlers.catalogue import register_operator, register_scenario
from tests.builders.scenarios import (
    BIKES,
    GYM,
    RIDES,
    a_catalogue,
    a_register_operator,
    a_register_scenario,
    an_offer,
)

pytestmark = pytest.mark.scenarios


def test_an_operator_is_admitted_and_may_change_its_names(uow):
    register_operator(a_register_operator(), uow=uow)

    renamed = register_operator(a_register_operator(name="小红车", name_en="Red bikes"), uow=uow)

    assert renamed == OperatorRecord(operator_id=BIKES, name="小红车", name_en="Red bikes")
    assert uow.state.operators.get(BIKES).name == "小红车"


def test_registering_a_scenario_again_changes_nothing(uow):
    a_catalogue(uow)

    again = register_scenario(a_register_scenario(), uow=uow)

    assert (again.scenario_id, again.operator_id) == (RIDES, BIKES)
    assert again.category is Category.TRANSPORT
    assert uow.announced == []


def test_new_names_of_a_scenario_are_announced_with_its_incentives(uow):
    an_offer(uow)

    register_scenario(a_register_scenario(name_en="Bikes on credit"), uow=uow)

    first, again = uow.announced_of(IncentivePublished)
    assert (first.scenario_name_en, again.scenario_name_en) == (
        "Rides on credit",
        "Bikes on credit",
    )
    assert again.version == first.version


def test_an_unknown_operator_registers_nothing(uow):
    with pytest.raises(NotFound, match="operator"):
        register_scenario(a_register_scenario(), uow=uow)

    assert uow.state.scenarios.get(RIDES) is None


def test_a_scenario_stays_in_its_category(uow):
    a_catalogue(uow)

    with pytest.raises(Conflict, match="id_reused"):
        register_scenario(a_register_scenario(category=Category.SPORTS), uow=uow)

    assert uow.state.scenarios.get(RIDES).category is Category.TRANSPORT


def test_no_operator_takes_over_the_scenario_of_another(uow):
    a_catalogue(uow)
    register_operator(a_register_operator(operator_id=GYM), uow=uow)

    with pytest.raises(Conflict, match="id_reused"):
        register_scenario(a_register_scenario(operator_id=GYM), uow=uow)

    assert uow.state.scenarios.get(RIDES).operator_id == BIKES
