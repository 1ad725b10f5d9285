"""Decisions at the door: a holder reads those about themselves, in words; nobody else any."""

from uuid import UUID

import pytest

from contracts.decisions import (
    DecisionBasis,
    DecisionRecord,
    DecisionRecords,
    ExplainDecision,
    ListDecisions,
)
from contracts.errors import NotFound
from contracts.outcomes import DecisionOutcome
from contracts.words import Condition
from tests.builders.explanations import ID, an_explanation
from tests.builders.gateway import HOLDER, PARTNER
from tests.contracts.test_explanations import a_finding

pytestmark = [pytest.mark.gateway, pytest.mark.scenarios]

PLACE = f"/v1/decisions/{ID}"
BASIS = DecisionBasis(
    home=PARTNER, recognition_id=UUID(int=3), attestation_id=UUID(int=4), crosswalk=2
)
RECORD = DecisionRecord(
    explanation=an_explanation(
        outcome=DecisionOutcome.REFUSED,
        reason="tier_below_minimum",
        findings=(a_finding(),),
        basis=BASIS,
    ),
    digest="0" * 64,
    attempts=2,
)


def sent(door):
    [command] = door.bus.sent
    return command


def test_a_holder_reads_why_and_what_to_do_in_both_languages(door):
    door.adopt()
    door.bus.answer(ExplainDecision, RECORD)

    answer = door.ask("GET", PLACE, door.holder())

    assert answer.status_code == 200
    assert sent(door) == ExplainDecision(decision_id=ID, holder=HOLDER)
    body = answer.json
    assert body["explanation"]["reason"] == "tier_below_minimum"
    assert body["title"]["zh"] == "联盟等级未达到要求。"
    assert body["title"]["en"] == "The tier is below what the incentive asks."
    [condition] = body["conditions"]
    assert (condition["condition"], condition["held"]) == (Condition.TIER, False)
    assert condition["text"]["zh"] == "要求等级不低于4；实际为3。"
    assert body["attempts"] == 2


def test_the_next_step_leads_to_the_dispute_path_of_the_home_city(door):
    door.adopt()
    door.bus.answer(ExplainDecision, RECORD)

    step = door.ask("GET", PLACE, door.holder()).json["next_step"]

    assert "/v1/disputes" in step["en"]
    assert "https://" in step["zh"]


def test_a_home_city_that_left_the_roster_is_no_obstacle(door):
    door.bus.answer(ExplainDecision, RECORD)

    step = door.ask("GET", PLACE, door.holder()).json["next_step"]

    assert step["en"] == "See which other incentives there are."


def test_a_holder_lists_decisions_and_goes_on_from_the_last(door):
    door.bus.answer(ListDecisions, DecisionRecords(decisions=(RECORD,), next=ID))

    answer = door.ask("GET", f"/v1/decisions?after={ID}", door.holder())

    assert sent(door) == ListDecisions(holder=HOLDER, after=ID)
    [line] = answer.json["decisions"]
    assert (line["decision_id"], line["reason"]) == (str(ID), "tier_below_minimum")
    assert line["title"]["en"] == "The tier is below what the incentive asks."
    assert "facts" not in line
    assert answer.json["next"] == str(ID)


def test_a_decision_about_somebody_else_is_not_there(door):
    door.bus.answer(ExplainDecision, NotFound("not_found", "decision"))

    assert door.ask("GET", PLACE, door.holder()).status_code == 404


@pytest.mark.parametrize("path", ["/v1/decisions", PLACE])
@pytest.mark.parametrize("who", ["operator", "citizen", "administrator"])
def test_nobody_but_holders_has_a_way_to_decisions(door, path, who):
    answer = door.ask("GET", path, getattr(door, who)())

    assert answer.status_code in {401, 403}
    assert door.bus.sent == []
