"""Conditions on the read side: what is answered is what scenarios would decide at that moment."""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from contracts.corrections import GrantRestored, RecognitionRevised
from contracts.erasures import HolderErased
from contracts.passes import RedemptionReversed
from contracts.recognition import RecognitionEvidence
from contracts.rules import Conditions, Hours
from contracts.scenarios import GrantEnded
from contracts.words import Category, GrantState, OnWithdrawal, Period, Weekday
from services.gateway.adapters.tables import held_grants, holders
from services.gateway.eligibility import corrections, forgetting, held, projector
from services.gateway.eligibility.conditions import Circumstances
from services.gateway.eligibility.evaluate import Standing, Terms, reasons_against
from services.scenarios.domain.decision import decide
from services.scenarios.domain.facts import Facts, barring
from services.scenarios.domain.incentive import Incentive
from services.scenarios.domain.incentive import Terms as OwnTerms
from services.scenarios.domain.limits import Limit
from tests.builders.gateway import HOLDER, PARTNER, RECOGNITION, an_incentive
from tests.builders.gateway_events import issued, recognised, redeemed
from tests.fakes.gateway import FakeClock

pytestmark = [pytest.mark.gateway, pytest.mark.scenarios]

NOW = FakeClock.START
DAY = timedelta(days=1)
GRANT = UUID(int=2)
COMMON = {
    "grant_id": GRANT,
    "incentive_id": "long-ride",
    "scenario_id": "bikes",
    "operator_id": "hello-bike",
    "home": PARTNER,
    "attestation_id": UUID(int=1),
    "value_fen": 0,
}


def hear(door, *events):
    for event in events:
        with door.engine.begin() as connection:
            match type(event).__name__:
                case "ScoreRecognised":
                    projector.recognise(connection, event)
                case "RecognitionRevised":
                    corrections.revise(connection, event)
                case "IncentivePublished":
                    projector.publish_incentive(connection, event)
                case "HolderErased":
                    forgetting.erase_holder(connection, event)
                case "GrantIssued":
                    projector.count_grant(connection, event)
                case _:
                    held.change(connection, event)


def offers(door, query=""):
    answer = door.ask("GET", f"/v1/eligibility{query}", door.holder())
    assert answer.status_code == 200, answer.text
    return {offer["incentive_id"]: offer["reasons"] for offer in answer.json["offers"]}


def an_offer(**conditions):
    return an_incentive(conditions=Conditions(**conditions))


def attested(at):
    evidence = RecognitionEvidence(
        key_id="k1", roster=1, status_as_of=NOW, attested_at=at, roster_as_of=NOW, overrides=()
    )
    return {"evidence": evidence}


@pytest.mark.parametrize(
    ("conditions", "reason"),
    [
        ({"home_cities": ("350100",)}, "home_not_covered"),
        ({"weekdays": (Weekday.SUNDAY,)}, "outside_weekdays"),
        ({"hours": (Hours(since="03:00", until="03:01"),)}, "outside_hours"),
        ({"districts": ("330106",)}, "outside_district"),
        ({"expression": "tier > 4 || home == '350100'"}, "condition_not_met"),
    ],
)
def test_each_condition_that_does_not_hold_is_a_reason(door, conditions, reason):
    hear(door, recognised(), an_offer(**conditions))

    assert offers(door) == {"long-ride": [reason]}


def test_an_offer_tells_its_conditions_and_one_without_has_none(door):
    hear(door, recognised(), an_offer(home_cities=(PARTNER,)), an_incentive(incentive_id="other"))

    answer = door.ask("GET", "/v1/eligibility", door.holder())

    asking, other = answer.json["offers"]
    assert asking["conditions"]["home_cities"] == [PARTNER]
    assert other["conditions"] is None


def test_the_district_of_use_can_be_named_and_that_of_the_scenario_counts_first(door):
    hear(door, recognised(), an_offer(districts=("330106",)))

    assert offers(door, "?district=330106") == {"long-ride": []}
    assert offers(door, "?district=330105") == {"long-ride": ["outside_district"]}
    hear(
        door,
        an_incentive(version=2, district="330106", conditions=Conditions(districts=("330106",))),
    )
    assert offers(door) == {"long-ride": []}


def test_hours_are_judged_at_the_moment_of_the_answer(door):
    local = NOW + timedelta(hours=8)
    soon = local + timedelta(minutes=1)
    hear(
        door,
        recognised(),
        an_offer(hours=(Hours(since=f"{soon:%H:%M}", until=f"{soon + DAY / 24:%H:%M}"),)),
    )

    before = offers(door)
    door.clock.move(minutes=1)

    assert (before, offers(door)) == ({"long-ride": ["outside_hours"]}, {"long-ride": []})


def test_age_counts_from_the_attestation_and_from_the_recognition_where_it_is_not_known(door):
    young = an_offer(attestation_age_days=7)
    hear(door, young, recognised())
    assert offers(door) == {"long-ride": []}

    hear(door, recognised(**attested(NOW - 9 * DAY)))

    assert offers(door) == {"long-ride": ["attestation_too_old"]}


def test_a_revision_brings_its_own_age(door):
    hear(door, an_offer(attestation_age_days=7), recognised(**attested(NOW - 9 * DAY)))
    revision = RecognitionRevised(
        recognition_id=RECOGNITION,
        attestation_id=UUID(int=9),
        holder=HOLDER,
        home=PARTNER,
        tier=4,
        purposes=(Category.TRANSPORT,),
        crosswalk=1,
        reason="score_changed",
        revised_at=NOW,
        until=NOW + 20 * DAY,
        **attested(NOW - DAY),
    )

    hear(door, revision)

    assert offers(door) == {"long-ride": []}


def test_conditions_of_a_version_that_is_to_come_are_judged_from_its_time_on(door):
    later = NOW + timedelta(minutes=2)
    hear(door, recognised(), an_incentive())
    coming = Conditions(home_cities=("350100",))
    hear(door, an_incentive(version=2, conditions=coming, offered_from=later, published_at=NOW))

    before = offers(door)
    door.clock.move(minutes=2)

    assert (before, offers(door)) == ({"long-ride": []}, {"long-ride": ["home_not_covered"]})


# --- grants that are open --------------------------------------------------------------------


def offer_both(door):
    """Put two on offer, of which the museum excludes the long ride."""
    museum = an_incentive(incentive_id="museum", conditions=Conditions(excludes=("long-ride",)))
    hear(door, recognised(), an_incentive(), museum)


def test_an_open_grant_bars_the_other_in_either_order(door):
    offer_both(door)
    hear(door, issued(grant_id=GRANT))
    assert offers(door) == {"long-ride": [], "museum": ["excluded_by_other"]}

    hear(door, redeemed(grant_id=GRANT))
    assert offers(door) == {"long-ride": [], "museum": []}

    hear(door, issued(grant_id=UUID(int=3), incentive_id="museum", excludes=("long-ride",)))
    assert offers(door) == {"long-ride": ["excluded_by_other"], "museum": []}


def test_a_grant_whose_time_is_up_bars_nothing(door):
    offer_both(door)
    hear(door, issued(grant_id=GRANT, until=NOW + timedelta(minutes=5)))

    door.clock.move(minutes=5)

    assert offers(door)["museum"] == []


LIFE = (
    issued(grant_id=GRANT),
    GrantEnded(
        **COMMON, state=GrantState.REVOKED, reason="correction", ended_at=NOW + timedelta(hours=1)
    ),
    GrantRestored(
        **COMMON,
        uses_left=1,
        restored=1,
        restored_at=NOW + timedelta(hours=2),
        until=NOW + DAY,
    ),
)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_what_became_of_a_grant_may_be_heard_in_any_order_and_twice(door, order):
    offer_both(door)

    hear(door, *(LIFE[n] for n in order), *(LIFE[n] for n in order))

    assert offers(door)["museum"] == ["excluded_by_other"]


def test_a_redemption_taken_back_opens_the_grant_again(door):
    offer_both(door)
    taken_back = RedemptionReversed(
        **COMMON,
        redemption_id=UUID(int=4),
        funding=None,
        uses_left=1,
        reversed_at=NOW + timedelta(minutes=1),
    )

    hear(door, issued(grant_id=GRANT), redeemed(grant_id=GRANT), taken_back)

    assert offers(door)["museum"] == ["excluded_by_other"]


def test_an_expression_may_ask_for_open_grants(door):
    hear(door, recognised(), an_incentive())
    hear(
        door,
        an_incentive(
            incentive_id="museum", conditions=Conditions(expression="'long-ride' in open_grants")
        ),
    )
    assert offers(door)["museum"] == ["condition_not_met"]

    hear(door, issued(grant_id=GRANT))

    assert offers(door)["museum"] == []


def test_nothing_of_an_erased_holder_is_kept_nor_comes_back(door):
    offer_both(door)
    hear(door, issued(grant_id=GRANT))

    hear(door, HolderErased(holder=HOLDER, erased_at=NOW), issued(grant_id=UUID(int=3)), LIFE[1])

    with door.engine.connect() as connection:
        assert connection.execute(select(holders)).all() == []
        left = connection.execute(select(held_grants.c.holder, held_grants.c.excludes)).all()
    assert left == [(None, None)]


def test_grants_are_forgotten_a_month_after_their_time(door):
    hear(door, recognised(), an_incentive(), issued(grant_id=GRANT, until=NOW + DAY))

    with door.engine.begin() as connection:
        held.forget_over(connection, NOW + DAY + forgetting.KEPT)
        kept = connection.execute(select(held_grants)).all()
        held.forget_over(connection, NOW + DAY + forgetting.KEPT + timedelta(seconds=1))
        gone = connection.execute(select(held_grants)).all()

    assert (len(kept), gone) == (1, [])


# --- both sides say the same -----------------------------------------------------------------

HOMES = ("350100", "410100")
PLACES = (None, "330105", "330106")
HELD = st.dictionaries(
    st.sampled_from(("museum", "library")),
    st.sampled_from((frozenset(), frozenset({"ride"}), frozenset({"museum"}))),
    max_size=2,
)
CLOCKS = st.sampled_from(("00:00", "06:30", "12:00", "23:59"))
CONDITIONS = st.builds(
    Conditions,
    home_cities=st.sampled_from(((), HOMES[:1])),
    attestation_age_days=st.sampled_from((None, 3, 30)),
    weekdays=st.sampled_from(((), (Weekday.MONDAY, Weekday.THURSDAY))),
    hours=st.lists(st.builds(Hours, since=CLOCKS, until=CLOCKS), max_size=2).map(tuple),
    districts=st.sampled_from(((), PLACES[1:2])),
    excludes=st.sampled_from(((), ("museum",), ("ride",))),
    expression=st.sampled_from(
        (
            None,
            "tier > 2 && home.startsWith('35')",
            "hour * 60 + minute < 720 || weekday == 'sunday'",
            "age_days / (tier - 3) < 5",
            "district == '' || size(open_grants) > 0",
        )
    ),
)


@given(
    conditions=CONDITIONS,
    minimum=st.integers(1, 5),
    tier=st.integers(1, 5),
    home=st.sampled_from(HOMES),
    minutes=st.integers(0, 20_000),
    age=st.integers(0, 60 * 24 * 40),
    place=st.sampled_from(PLACES),
    own_place=st.sampled_from(PLACES),
    grants=HELD,
)
def test_the_read_side_says_no_for_the_reasons_scenarios_has(
    *, conditions, minimum, tier, home, minutes, age, place, own_place, grants
):
    at = datetime(2026, 11, 5, tzinfo=UTC) + timedelta(minutes=minutes)
    attested_at = at - timedelta(minutes=age)

    facts = Facts(
        at=at,
        tier=tier,
        home=home,
        purposes=frozenset({Category.TRANSPORT}),
        crosswalk=1,
        attested_at=attested_at,
        district=own_place or place,
        open_grants=frozenset(grants),
        barring=barring("ride", grants),
    )
    own_terms = OwnTerms(
        title="骑行",
        title_en="Ride",
        benefit=an_incentive().benefit,
        minimum_tier=minimum,
        per_holder=Limit(count=1, period=Period.DAY),
        quota=None,
        budget_fen=None,
        on_withdrawal=OnWithdrawal.REVOKE_OPEN,
        offered_from=datetime(2026, 11, 6, tzinfo=UTC),
        offered_until=None,
        grant_days=30,
        conditions=conditions,
    )
    incentive = Incentive(id="ride", scenario_id="rides", version=1, terms=own_terms)
    decision = decide(incentive, Category.TRANSPORT, facts)

    terms = Terms(
        incentive_id="ride",
        category=Category.TRANSPORT,
        minimum_tier=minimum,
        holder_period=Period.DAY,
        holder_limit=1,
        offered_from=own_terms.offered_from,
        offered_until=None,
        conditions=conditions,
        district=own_place,
    )
    seen = Circumstances(home=home, age_days=facts.age_days, district=place, held=grants)
    standing = Standing(tier=tier, purposes=frozenset({"transport"}), seen=seen)
    told = reasons_against(terms, standing, at, dict.fromkeys(Period, ""))

    assert told == tuple(each.refusal for each in decision.findings if not each.held)
