"""Incentives: submitted in one's own scenario, under terms that make sense, in versions."""

import pytest

from contracts.benefits import Discount, FreeUse, Voucher
from contracts.errors import Conflict, Malformed, NotFound, Refused
from contracts.rules import Limit
from contracts.words import IncentiveState, MoveKind, Mover, Period, ScenarioKind
from services.scenarios.handlers.catalogue import (
    publish_incentive,
    register_operator,
    register_scenario,
)
from tests.builders.scenarios import (
    DAY,
    GYM,
    HANGZHOU,
    HOUR,
    NOW,
    RIDES,
    SPORTS,
    TEN_YUAN,
    a_catalogue,
    a_month,
    a_publish_incentive,
    a_register_operator,
    a_register_scenario,
    an_offer,
)

pytestmark = pytest.mark.scenarios


def submit(uow, *, now=NOW, **overrides):
    return publish_incentive(a_publish_incentive(**overrides), uow=uow, city=HANGZHOU, now=now)


def test_an_incentive_is_submitted_and_waits_for_the_city(uow):
    a_catalogue(uow)

    record = submit(uow)

    [moved] = uow.announced
    assert (record.version, record.state, record.offered_from) == (1, IncentiveState.DRAFT, NOW)
    assert (moved.move, moved.by, moved.state) == (
        MoveKind.SUBMITTED,
        Mover.OPERATOR,
        IncentiveState.DRAFT,
    )


def test_submitting_the_same_terms_again_is_the_same_version(uow):
    a_catalogue(uow)
    first = submit(uow)

    again = submit(uow, now=NOW + DAY)

    assert again == first
    assert len(uow.announced) == 1


def test_other_terms_are_a_new_version_offered_since_the_first(uow):
    a_catalogue(uow)
    submit(uow)

    second = submit(uow, now=NOW + DAY, minimum_tier=4)

    assert (second.version, second.minimum_tier, second.offered_from) == (2, 4, NOW)


@pytest.mark.parametrize("kind", [ScenarioKind.SCREENING, ScenarioKind.SUBSTITUTION])
def test_only_a_scenario_for_incentives_has_incentives(uow, kind):
    a_catalogue(uow, kind=kind)

    with pytest.raises(Refused, match="wrong_kind"):
        submit(uow)

    assert uow.announced == []


def test_an_incentive_cannot_be_submitted_in_the_scenario_of_another(uow):
    an_offer(uow)
    register_operator(a_register_operator(operator_id=GYM), uow=uow)

    for scenario_id in (RIDES, "no-such-scenario"):
        with pytest.raises(NotFound) as refusal:
            submit(uow, incentive_id="mine", operator_id=GYM, scenario_id=scenario_id)

        assert str(refusal.value) == "not_found: scenario"


def test_an_incentive_stays_in_its_scenario(uow):
    an_offer(uow)
    register_scenario(a_register_scenario(scenario_id=SPORTS), uow=uow, city=HANGZHOU, now=NOW)

    with pytest.raises(Conflict, match="id_reused"):
        submit(uow, scenario_id=SPORTS)


def test_no_operator_takes_over_the_incentive_of_another(uow):
    an_offer(uow)
    register_operator(a_register_operator(operator_id=GYM), uow=uow)
    register_scenario(
        a_register_scenario(scenario_id=SPORTS, operator_id=GYM), uow=uow, city=HANGZHOU, now=NOW
    )

    with pytest.raises(Conflict, match="id_reused"):
        submit(uow, scenario_id=SPORTS, operator_id=GYM)


@pytest.mark.parametrize(
    ("field", "terms"),
    [
        ("benefit.cap_fen", {"benefit": Discount(percent_off=10), "budget_fen": 1000}),
        ("budget_fen", {"benefit": TEN_YUAN, "budget_fen": 0}),
        ("budget_fen", {"benefit": FreeUse(uses=3), "budget_fen": 1000}),
        ("budget_fen", {"benefit": Voucher(face_fen=0), "budget_fen": 1000}),
        ("offered_until", {"offered_from": NOW, "offered_until": NOW}),
        ("offered_until", {"offered_until": NOW - HOUR}),
        ("per_holder.count", {"per_holder": a_month(3), "quota": a_month(2)}),
        ("grant_days", {"grant_days": 1_000_000_000}),
    ],
)
def test_terms_that_contradict_themselves_are_named(uow, field, terms):
    a_catalogue(uow)

    with pytest.raises(Malformed) as refusal:
        submit(uow, **terms)

    assert list(refusal.value.errors) == [field]
    assert uow.announced == []


@pytest.mark.parametrize(
    "terms",
    [
        {"benefit": Discount(percent_off=10)},
        {"benefit": Discount(percent_off=10, cap_fen=500), "budget_fen": 1000},
        {"per_holder": a_month(2), "quota": a_month(2)},
        {"per_holder": Limit(count=9, period=Period.YEAR), "quota": a_month(2)},
        {"offered_from": NOW + DAY, "offered_until": NOW + 2 * DAY},
    ],
)
def test_terms_that_make_sense_are_submitted(uow, terms):
    a_catalogue(uow)

    record = submit(uow, **terms)

    assert record.version == 1
