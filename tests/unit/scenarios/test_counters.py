"""Counters, on the fake and on SQL: what they count, what they allow, and how they begin."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from contracts.benefits import Voucher
from contracts.words import Period
from services.scenarios.domain.bounds import Bound, Count, Taking
from services.scenarios.domain.limits import window_of
from services.scenarios.handlers.forgetting import forget_counters
from tests.builders.scenarios import DAY, HOLDER, NOW, STRANGER
from tests.unit.scenarios import storages
from tests.unit.scenarios.test_storage import (
    a_life,
    a_recognition,
    a_version,
    put,
    put_grant,
    some_terms,
)

pytestmark = pytest.mark.scenarios

HERE, ELSEWHERE = "330106", "330108"
MONTH = window_of(Period.MONTH, NOW)
ONE = Count(issued=1, reserved_fen=100)
TAKING = Taking(holder=HOLDER, district=HERE, at=NOW)


@pytest.fixture(params=[storages.fake, storages.sqlite], ids=["fake", "sqlite"])
def uow(request, tmp_path):
    with request.param(tmp_path) as uow:
        yield uow


def take(uow, *bounds, step=ONE, taking=TAKING):
    with uow:
        counted = uow.counters.take("late-return", taking, bounds, step)
        if None not in counted:
            uow.commit()
    return list(counted)


def test_a_counter_counts_up_to_its_limit(uow):
    put(uow)

    taken = [take(uow, Bound(window=MONTH, units=2)) for _ in range(3)]

    assert taken == [[ONE], [ONE + ONE], [None]]


def test_a_counter_of_money_counts_what_is_reserved_and_spent(uow):
    put(uow)
    bound = Bound(window=MONTH, fen=299)

    taken = [take(uow, bound) for _ in range(3)]
    with uow:
        uow.counters.move("late-return", TAKING, Count(reserved_fen=-100, spent_fen=100))
        uow.commit()

    assert taken == [[ONE], [ONE + ONE], [None]]
    assert take(uow, bound) == [None]
    assert take(uow, bound, step=Count(issued=1)) == [
        Count(issued=3, reserved_fen=100, spent_fen=100)
    ]


def test_one_bound_that_refuses_lets_nothing_be_counted(uow):
    put(uow)
    wide, narrow = Bound(window=MONTH, units=9), Bound(window=MONTH, holder=HOLDER, units=1)
    take(uow, narrow, wide)

    assert take(uow, narrow, wide)[0] is None

    with uow:
        assert uow.counters.look("late-return", [narrow, wide]) == [ONE, ONE]


def test_holders_districts_and_periods_are_counted_apart(uow):
    put(uow)
    bounds = [
        Bound(window=window_of(period, NOW), holder=holder, district=district, units=9)
        for period in (Period.DAY, Period.MONTH)
        for holder in (HOLDER, STRANGER, None)
        for district in (HERE, ELSEWHERE, None)
    ]
    with uow:
        uow.counters.look("late-return", bounds)
    mine = [b for b in bounds if b.holder != STRANGER and b.district != ELSEWHERE]
    theirs = [b for b in bounds if b not in mine]

    take(uow, *mine)

    with uow:
        assert uow.counters.look("late-return", mine) == [ONE] * 8
        assert uow.counters.look("late-return", theirs) == [Count()] * 10


def test_what_counts_in_a_counter_that_no_bound_names_is_counted_there_too(uow):
    put(uow)
    of_all, of_holder = Bound(window=MONTH, units=9), Bound(window=MONTH, holder=HOLDER, units=9)
    take(uow, of_all)

    take(uow, of_holder)

    with uow:
        assert uow.counters.look("late-return", [of_all]) == [ONE + ONE]


def test_a_counter_begins_with_the_grants_of_its_period(uow):
    incentive = put(
        uow, life=a_life(newest=a_version(terms=some_terms(benefit=Voucher(face_fen=100))))
    )
    put_grant(uow, incentive, counted_at=NOW - 30 * DAY)
    put_grant(uow, incentive)
    put_grant(uow, incentive, uses_left=0, spent_fen=100)
    put_grant(uow, incentive, recognition=a_recognition(holder=STRANGER), district=ELSEWHERE)

    with uow:
        counted = uow.counters.take(
            "late-return",
            Taking(holder=HOLDER, district=HERE, at=NOW),
            [
                Bound(window=MONTH, holder=HOLDER, units=9),
                Bound(window=MONTH, district=HERE, units=9),
                Bound(window=MONTH, units=9),
            ],
            Count(issued=1),
        )

    used = Count(issued=3, reserved_fen=100, spent_fen=100)
    assert counted == [used, used, Count(issued=4, reserved_fen=200, spent_fen=100)]


def test_counters_of_periods_that_are_over_are_forgotten_in_batches_and_no_others(uow):
    put(uow)
    now = datetime(2026, 11, 6, 1, tzinfo=UTC)
    over = {(Period.YEAR, 400), (Period.MONTH, 20), (Period.DAY, 2)}
    current = {(period, 0) for period in Period} | {(Period.DAY, 1)}
    for period, days in over | current:
        at = now - days * DAY
        bound = Bound(window=window_of(period, at), units=9)
        take(uow, bound, taking=Taking(holder=str(uuid4()), district=None, at=at))

    forgotten = forget_counters(uow=uow, now=now, batch=2)

    with uow:
        kept = [
            uow.counters.look("late-return", [Bound(window=window_of(period, now - days * DAY))])
            for period, days in sorted(over)
        ]
    assert forgotten == len(over)
    assert kept == [[Count()]] * len(over)
