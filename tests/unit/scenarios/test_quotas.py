"""Quotas by period and district, in number and in money: what they allow, and what is sound."""

import pytest

from contracts.benefits import Discount, FreeUse
from contracts.errors import Malformed, Refused
from contracts.rules import Conditions, Quota
from contracts.scenarios import Limit
from contracts.words import Period
from services.scenarios.domain.bounds import Bound, Count
from services.scenarios.domain.limits import window_of
from services.scenarios.handlers.catalogue import publish_incentive, register_scenario
from services.scenarios.handlers.expiry import expire_grants
from services.scenarios.handlers.recognitions import on_recognition_ended
from tests.builders.scenarios import (
    DAY,
    HANGZHOU,
    NOW,
    STRANGER,
    TEN_YUAN,
    a_catalogue,
    a_holder,
    a_month,
    a_publish_incentive,
    a_recognition_ended,
    a_register_scenario,
    an_offer,
    issue,
    publish,
    redeem,
)
from tests.unit.scenarios import storages

pytestmark = pytest.mark.scenarios

HERE, ELSEWHERE = "330106", "330108"


@pytest.fixture(params=[storages.fake, storages.sqlite], ids=["fake", "sqlite"])
def uow(request, tmp_path):
    with request.param(tmp_path) as uow:
        yield uow


def a_quota(period=Period.MONTH, **overrides):
    return Quota(period=period, **overrides)


def offer(uow, *quotas, district=HERE, **terms):
    an_offer(uow, **{"per_holder": a_month(1), "quotas": quotas, **terms})
    register_scenario(a_register_scenario(district=district), uow=uow, city=HANGZHOU, now=NOW)


def take(uow, holder, **when):
    """Let a holder take the offer; return the refusal, or the grant."""
    try:
        return issue(uow, a_holder(uow, holder=holder), **when)
    except Refused as refusal:
        return refusal.code


def counted(uow, **overrides):
    bound = Bound(window=window_of(Period.MONTH, NOW), **overrides)
    with uow:
        [count] = uow.counters.look("late-return", [bound])
    return count


# --- in number -------------------------------------------------------------------------------


def test_a_quota_by_day_allows_as_much_again_the_next_day(uow):
    offer(uow, a_quota(Period.DAY, count=1))

    assert take(uow, "holder-of-fuzhou-1").state == "open"
    assert take(uow, "holder-of-fuzhou-2") == "quota_exhausted"
    assert take(uow, "holder-of-fuzhou-3", now=NOW + DAY).state == "open"


def test_of_several_quotas_each_has_to_allow_a_grant(uow):
    offer(
        uow,
        a_quota(Period.DAY, count=2),
        a_quota(Period.MONTH, count=3),
        quota=Limit(count=4, period=Period.LIFETIME),
    )

    days = [NOW, NOW, NOW, NOW + DAY, NOW + DAY, NOW + 10 * DAY]
    taken = [take(uow, f"holder-of-fuzhou-{n}", now=at) for n, at in enumerate(days)]
    last = take(uow, "holder-of-fuzhou-9", now=NOW + 10 * DAY)

    assert [grant == "quota_exhausted" for grant in taken] == [
        False,
        False,
        True,
        False,
        True,
        False,
    ]
    assert last == "quota_exhausted"


def test_the_quota_of_a_district_bounds_grants_in_it_alone(uow):
    quotas = (a_quota(count=1, district=HERE), a_quota(count=1, district=ELSEWHERE))
    offer(uow, *quotas, district=HERE)
    take(uow, "holder-of-fuzhou-1")
    assert take(uow, "holder-of-fuzhou-2") == "quota_exhausted"

    register_scenario(a_register_scenario(district=ELSEWHERE), uow=uow, city=HANGZHOU, now=NOW)

    assert take(uow, "holder-of-fuzhou-3").state == "open"
    assert counted(uow, district=HERE) == Count(issued=1)
    assert counted(uow, district=ELSEWHERE) == Count(issued=1)
    assert counted(uow) == Count(issued=2)


def test_where_a_scenario_is_all_over_the_city_the_holder_names_the_district(uow):
    offer(uow, a_quota(count=1, district=HERE), district=None)

    assert take(uow, "holder-of-fuzhou-1", district=HERE).state == "open"
    assert take(uow, "holder-of-fuzhou-2", district=HERE) == "quota_exhausted"


@pytest.mark.parametrize("named", [None, ELSEWHERE])
def test_nobody_gets_round_quotas_by_district_by_naming_another_or_none(uow, named):
    offer(uow, a_quota(count=1, district=HERE), district=None)

    assert take(uow, "holder-of-fuzhou-1", district=named) == "outside_district"


def test_where_a_scenario_is_stands_whatever_the_holder_names(uow):
    offer(uow, a_quota(count=1, district=HERE), district=ELSEWHERE)

    assert take(uow, "holder-of-fuzhou-1", district=HERE) == "outside_district"


def test_a_holder_has_several_limits_and_each_has_to_allow_a_grant(uow):
    limits = (Limit(count=1, period=Period.DAY), Limit(count=2, period=Period.MONTH))
    offer(uow, per_holder=a_month(9), conditions=Conditions(holder_limits=limits))

    taken = [take(uow, "holder-of-fuzhou-1", now=NOW + n * DAY) for n in (0, 0, 1, 2)]

    refused = [grant == "holder_limit_reached" for grant in taken]
    assert refused == [False, True, False, True]


def test_what_the_holder_may_have_is_said_before_what_is_left_for_all(uow):
    offer(uow, a_quota(count=1))
    take(uow, "holder-of-fuzhou-1")

    assert take(uow, "holder-of-fuzhou-1") == "holder_limit_reached"


@pytest.mark.parametrize("becomes", ["redeemed", "revoked", "expired"])
def test_whatever_becomes_of_a_grant_it_counts_in_number(uow, becomes):
    offer(uow, a_quota(count=1))
    happen(uow, becomes)

    assert take(uow, STRANGER) == "quota_exhausted"


def happen(uow, becomes, *, now=NOW):
    recognised = a_holder(uow, until=NOW + DAY)
    grant = issue(uow, recognised, now=now)
    if becomes == "redeemed":
        redeem(uow, grant)
    elif becomes == "revoked":
        event = a_recognition_ended(recognised)
        on_recognition_ended(event, uow=uow, city=HANGZHOU, now=now)
    else:
        expire_grants(uow=uow, city=HANGZHOU, now=NOW + DAY)


def test_new_quotas_count_what_was_issued_before_them(uow):
    offer(uow)
    take(uow, "holder-of-fuzhou-1")

    terms = {"per_holder": a_month(1), "quotas": (a_quota(count=1),)}
    publish(uow, **terms)

    assert take(uow, "holder-of-fuzhou-2") == "quota_exhausted"


# --- in money --------------------------------------------------------------------------------


def test_a_quota_in_fen_is_reserved_by_the_most_that_a_grant_may_cost(uow):
    offer(uow, a_quota(fen=2999), benefit=TEN_YUAN)

    taken = [take(uow, f"holder-of-fuzhou-{n}") for n in range(3)]

    assert taken[2] == "quota_exhausted"
    assert counted(uow) == Count(issued=2, reserved_fen=2000)


@pytest.mark.parametrize(
    ("becomes", "then"),
    [("redeemed", "quota_exhausted"), ("revoked", "open"), ("expired", "open")],
)
def test_of_money_what_was_not_spent_is_free_again(uow, becomes, then):
    offer(uow, a_quota(fen=1000), benefit=TEN_YUAN)
    happen(uow, becomes)

    taken = take(uow, STRANGER)

    assert getattr(taken, "state", taken) == then


def test_money_is_booked_in_the_period_of_the_issue(uow):
    offer(uow, a_quota(Period.DAY, fen=1000), benefit=TEN_YUAN)
    grant = take(uow, "holder-of-fuzhou-1")

    redeem(uow, grant, now=NOW + DAY)

    assert take(uow, "holder-of-fuzhou-2") == "quota_exhausted"
    assert take(uow, "holder-of-fuzhou-3", now=NOW + DAY).state == "open"


# --- what is sound ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "quotas", "terms"),
    [
        ("quotas.0", [a_quota()], {}),
        ("quotas.0", [a_quota(count=9, fen=9000)], {"benefit": TEN_YUAN}),
        ("quotas.0.fen", [a_quota(fen=999)], {"benefit": TEN_YUAN}),
        ("quotas.0.fen", [a_quota(fen=999)], {"benefit": FreeUse(uses=3)}),
        ("benefit.cap_fen", [a_quota(fen=999)], {"benefit": Discount(percent_off=10)}),
        ("quotas.0.district", [a_quota(count=9, district="350102")], {}),
        ("quotas.1", [a_quota(count=9), a_quota(count=8)], {}),
        ("quotas.0", [a_quota(count=9)], {"quota": a_month(9)}),
        ("quotas.1.count", [a_quota(count=9), a_quota(count=1, district=HERE)], {}),
    ],
)
def test_quotas_that_contradict_themselves_are_named(uow, field, quotas, terms):
    a_catalogue(uow)
    command = a_publish_incentive(**{"per_holder": a_month(2), "quotas": tuple(quotas), **terms})

    with pytest.raises(Malformed) as refusal:
        publish_incentive(command, uow=uow, city=HANGZHOU, now=NOW)

    assert list(refusal.value.errors) == [field]


def test_the_limit_that_exceeds_a_quota_is_the_one_named(uow):
    a_catalogue(uow)
    conditions = Conditions(holder_limits=(a_month(20),))
    command = a_publish_incentive(per_holder=a_month(2), quota=a_month(10), conditions=conditions)

    with pytest.raises(Malformed) as refusal:
        publish_incentive(command, uow=uow, city=HANGZHOU, now=NOW)

    assert list(refusal.value.errors) == ["conditions.holder_limits.0.count"]


def test_quotas_that_bound_different_things_stand_side_by_side(uow):
    offer(
        uow,
        a_quota(count=9),
        a_quota(fen=9000),
        a_quota(count=5, district=HERE),
        a_quota(count=5, district=ELSEWHERE),
        a_quota(Period.DAY, count=3),
        benefit=TEN_YUAN,
    )

    assert take(uow, "holder-of-fuzhou-1").state == "open"
