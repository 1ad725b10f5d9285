"""The read side follows a recognition that goes on: revised, suspended, resumed."""

from datetime import timedelta
from itertools import permutations
from uuid import UUID

import pytest
from sqlalchemy import func, select

from contracts.corrections import RecognitionResumed, RecognitionRevised, RecognitionSuspended
from contracts.erasures import HolderErased
from contracts.recognition import CategoryTier
from contracts.words import Category
from services.gateway.adapters.tables import corrections as noted
from services.gateway.adapters.tables import holders
from services.gateway.eligibility import corrections, forgetting, projector
from tests.builders.gateway import HOLDER, PARTNER, RECOGNITION, a_recognition, an_incentive
from tests.builders.gateway_events import ended, recognised
from tests.fakes.gateway import FakeClock

pytestmark = [pytest.mark.gateway, pytest.mark.recognition]

NOW = FakeClock.START
MINUTE = timedelta(minutes=1)
PROJECTORS = {
    "ScoreRecognised": projector.recognise,
    "RecognitionEnded": projector.end_recognition,
    "IncentivePublished": projector.publish_incentive,
    "RecognitionRevised": corrections.revise,
    "RecognitionSuspended": corrections.suspend,
    "RecognitionResumed": corrections.resume,
    "HolderErased": forgetting.erase_holder,
}


def revised(**overrides):
    values = {
        "recognition_id": RECOGNITION,
        "attestation_id": UUID(int=2),
        "holder": HOLDER,
        "home": PARTNER,
        "tier": 2,
        "purposes": (Category.TRANSPORT,),
        "crosswalk": 1,
        "reason": "score_changed",
        "revised_at": NOW + MINUTE,
        "until": a_recognition().until,
    }
    return RecognitionRevised(**{**values, **overrides})


def suspended(at=NOW + MINUTE):
    return RecognitionSuspended(
        recognition_id=RECOGNITION,
        holder=HOLDER,
        home=PARTNER,
        reason="fact_disputed",
        suspended_at=at,
    )


def resumed(at=NOW + 2 * MINUTE):
    return RecognitionResumed(
        recognition_id=RECOGNITION, holder=HOLDER, home=PARTNER, resumed_at=at
    )


def hear(door, *events):
    for event in events:
        with door.engine.begin() as connection:
            PROJECTORS[type(event).__name__](connection, event)


def answer(door):
    return door.ask("GET", "/v1/eligibility", door.holder())


def reasons(door):
    return {offer["incentive_id"]: offer["reasons"] for offer in answer(door).json["offers"]}


def test_the_tier_of_a_revision_counts_at_once_in_the_same_session(door):
    hear(door, recognised(), an_incentive(minimum_tier=3))
    token = door.holder()
    assert reasons(door) == {"long-ride": []}

    hear(door, revised())

    shown = door.ask("GET", "/v1/eligibility", token)
    assert (shown.status_code, shown.json["tier"]) == (200, 2)
    assert shown.json["offers"][0]["reasons"] == ["tier_below_minimum"]


def test_what_two_cities_agreed_on_counts_after_a_revision_as_it_says(door):
    agreed = (CategoryTier(category=Category.TRANSPORT, tier=5),)
    hear(door, recognised(tier=4), an_incentive(minimum_tier=4))

    hear(door, revised(tier=2, tiers=agreed))

    assert answer(door).json["tiers"] == [{"category": "transport", "tier": 5}]
    assert reasons(door) == {"long-ride": []}
    hear(door, revised(tier=2, revised_at=NOW + 2 * MINUTE))
    assert reasons(door) == {"long-ride": ["tier_below_minimum"]}


def test_purposes_and_end_of_a_revision_count_as_well(door):
    hear(door, recognised(), an_incentive())

    hear(door, revised(tier=4, purposes=(Category.SPORTS,), until=NOW + 5 * MINUTE))

    assert reasons(door) == {"long-ride": ["purpose_not_covered"]}
    door.clock.move(minutes=5)
    assert answer(door).json["code"] == "recognition_ended"


def test_a_late_revision_does_not_bring_back_what_ended_so_long_ago_that_its_end_is_forgotten(door):
    hear(door, recognised(), an_incentive(), ended())
    with door.engine.begin() as connection:
        projector.forget_old(connection, ended().ended_at + projector.KEPT + MINUTE)

    hear(door, revised())

    assert answer(door).json["code"] == "recognition_ended"


def test_a_suspended_recognition_may_look_and_is_told_why_nothing_may_be_taken(door):
    hear(door, recognised(), an_incentive(), suspended())

    shown = answer(door)

    assert shown.status_code == 200
    [offer] = shown.json["offers"]
    assert (offer["eligible"], offer["reasons"]) == (False, ["recognition_suspended"])


def test_after_resumption_all_is_as_it_was(door):
    hear(door, recognised(), an_incentive())
    before = answer(door).json

    hear(door, suspended(), resumed())

    assert answer(door).json == before


def test_nobody_else_is_touched(door):
    others = {"holder": "somebody-else", "recognition_id": UUID(int=77)}
    hear(door, recognised(), recognised(**others), an_incentive(), suspended())

    token = door.holder(**others)

    [offer] = door.ask("GET", "/v1/eligibility", token).json["offers"]
    assert offer["eligible"]


@pytest.mark.parametrize("order", list(permutations(range(4)))[::3])
def test_events_of_a_recognition_may_be_heard_in_any_order_and_twice(door, order):
    story = (recognised(), suspended(), resumed(), revised(tier=3, revised_at=NOW + 3 * MINUTE))
    hear(door, an_incentive(), *(story[n] for n in order), *story)

    shown = answer(door).json

    assert (shown["tier"], shown["offers"][0]["reasons"]) == (3, [])


def test_of_revisions_the_latest_stands(door):
    hear(door, recognised(), revised(tier=5, revised_at=NOW + 2 * MINUTE), revised(tier=2))

    assert answer(door).json["tier"] == 5


def test_of_suspension_and_resumption_at_once_the_suspension_holds(door):
    hear(door, recognised(), an_incentive(), suspended(), resumed(at=NOW + MINUTE))

    assert reasons(door) == {"long-ride": ["recognition_suspended"]}


def test_an_end_stands_whatever_else_is_heard(door):
    hear(door, recognised(), ended(), resumed(), revised())

    assert answer(door).json["code"] == "recognition_ended"


def test_a_former_recognition_changes_nothing_of_the_newest(door):
    newest = {"recognition_id": UUID(int=78), "recognised_at": NOW + MINUTE}
    hear(door, recognised(), recognised(**newest), suspended(at=NOW + 2 * MINUTE), revised())

    with door.engine.connect() as connection:
        row = connection.execute(select(holders)).one()
    assert (row.recognition_id, row.tier, row.suspended) == (UUID(int=78), 4, False)


def test_what_was_noted_is_forgotten_when_no_recognition_can_need_it(door):
    hear(door, recognised(), suspended())
    month_later = NOW + MINUTE + projector.KEPT

    counts = []
    for moment in (month_later, month_later + MINUTE):
        with door.engine.begin() as connection:
            projector.forget_old(connection, moment)
            counts.append(connection.execute(select(func.count()).select_from(noted)).scalar())

    assert counts == [1, 0]


@pytest.mark.parametrize("told", [revised, suspended, resumed])
def test_what_becomes_of_a_recognition_brings_no_erased_holder_back(door, told):
    hear(door, recognised(), HolderErased(holder=HOLDER, erased_at=NOW), told())

    with door.engine.connect() as connection:
        assert connection.execute(select(holders)).all() == []
