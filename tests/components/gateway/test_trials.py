"""Dry runs over HTTP: an operator tries its own terms, the city any; homes are the roster's."""

import pytest

from contracts.trials import Sample, TrialRecord, TryIncentive
from tests.builders.gateway import PARTNER

pytestmark = pytest.mark.scenarios

OWN = "/v1/incentives/long-ride/dry-run"
ANY = "/v1/administration/incentives/long-ride/dry-run"
NOTHING = TrialRecord(incentive_id="long-ride", version=1, outcomes=(), doubts=())


def test_an_operator_asks_by_its_own_name_and_about_the_cities_that_take_part(door):
    door.adopt()
    door.bus.answer(TryIncentive, NOTHING)

    answer = door.ask(
        "POST", OWN, door.operator(), json={"samples": [{"tier": 3, "home": PARTNER}]}
    )

    assert answer.status_code == 200, answer.text
    [command] = door.bus.sent
    assert (command.operator_id, command.terms, command.homes) == ("hello-bike", None, (PARTNER,))
    assert command.samples == (Sample(tier=3, home=PARTNER),)


def test_the_city_asks_about_any(door):
    door.bus.answer(TryIncentive, NOTHING)

    answer = door.ask("POST", ANY, door.administrator(), json={})

    assert answer.status_code == 200, answer.text
    assert door.bus.sent[0].operator_id is None


@pytest.mark.parametrize("path", [OWN, ANY])
def test_holders_try_nothing(door, path):
    assert door.ask("POST", path, door.holder(), json={}).status_code in {401, 403}


def test_terms_are_read_strictly(door):
    answer = door.ask("POST", OWN, door.operator(), json={"terms": {"minimum_tier": 9}})

    assert answer.status_code == 400
    assert "terms.minimum_tier" in {each["field"] for each in answer.json["errors"]}


@pytest.mark.parametrize(
    ("facts", "field"),
    [({"at": "0906-10-06T14:34:15Z"}, "at"), ({"age_days": 1_000_000}, "age_days")],
)
def test_a_sample_is_of_our_times(door, facts, field):
    sample = {"tier": 3, "home": PARTNER, **facts}

    answer = door.ask("POST", OWN, door.operator(), json={"samples": [sample]})

    assert (answer.status_code, answer.json["code"]) == (400, "malformed")
    assert {each["field"] for each in answer.json["errors"]} == {f"samples.0.{field}"}
    assert door.bus.sent == []
