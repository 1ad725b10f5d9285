"""The read side: what is projected, what is answered, and that order and repeats do not matter."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import permutations
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from contracts import wire
from contracts.benefits import Voucher
from contracts.erasures import HolderErased
from contracts.errors import Unavailable
from contracts.http import EligibilityAnswer, Offer
from contracts.quotas import GrantReserved, QuotaCounted
from contracts.recognition import CategoryTier
from contracts.rules import Limit, Quota
from contracts.schemas import schema_of
from contracts.words import Category, Period
from services.gateway.adapters.tables import endings, holders, incentives, quota_counts
from services.gateway.eligibility import forgetting, holder_rows, projector, quotas
from services.gateway.eligibility.evaluate import Standing, Terms, reasons_against
from services.gateway.eligibility.quotas import BUDGET
from tests.builders.gateway import HOLDER, PARTNER, a_door, a_recognition, an_incentive
from tests.builders.gateway_events import counted, ended, issued, recognised
from tests.fakes.gateway import FakeClock

pytestmark = pytest.mark.gateway

NOW = FakeClock.START
PERIODS = {Period.DAY: "2026-11-05", Period.MONTH: "2026-11", Period.YEAR: "2026"}


PROJECTORS = {
    "ScoreRecognised": projector.recognise,
    "RecognitionEnded": projector.end_recognition,
    "IncentivePublished": projector.publish_incentive,
    "GrantIssued": projector.count_grant,
    "GrantReserved": projector.count_quotas,
    "QuotaCounted": projector.count_quotas,
    "HolderErased": forgetting.erase_holder,
}


def hear(door, *events):
    for event in events:
        with door.engine.begin() as connection:
            PROJECTORS[type(event).__name__](connection, event)


def offers(door, query="", **session):
    answer = door.ask("GET", f"/v1/eligibility{query}", door.holder(**session))
    assert answer.status_code == 200, answer.text
    return {offer["incentive_id"]: offer["reasons"] for offer in answer.json["offers"]}


def state(door):
    with door.engine.connect() as connection:
        return [connection.execute(select(table)).all() for table in (holders, incentives)]


# --- evaluate --------------------------------------------------------------------------------


MONTHLY = ((Period.MONTH, ""),)


def terms(**overrides):
    values = {
        "incentive_id": "long-ride",
        "category": Category.TRANSPORT,
        "minimum_tier": 3,
        "holder_period": Period.DAY,
        "holder_limit": 2,
        "offered_from": NOW,
        "offered_until": None,
    }
    return Terms(**(values | overrides))


def reasons(standing=None, **overrides):
    standing = standing or Standing(tier=3, purposes=frozenset({"transport"}))
    return reasons_against(terms(**overrides), standing, NOW, PERIODS)


def test_nothing_speaks_against_whoever_meets_every_term():
    assert reasons() == ()


@pytest.mark.parametrize(
    ("overrides", "reason"),
    [
        ({"offered_from": NOW + timedelta(seconds=1)}, "not_offered"),
        ({"offered_until": NOW}, "not_offered"),
        ({"category": Category.SPORTS}, "purpose_not_covered"),
        ({"minimum_tier": 4}, "tier_below_minimum"),
        ({"quotas": MONTHLY, "used_up": frozenset({("2026-11", "")})}, "quota_exhausted"),
        ({"used_up": frozenset({BUDGET})}, "budget_exhausted"),
        ({"quotas": ((Period.DAY, "330106"),)}, "outside_district"),
    ],
)
def test_each_term_that_is_not_met_is_a_reason(overrides, reason):
    assert reasons(**overrides) == (reason,)


def test_a_quota_that_ran_out_is_full_again_in_the_next_period():
    assert reasons(quotas=MONTHLY, used_up=frozenset({("2026-10", "")})) == ()


def test_the_quota_of_another_district_says_nothing_about_this_one():
    both = ((Period.MONTH, "330106"), (Period.MONTH, "330108"))
    used_up = frozenset({("2026-11", "330106")})

    assert reasons(quotas=both, used_up=used_up, district="330108") == ()
    assert reasons(quotas=both, used_up=used_up, district="330106") == ("quota_exhausted",)


@pytest.mark.parametrize(
    ("usage", "expected"),
    [
        (["2026-11-05", 1], ()),
        (["2026-11-05", 2], ("holder_limit_reached",)),
        (["2026-11-04", 2], ()),
    ],
)
def test_a_holder_may_take_so_many_in_a_period(usage, expected):
    standing = Standing(
        tier=3, purposes=frozenset({"transport"}), usage={"long-ride": usage, "other": ["x", 9]}
    )

    assert reasons(standing) == expected


@pytest.mark.parametrize(("agreed", "expected"), [(5, ()), (3, ("tier_below_minimum",))])
def test_a_tier_that_two_cities_agreed_on_counts_for_its_category(agreed, expected):
    standing = Standing(tier=4, purposes=frozenset({"transport"}), tiers={"transport": agreed})

    assert reasons(standing, minimum_tier=4) == expected


def test_a_tier_of_another_category_does_not_count():
    standing = Standing(tier=3, purposes=frozenset({"transport"}), tiers={"sports": 5})

    assert reasons(standing, minimum_tier=4) == ("tier_below_minimum",)


def test_all_reasons_are_told_at_once():
    standing = Standing(tier=1, purposes=frozenset())

    assert reasons(standing) == ("purpose_not_covered", "tier_below_minimum")


# --- answers ---------------------------------------------------------------------------------


def test_what_was_published_a_moment_ago_is_on_offer(door):
    door.clock.move(milliseconds=500)
    hear(door, recognised(), an_incentive(offered_from=door.clock() - timedelta(milliseconds=1)))

    assert offers(door) == {"long-ride": []}


def test_offers_are_judged_by_the_tier_of_their_category_and_the_answer_says_so(door):
    agreed = (CategoryTier(category=Category.TRANSPORT, tier=5),)
    hear(door, recognised(tier=2, tiers=agreed), an_incentive(minimum_tier=4))

    answer = door.ask("GET", "/v1/eligibility", door.holder())

    assert answer.json["tiers"] == [{"category": "transport", "tier": 5}]
    assert answer.json["tier"] == 2
    assert [offer["eligible"] for offer in answer.json["offers"]] == [True]
    hear(door, issued())
    assert offers(door)["long-ride"] == []


def test_the_answer_keeps_its_contract_to_the_letter(door):
    hear(door, recognised(), an_incentive(), an_incentive(incentive_id="gold", minimum_tier=5))

    answer = door.ask("GET", "/v1/eligibility", door.holder())

    read = schema_of(EligibilityAnswer, "raise").load(answer.json)
    assert wire.dump(read) == answer.json
    assert (read.tier, read.home, read.until) == (4, PARTNER, a_recognition().until)
    assert [(offer.incentive_id, offer.eligible, offer.reasons) for offer in read.offers] == [
        ("gold", False, ("tier_below_minimum",)),
        ("long-ride", True, ()),
    ]
    assert isinstance(read.offers[0], Offer)


def test_offers_can_be_asked_for_by_category(door):
    hear(door, recognised(), an_incentive())

    assert offers(door, "?category=transport") == {"long-ride": []}
    assert offers(door, "?category=sports") == {}


def test_a_new_incentive_and_its_new_version_are_seen_at_once(door):
    hear(door, recognised())
    assert offers(door) == {}

    hear(door, an_incentive())
    assert offers(door) == {"long-ride": []}

    hear(door, an_incentive(version=2, minimum_tier=5))
    assert offers(door) == {"long-ride": ["tier_below_minimum"]}


def test_a_session_whose_recognition_has_not_arrived_is_asked_to_wait(door):
    answer = door.ask("GET", "/v1/eligibility", door.holder())

    assert (answer.status_code, answer.json["code"]) == (503, "not_yet_visible")
    assert "Retry-After" in answer.headers


def test_whoever_waits_for_a_recognition_lets_others_read(tmp_path):
    door = a_door(tmp_path, visibility_wait=5)
    hear(door, recognised(), an_incentive())
    with ThreadPoolExecutor(1) as thread:
        waiting = thread.submit(offers, door, holder="holder-whose-recognition-is-late")

        while not waiting.done():
            assert offers(door) == {"long-ride": []}
            hear(door, recognised(holder="holder-whose-recognition-is-late"))

    assert waiting.result() == {"long-ride": []}


def test_a_recognition_that_ended_earns_nothing_more(door):
    hear(door, recognised(), ended())

    answer = door.ask("GET", "/v1/eligibility", door.holder())

    assert (answer.status_code, answer.json["code"]) == (422, "recognition_ended")


def test_a_recognition_whose_time_is_up_earns_nothing_more(door):
    hear(door, recognised(until=NOW + timedelta(minutes=1)))
    token = door.holder()

    door.clock.move(minutes=1)

    assert door.ask("GET", "/v1/eligibility", token).json["code"] == "recognition_ended"


def test_a_newer_recognition_replaces_an_ended_one(door):
    again = {"recognition_id": uuid4(), "recognised_at": NOW + timedelta(minutes=1)}

    hear(door, recognised(), ended(), recognised(**again), an_incentive())

    assert offers(door, **again) == {"long-ride": []}


# --- projection ------------------------------------------------------------------------------

QUOTA = {"quota": Limit(count=2, period=Period.MONTH)}
STORY = [
    recognised(),
    an_incentive(**QUOTA),
    issued(
        grant_id=UUID(int=2),
        quota_period="2026-11",
        period_issued=1,
        issued_at=NOW,
        holder_issued=1,
    ),
    issued(
        grant_id=UUID(int=3),
        quota_period="2026-11",
        period_issued=2,
        issued_at=NOW + timedelta(seconds=1),
        holder_issued=2,
    ),
]


def test_a_repeated_story_changes_nothing(door):
    hear(door, *STORY)
    once = state(door)

    hear(door, *STORY, *reversed(STORY))

    assert state(door) == once
    assert offers(door) == {"long-ride": ["holder_limit_reached", "quota_exhausted"]}


def test_a_recognition_may_be_heard_before_or_after_its_end(door):
    hear(door, ended(), recognised())

    assert door.ask("GET", "/v1/eligibility", door.holder()).json["code"] == "recognition_ended"


@pytest.mark.parametrize("order", list(permutations((0, 2, 3))))
def test_grants_may_be_heard_in_any_order(door, order):
    hear(door, an_incentive(**QUOTA), *(STORY[n] for n in order))

    assert offers(door) == {"long-ride": ["holder_limit_reached", "quota_exhausted"]}


def test_grants_counted_side_by_side_sell_out_whichever_was_issued_a_moment_earlier(door):
    month = {"quota_period": "2026-11"}
    first = issued(
        grant_id=UUID(int=4), period_issued=1, issued_at=NOW + timedelta(seconds=2), **month
    )
    last = issued(grant_id=UUID(int=5), period_issued=2, issued_at=NOW, **month)

    hear(door, recognised(), an_incentive(**QUOTA), first, last)

    assert "quota_exhausted" in offers(door)["long-ride"]


def test_what_was_taken_in_a_period_that_is_over_is_forgotten_with_the_next_grant(door):
    hear(door, recognised(), an_incentive(), an_incentive(incentive_id="short-ride"))
    yesterday = NOW - timedelta(days=1)
    hear(
        door,
        issued(incentive_id="short-ride", holder_period="2026-11-04", issued_at=yesterday),
    )
    before = used(door)

    hear(door, issued(holder_period="2026-11-05"))

    assert before == {"short-ride": ["2026-11-04", 1]}
    assert used(door) == {"long-ride": ["2026-11-05", 1]}


def used(door):
    with door.engine.connect() as connection:
        return json.loads(connection.scalar(select(holders.c.usage)))


def test_an_ending_is_forgotten_after_a_month(door):
    hear(door, ended())
    month_later = ended().ended_at + projector.KEPT

    with door.engine.begin() as connection:
        projector.forget_old(connection, month_later)
        kept = connection.execute(select(endings)).all()
        projector.forget_old(connection, month_later + timedelta(seconds=1))
        forgotten = connection.execute(select(endings)).all()

    assert (len(kept), len(forgotten)) == (1, 0)


def test_a_grant_heard_before_its_incentive_is_heard_again(door):
    with pytest.raises(Unavailable, match="not_yet_visible"):
        hear(door, STORY[2])

    assert state(door) == [[], []]


def test_an_older_recognition_does_not_replace_a_newer_one(door):
    newer = {"recognition_id": uuid4(), "recognised_at": NOW + timedelta(hours=1)}

    hear(door, recognised(**newer, tier=5), recognised(tier=1))

    answer = door.ask("GET", "/v1/eligibility", door.holder())
    assert answer.json["tier"] == 5


def test_a_larger_quota_opens_what_was_sold_out(door):
    hear(door, *STORY)

    hear(door, an_incentive(version=2, quota=Limit(count=3, period=Period.MONTH)))

    assert "quota_exhausted" not in offers(door)["long-ride"]


def reserved(number, *counts):
    return GrantReserved(
        reservation_id=uuid4(),
        incentive_id="long-ride",
        scenario_id="bikes",
        operator_id="hello-bike",
        holder=HOLDER,
        value_fen=0,
        reserved_at=NOW,
        until=NOW + timedelta(minutes=15),
        count_number=number,
        counts=counts,
    )


def recounted(number, *counts):
    return QuotaCounted(
        incentive_id="long-ride", count_number=number, counts=counts, counted_at=NOW
    )


@pytest.mark.parametrize(
    ("fen", "expected"), [(500, []), (501, ["budget_exhausted"]), (1000, ["budget_exhausted"])]
)
def test_a_budget_that_cannot_carry_another_grant_is_spent(door, fen, expected):
    terms = {"benefit": Voucher(face_fen=500), "budget_fen": 1000}
    spent = counted("lifetime", 1, fen=fen)

    hear(door, recognised(), an_incentive(**terms), issued(counts=(spent,)))

    assert offers(door) == {"long-ride": expected}


@pytest.mark.parametrize("told", [*permutations(range(3))])
def test_what_is_reserved_is_used_up_until_it_is_given_back_in_whatever_order_it_is_told(
    door, told
):
    news = [
        reserved(1, counted("2026-11", 2)),
        recounted(2, counted("2026-11", 1)),
        reserved(3, counted("2026-11", 2)),
    ]
    hear(door, recognised(), an_incentive(**QUOTA), *news[:1])
    assert offers(door)["long-ride"] == ["quota_exhausted"]
    hear(door, news[1])
    assert offers(door)["long-ride"] == []

    hear(door, *(news[place] for place in told))

    assert offers(door)["long-ride"] == ["quota_exhausted"]


def test_quotas_by_district_are_used_up_each_for_itself(door):
    by_district = tuple(
        Quota(period=Period.MONTH, count=2, district=place) for place in ("330106", "330108")
    )
    hear(door, recognised(), an_incentive(quotas=by_district))
    hear(door, reserved(1, counted("2026-11", 2, district="330106")))

    assert offers(door, "?district=330106") == {"long-ride": ["quota_exhausted"]}
    assert offers(door, "?district=330108") == {"long-ride": []}
    assert offers(door) == {"long-ride": ["outside_district"]}


def test_the_read_side_keeps_no_more_of_a_holder_than_it_needs(door):
    hear(door, *STORY)

    [[row], _] = state(door)
    assert set(row._fields) == {
        "holder",
        "recognition_id",
        "home",
        "tier",
        "purposes",
        "recognised_us",
        "until_us",
        "ended",
        "usage",
        "suspended",
        "tiers",
        "attested_us",
        "held",
    }
    assert json.loads(row.usage) == {"long-ride": ["2026-11-05", 2]}


def test_counts_of_periods_that_are_over_are_forgotten_and_no_others(door):
    over = [counted(name, 1) for name in ("2025", "2026-10", "2026-11-03")]
    current = [counted(name, 1) for name in ("2026", "2026-11", "2026-11-05", "lifetime")]
    hear(door, reserved(1, *over, *current))

    with door.engine.begin() as connection:
        quotas.forget_over(connection, NOW)
        kept = connection.scalars(select(quota_counts.c.period)).all()

    assert set(kept) == {count.window for count in current}


# --- forgetting ------------------------------------------------------------------------------


def erased(holder=HOLDER):
    return HolderErased(holder=holder, erased_at=NOW)


def test_of_an_erased_holder_nothing_is_left(door):
    hear(door, *STORY, erased())

    assert state(door)[0] == []


@pytest.mark.parametrize("told", [*permutations([recognised(), ended(), erased()])])
def test_news_of_an_erased_holder_that_arrives_late_brings_nothing_back(door, told):
    hear(door, an_incentive(), *told, issued())

    assert state(door)[0] == []


def test_an_erasure_heard_twice_is_one(door):
    hear(door, recognised(), erased(), erased())

    assert state(door)[0] == []


def test_who_was_erased_is_forgotten_after_a_month(door):
    hear(door, erased())

    with door.engine.begin() as connection:
        forgetting.forget_erased(connection, NOW + forgetting.KEPT)
        before = holder_rows.is_erased(connection, HOLDER)
        forgetting.forget_erased(connection, NOW + forgetting.KEPT + timedelta(seconds=1))
        after = holder_rows.is_erased(connection, HOLDER)

    assert (before, after) == (True, False)


def over_at(door, now):
    with door.engine.begin() as connection:
        assert forgetting.forget_over(connection, now) is None
    return state(door)[0] == []


def test_a_holder_whose_recognition_is_long_over_is_forgotten(door):
    hear(door, recognised())
    month_over = recognised().until + forgetting.KEPT

    assert not over_at(door, month_over)
    assert over_at(door, month_over + timedelta(seconds=1))


def test_a_holder_is_kept_for_as_long_as_a_limit_counts_what_they_took(door):
    hear(door, recognised(), an_incentive(), issued(holder_period="2026"))
    long_over = recognised().until + forgetting.KEPT + timedelta(seconds=1)

    assert not over_at(door, long_over.replace(year=2026, month=12, day=31))
    assert over_at(door, long_over.replace(year=2027, month=6))


def test_holders_are_looked_at_some_at_a_time(door, monkeypatch):
    monkeypatch.setattr(forgetting, "AT_A_TIME", 2)
    names = [f"holder-of-this-test-{number:08}" for number in range(3)]
    hear(door, *(recognised(holder=name) for name in names))
    long_over = recognised().until + forgetting.KEPT + timedelta(seconds=1)

    with door.engine.begin() as connection:
        last = forgetting.forget_over(connection, long_over)
        done = forgetting.forget_over(connection, long_over, last)

    assert (last, done) == (names[1], None)
    assert state(door)[0] == []
