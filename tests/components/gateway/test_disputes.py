"""Facts, disputes and repairs at the door: each acts for who is calling, and says nothing more."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from contracts.disputes import (
    AskForRepair,
    ContestRecognition,
    Deadlines,
    DecideDispute,
    DecideRepair,
    DisputeCases,
    DisputeRecord,
    FactRecords,
    ListContested,
    ListDisputeCases,
    ListFacts,
    ListRepairCases,
    NameDisputedFact,
    OpenDispute,
    RepairRecord,
    RepairRecords,
    RoutedDisputeRecord,
    RoutedDisputeRecords,
    ShowDeadlines,
    WithdrawDispute,
)
from contracts.errors import Refused
from contracts.recognition import IssuedAttestations, ListAttestations
from contracts.words import DisputeGround, DisputeState, RepairState
from tests.builders.gateway import PARTNER, RECOGNITION

pytestmark = [pytest.mark.gateway, pytest.mark.recognition]

AT = datetime(2026, 11, 5, 2, 0, tzinfo=UTC)
ID = UUID(int=7, version=4)
DISPUTE = DisputeRecord(
    dispute_id=ID,
    ground=DisputeGround.OTHER,
    statement="",
    state=DisputeState.OPEN,
    opened_at=AT,
    due_at=AT + timedelta(days=9),
)
REPAIR = RepairRecord(
    repair_id=ID,
    fact_id="fz-1",
    state=RepairState.OPEN,
    opened_at=AT,
    due_at=AT + timedelta(days=14),
)
ROUTED = RoutedDisputeRecord(
    dispute_id=ID,
    attestation_id=ID,
    home=PARTNER,
    ground=DisputeGround.OTHER,
    state=DisputeState.OPEN,
    opened_at=AT,
)
PLACE = f"/v1/disputes/{ID}"
ADMINISTRATION = "/v1/administration"


def sent(door):
    [command] = door.bus.sent
    return command


def test_a_resident_contests_a_fact_of_their_own(door):
    door.bus.answer(OpenDispute, DISPUTE)
    body = {"ground": "other", "fact_id": "fz-1", "statement": "该处罚决定已被撤销。\n见附件。"}

    answer = door.ask("PUT", PLACE, door.citizen(), json=body)

    assert answer.json["state"] == "open"
    assert (sent(door).dispute_id, sent(door).fact_id) == (ID, "fz-1")
    assert "990100" not in sent(door).resident


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"ground": "other"}, "fact_id"),
        ({"ground": "envy", "fact_id": "fz-1"}, "ground"),
        ({"fact_id": "fz-1"}, "ground"),
        ({"ground": "other", "fact_id": ""}, "fact_id"),
        ({"ground": "other", "fact_id": "f" * 65}, "fact_id"),
        ({"ground": "other", "fact_id": "fz-1", "statement": "x" * 2001}, "statement"),
        ({"ground": "other", "fact_id": "fz-1", "statement": "\u0000"}, "statement"),
        ({"ground": "other", "attestation_id": "7"}, "attestation_id"),
    ],
)
def test_a_dispute_that_cannot_be_read_is_refused_by_its_field(door, body, field):
    answer = door.ask("PUT", PLACE, door.citizen(), json=body)

    assert answer.status_code == 400
    assert [error["field"] for error in answer.json["errors"]] == [field]
    assert door.bus.sent == []


def test_a_resident_names_the_fact_later_and_may_withdraw(door):
    door.bus.answer(NameDisputedFact, DISPUTE)
    door.bus.answer(WithdrawDispute, DISPUTE)

    door.ask("PUT", f"{PLACE}/fact", door.citizen(), json={"fact_id": "fz-1"})
    door.ask("DELETE", PLACE, door.citizen())

    named, withdrawn = door.bus.sent
    assert named.resident == withdrawn.resident is not None


def test_an_official_names_a_fact_for_nobody_in_particular(door):
    door.bus.answer(NameDisputedFact, DISPUTE)

    door.ask(
        "PUT",
        f"{ADMINISTRATION}/disputes/{ID}/fact",
        door.administrator(),
        json={"fact_id": "fz-1"},
    )

    assert sent(door).resident is None


def test_an_official_sees_open_disputes_unless_another_state_is_asked_for(door):
    door.bus.answer(ListDisputeCases, DisputeCases(cases=()))

    door.ask("GET", f"{ADMINISTRATION}/disputes", door.administrator())
    door.ask("GET", f"{ADMINISTRATION}/disputes?state=upheld&after={ID}", door.administrator())

    assert door.bus.sent == [
        ListDisputeCases(),
        ListDisputeCases(state=DisputeState.UPHELD, after=ID),
    ]


def test_an_official_decides(door):
    door.bus.answer(DecideDispute, DISPUTE)
    door.bus.answer(DecideRepair, REPAIR)

    door.ask("PUT", f"{PLACE}/decision", door.administrator(), json={"outcome": "corrected"})
    door.ask(
        "PUT",
        f"/v1/repairs/{ID}/decision",
        door.administrator(),
        json={"outcome": "refused", "refusal": "duty_not_fulfilled"},
    )

    decision, repair = door.bus.sent
    assert (decision.outcome, repair.outcome, repair.refusal) == (
        "corrected",
        "refused",
        "duty_not_fulfilled",
    )


@pytest.mark.parametrize(
    ("place", "body", "field"),
    [
        (PLACE, {"outcome": "withdrawn"}, "outcome"),
        (f"/v1/repairs/{ID}", {}, "outcome"),
        (f"/v1/repairs/{ID}", {"outcome": "refused"}, "refusal"),
        (
            f"/v1/repairs/{ID}",
            {"outcome": "completed", "refusal": "duty_not_fulfilled"},
            "refusal",
        ),
    ],
)
def test_a_decision_says_what_it_means(door, place, body, field):
    answer = door.ask("PUT", f"{place}/decision", door.administrator(), json=body)

    assert [error["field"] for error in answer.json["errors"]] == [field]


def test_how_deadlines_are_kept_is_shown_as_of_a_day(door):
    kept = Deadlines(at=AT, disputes_due=4, disputes_in_time=3, repairs_due=0, repairs_in_time=0)
    door.bus.answer(ShowDeadlines, kept)

    answer = door.ask(
        "GET", f"{ADMINISTRATION}/deadlines?time={int(AT.timestamp())}", door.administrator()
    )

    assert (sent(door).at, answer.json["disputes_in_time"]) == (AT, 3)


def test_a_repair_that_comes_too_early_says_the_first_day(door):
    door.bus.answer(AskForRepair, Refused("repair_too_early", "from 2026-12-01T00:00:00+08:00"))

    answer = door.ask("PUT", f"/v1/repairs/{ID}", door.citizen(), json={"fact_id": "fz-1"})

    assert (answer.status_code, answer.json["code"]) == (422, "repair_too_early")
    assert "2026-12-01" in answer.json["detail"]


def test_a_holder_contests_the_attestation_behind_their_session(door):
    door.bus.answer(ContestRecognition, ROUTED)
    door.bus.answer(ListContested, RoutedDisputeRecords(disputes=(ROUTED,)))

    door.ask("PUT", f"/v1/session/disputes/{ID}", door.holder(), json={"ground": "other"})
    answer = door.ask("GET", "/v1/session/disputes", door.holder())

    assert {command.recognition_id for command in door.bus.sent} == {RECOGNITION}
    assert answer.json["disputes"][0]["home"] == PARTNER


@pytest.mark.parametrize(
    ("command", "reply", "path"),
    [
        (ListFacts, FactRecords(facts=()), "/v1/facts"),
        (ListAttestations, IssuedAttestations(attestations=()), "/v1/attestations"),
    ],
)
def test_a_resident_asks_for_what_is_their_own(door, command, reply, path):
    door.bus.answer(command, reply)

    assert door.ask("GET", path, door.citizen()).status_code == 200
    assert door.ask("GET", path, door.administrator()).status_code in {400, 403}
    assert len(door.bus.sent) == 1


@pytest.mark.parametrize("cases", ["disputes", "repairs", "deadlines"])
def test_only_officials_see_cases(door, cases):
    path = f"{ADMINISTRATION}/{cases}"
    door.bus.answer(ListRepairCases, RepairRecords(repairs=()))

    assert door.ask("GET", path, door.citizen()).status_code == 403
    assert door.ask("GET", path).status_code == 401
    assert door.bus.sent == []
