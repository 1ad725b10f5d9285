"""Reservations: a place and its worth are held, then taken or given back, once."""

import json
from functools import partial
from uuid import uuid4

import pytest
from sqlalchemy import select

from contracts import wire
from contracts.errors import Conflict, NotFound, Refused, Unavailable
from contracts.quotas import (
    CancelReservation,
    ConfirmReservation,
    GrantReserved,
    MeasureIncentive,
    QuotaCounted,
    QuotaUsage,
    ReservationEnded,
    ReserveGrant,
    ShowReservation,
)
from contracts.rules import Quota, QuotaCount
from contracts.scenarios import GrantIssued, Limit
from contracts.words import GrantState, Period, ReservationState
from services.scenarios.adapters.tables import messages
from services.scenarios.domain.bounds import Bound, Count
from services.scenarios.domain.limits import Tally, window_of
from services.scenarios.handlers.catalogue import publish_incentive, register_scenario
from services.scenarios.handlers.recognitions import on_recognition_ended
from services.scenarios.handlers.replay import replay
from services.scenarios.handlers.reservations import (
    cancel_reservation,
    confirm_reservation,
    expire_reservations,
    reserve_grant,
    show_reservation,
)
from services.scenarios.handlers.usage import measure_incentive
from tests.builders.scenarios import (
    BIKES,
    DAY,
    HANGZHOU,
    HOLDER,
    HOUR,
    NODE,
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
    without_pass,
)
from tests.unit.scenarios import storages

pytestmark = pytest.mark.scenarios

MINUTES = 15
OVER = NOW + HOUR / 4  # when a reservation of now ends


@pytest.fixture
def uow(tmp_path):
    with storages.sqlite(tmp_path) as uow:
        yield uow


def reserve(uow, recognised, *, now=NOW, **overrides):
    values = {
        "reservation_id": uuid4(),
        "holder": recognised.holder,
        "recognition_id": recognised.recognition_id,
        "incentive_id": "late-return",
    }
    command = ReserveGrant(**{**values, **overrides})
    return reserve_grant(command, uow=uow, city=HANGZHOU, minutes=MINUTES, now=now)


def confirm(uow, recognised, reservation, *, now=NOW):
    command = ConfirmReservation(
        reservation_id=reservation.reservation_id,
        holder=recognised.holder,
        recognition_id=recognised.recognition_id,
    )
    return confirm_reservation(command, uow=uow, now=now, **NODE)


def cancel(uow, reservation, *, holder=HOLDER, now=NOW):
    command = CancelReservation(reservation_id=reservation.reservation_id, holder=holder)
    return cancel_reservation(command, uow=uow, now=now)


def tally(uow):
    with uow:
        return uow.tallies.get("late-return")


def counted(uow, at=NOW, period=Period.MONTH, **whose):
    with uow:
        [count] = uow.counters.look("late-return", [Bound(window=window_of(period, at), **whose)])
    return count


def refusal(call):
    with pytest.raises(Refused) as refused:
        call()
    return refused.value.code


def events(uow, kind):
    """Return what was announced, in order."""
    with uow:
        found = select(messages.outbox.c.envelope).order_by(messages.outbox.c.id)
        envelopes = uow.connection.execute(found).scalars().all()
    told = (wire.decode(json.loads(envelope)).body for envelope in envelopes)
    return [event for event in told if isinstance(event, kind)]


def test_an_id_of_a_reservation_does_not_come_to_stand_for_a_grant_beside_it(uow):
    an_offer(uow)
    recognised = a_holder(uow)
    reservation = reserve(uow, recognised)

    with pytest.raises(Conflict, match="id_reused"):
        issue(uow, recognised, grant_id=reservation.reservation_id)

    assert (tally(uow).issued, tally(uow).held) == (0, 1)
    assert confirm(uow, recognised, reservation).grant_id == reservation.reservation_id


# --- holding ---------------------------------------------------------------------------------


def test_a_reservation_holds_a_place_and_its_worth(uow):
    an_offer(uow, benefit=TEN_YUAN, budget_fen=5000, quotas=(Quota(period=Period.DAY, fen=3000),))
    recognised = a_holder(uow)

    record = reserve(uow, recognised)

    assert (record.state, record.reserved_at, record.until) == (ReservationState.HELD, NOW, OVER)
    assert tally(uow) == Tally(held=1, reserved_fen=1000)
    held = Count(held=1, reserved_fen=1000)
    assert counted(uow, period=Period.DAY) == counted(uow, holder=HOLDER) == held
    [told] = events(uow, GrantReserved)
    assert (told.holder, told.value_fen, told.until) == (HOLDER, 1000, OVER)
    assert told.counts == (
        QuotaCount(window="2026-11-24", district=None, units=1, fen=1000),
        QuotaCount(window="lifetime", district=None, units=1, fen=1000),
    )


def test_what_is_reserved_is_not_there_for_others(uow):
    an_offer(uow, per_holder=a_month(1), quota=a_month(1))
    reserve(uow, a_holder(uow))
    other = a_holder(uow, holder=STRANGER)

    assert refusal(partial(reserve, uow, other)) == "quota_exhausted"
    assert refusal(partial(issue, uow, other)) == "quota_exhausted"


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ({"per_holder": a_month(1)}, "holder_limit_reached"),
        ({"benefit": TEN_YUAN, "budget_fen": 1999}, "budget_exhausted"),
        ({"benefit": TEN_YUAN, "quotas": (Quota(period=Period.DAY, fen=1999),)}, "quota_exhausted"),
    ],
)
def test_a_reservation_is_counted_against_every_limit(uow, terms, code):
    an_offer(uow, **terms)
    recognised = a_holder(uow)
    reserve(uow, recognised)

    assert refusal(partial(reserve, uow, recognised)) == code
    assert refusal(partial(issue, uow, recognised)) == code
    assert tally(uow).held == 1


def test_a_reservation_is_decided_as_a_grant_is(uow):
    an_offer(uow, minimum_tier=5)

    assert refusal(partial(reserve, uow, a_holder(uow))) == "tier_below_minimum"
    with pytest.raises(Unavailable, match="not_yet_visible"):
        reserve(uow, a_holder(uow), recognition_id=uuid4())
    assert tally(uow) == Tally()


def test_the_same_reservation_again_is_the_same(uow):
    an_offer(uow)
    recognised = a_holder(uow)
    first = reserve(uow, recognised)

    again = reserve(uow, recognised, reservation_id=first.reservation_id, now=NOW + HOUR / 60)

    assert again == first
    assert tally(uow).held == 1


def test_a_reservations_id_does_not_come_to_stand_for_something_else(uow):
    an_offer(uow)
    recognised, other = a_holder(uow), a_holder(uow, holder=STRANGER)
    reservation, grant = reserve(uow, recognised), issue(uow, recognised)

    for taken in (reservation.reservation_id, grant.grant_id):
        with pytest.raises(Conflict, match="id_reused"):
            reserve(uow, other, reservation_id=taken)


def test_a_reservation_is_shown_to_its_holder_alone(uow):
    an_offer(uow)
    reservation = reserve(uow, a_holder(uow))

    command = ShowReservation(reservation_id=reservation.reservation_id, holder=HOLDER)
    assert show_reservation(command, uow=uow, now=NOW) == reservation
    assert show_reservation(command, uow=uow, now=OVER).state is ReservationState.EXPIRED
    for call in (
        partial(cancel, uow, reservation, holder=STRANGER),
        partial(confirm, uow, a_holder(uow, holder=STRANGER), reservation),
    ):
        with pytest.raises(NotFound):
            call()


# --- confirming ------------------------------------------------------------------------------


def test_a_confirmed_reservation_is_the_grant_of_the_same_id(uow):
    an_offer(uow, benefit=TEN_YUAN, budget_fen=1000, quota=a_month(1), per_holder=a_month(1))
    recognised = a_holder(uow)
    reservation = reserve(uow, recognised)

    grant = confirm(uow, recognised, reservation, now=NOW + HOUR / 6)

    assert grant.grant_id == reservation.reservation_id
    assert (grant.state, grant.issued_at) == (GrantState.OPEN, NOW + HOUR / 6)
    assert tally(uow) == Tally(issued=1, open=1, reserved_fen=1000)
    assert counted(uow) == Count(issued=1, reserved_fen=1000)
    [told] = events(uow, GrantIssued)
    assert (told.holder_issued, told.period_issued, told.budget_left_fen) == (1, 1, 0)
    assert [event.state for event in events(uow, ReservationEnded)] == ["confirmed"]


def test_a_reservation_confirmed_again_is_the_same_grant(uow):
    an_offer(uow)
    recognised = a_holder(uow)
    reservation = reserve(uow, recognised)
    grant = confirm(uow, recognised, reservation)

    again = confirm(uow, recognised, reservation, now=NOW + DAY / 2)

    assert without_pass(again) == without_pass(grant)
    assert tally(uow) == Tally(issued=1, open=1)


def test_an_overdue_reservation_is_not_confirmed_though_no_timer_ended_it(uow):
    an_offer(uow)
    recognised = a_holder(uow)
    reservation = reserve(uow, recognised)

    assert refusal(partial(confirm, uow, recognised, reservation, now=OVER)) == "reservation_over"


def test_a_reservation_counts_in_the_period_in_which_it_was_made(uow):
    an_offer(uow, per_holder=Limit(count=1, period=Period.DAY))
    recognised = a_holder(uow)
    before_midnight = NOW + 9 * HOUR + HOUR / 3  # 23:50 in Hangzhou
    reservation = reserve(uow, recognised, now=before_midnight)
    tomorrow = before_midnight + HOUR / 5

    grant = confirm(uow, recognised, reservation, now=tomorrow)

    assert grant.issued_at == tomorrow
    assert counted(uow, before_midnight, Period.DAY) == Count(issued=1)
    assert counted(uow, tomorrow, Period.DAY) == Count()
    assert issue(uow, recognised, now=tomorrow).state is GrantState.OPEN


def test_a_reservation_keeps_the_terms_under_which_it_was_made(uow):
    an_offer(uow, benefit=TEN_YUAN)
    recognised = a_holder(uow)
    reservation = reserve(uow, recognised)
    an_offer(uow, minimum_tier=5, quota=a_month(30))

    grant = confirm(uow, recognised, reservation)

    assert (grant.incentive_version, grant.benefit) == (1, TEN_YUAN)
    assert tally(uow).reserved_fen == 1000


def test_a_scenario_that_moves_leaves_a_reservation_where_it_counts(uow):
    an_offer(uow)
    register_scenario(a_register_scenario(district="330106"), uow=uow, city=HANGZHOU, now=NOW)
    recognised = a_holder(uow)
    reservation = reserve(uow, recognised)
    register_scenario(a_register_scenario(district="330108"), uow=uow, city=HANGZHOU, now=NOW)

    confirm(uow, recognised, reservation)

    assert counted(uow, district="330106") == Count(issued=1)
    assert counted(uow, district="330108") == Count()


def test_nothing_is_confirmed_for_whom_the_recognition_ended(uow):
    an_offer(uow)
    recognised = a_holder(uow)
    reservation = reserve(uow, recognised)
    ended = a_recognition_ended(recognised)
    on_recognition_ended(ended, uow=uow, city=HANGZHOU, now=NOW)

    assert refusal(partial(confirm, uow, recognised, reservation)) == "recognition_ended"
    assert tally(uow).issued == 0


def test_nothing_is_confirmed_for_whom_the_tier_is_lower_since(uow):
    an_offer(uow, minimum_tier=4)
    recognised = a_holder(uow)
    reservation = reserve(uow, recognised)
    newer = a_holder(uow, tier=3, recognised_at=NOW)

    assert refusal(partial(confirm, uow, newer, reservation)) == "tier_below_minimum"


# --- giving back -----------------------------------------------------------------------------


def test_what_is_cancelled_is_free_again_once(uow):
    an_offer(uow, benefit=TEN_YUAN, budget_fen=1000, per_holder=a_month(1))
    recognised = a_holder(uow)
    reservation = reserve(uow, recognised)

    first, again = cancel(uow, reservation), cancel(uow, reservation)

    assert first.state is again.state is ReservationState.CANCELLED
    assert tally(uow) == Tally()
    assert counted(uow) == Count()
    assert refusal(partial(confirm, uow, recognised, reservation)) == "reservation_over"
    assert issue(uow, recognised).state is GrantState.OPEN


def test_what_became_a_grant_is_not_cancelled(uow):
    an_offer(uow)
    recognised = a_holder(uow)
    reservation = reserve(uow, recognised)
    confirm(uow, recognised, reservation)

    assert refusal(partial(cancel, uow, reservation)) == "reservation_over"
    assert tally(uow) == Tally(issued=1, open=1)


def test_what_nobody_confirms_in_time_is_free_again_once(uow):
    an_offer(uow, benefit=TEN_YUAN, per_holder=a_month(3))
    recognised = a_holder(uow)
    for minutes in (0, 0, 1):
        reserve(uow, recognised, now=NOW + minutes * HOUR / 60)

    ended = [expire_reservations(uow=uow, now=OVER, batch=1) for _ in range(2)]

    assert ended == [2, 0]
    assert tally(uow) == Tally(held=1, reserved_fen=1000)
    assert [event.state for event in events(uow, ReservationEnded)] == ["expired"] * 2


def test_cancelling_what_time_ended_gives_nothing_back_twice(uow):
    an_offer(uow)
    reservation = reserve(uow, a_holder(uow))

    assert cancel(uow, reservation, now=OVER).state is ReservationState.EXPIRED
    expire_reservations(uow=uow, now=OVER)
    assert cancel(uow, reservation, now=OVER).state is ReservationState.EXPIRED

    assert tally(uow) == Tally()


def test_what_is_given_back_is_told_where_quotas_are_told(uow):
    an_offer(uow, quotas=(Quota(period=Period.DAY, count=1),), per_holder=a_month(1))
    reservation = reserve(uow, a_holder(uow))
    cancel(uow, reservation)

    [reserved], [freed] = events(uow, GrantReserved), events(uow, QuotaCounted)
    assert freed.count_number > reserved.count_number
    assert freed.counts[0] == QuotaCount(window="2026-11-24", district=None, units=0, fen=0)


def test_new_terms_tell_what_counts_against_them_already(uow):
    an_offer(uow, per_holder=a_month(3))
    issue(uow, a_holder(uow))

    an_offer(uow, per_holder=a_month(3), quota=a_month(3))

    [told] = events(uow, QuotaCounted)
    assert told.counts[0] == QuotaCount(window="2026-11", district=None, units=1, fen=0)


# --- what is left ----------------------------------------------------------------------------


def measure(uow, operator_id=BIKES):
    command = MeasureIncentive(incentive_id="late-return", operator_id=operator_id)
    return measure_incentive(command, uow=uow, now=NOW)


def test_before_anything_is_published_an_operator_sees_that_all_is_left(uow):
    a_catalogue(uow)
    proposed = a_publish_incentive(per_holder=a_month(1), quota=a_month(7))
    publish_incentive(proposed, uow=uow, city=HANGZHOU, now=NOW)

    usage = measure(uow)

    assert (usage.issued, usage.held) == (0, 0)
    assert usage.quotas[0].free == 7


def test_an_operator_sees_what_was_given_and_what_is_left(uow):
    quotas = (
        Quota(period=Period.DAY, fen=5000),
        Quota(period=Period.YEAR, count=9, district="330106"),
    )
    an_offer(uow, benefit=TEN_YUAN, budget_fen=9000, quota=a_month(30), quotas=quotas)
    register_scenario(a_register_scenario(district="330106"), uow=uow, city=HANGZHOU, now=NOW)
    recognised = a_holder(uow)
    issue(uow, recognised)
    reserve(uow, recognised)

    usage = measure(uow)

    assert (usage.issued, usage.open, usage.held) == (1, 1, 1)
    assert (usage.budget_fen, usage.reserved_fen, usage.spent_fen, usage.free_fen) == (
        9000,
        2000,
        0,
        7000,
    )
    counts = {"issued": 1, "held": 1, "reserved_fen": 2000, "spent_fen": 0}
    nothing = {"count": None, "free": None, "fen": None, "free_fen": None, "district": None}
    assert [vars(quota) for quota in usage.quotas] == [
        {**nothing, **counts, "period": "month", "window": "2026-11", "count": 30, "free": 28},
        {**nothing, **counts, "period": "day", "window": "2026-11-24"}
        | {"fen": 5000, "free_fen": 3000},
        {**nothing, **counts, "period": "year", "window": "2026"}
        | {"district": "330106", "count": 9, "free": 7},
    ]
    assert all(isinstance(quota, QuotaUsage) for quota in usage.quotas)


def test_an_operator_sees_no_others_numbers(uow):
    an_offer(uow)

    with pytest.raises(NotFound):
        measure(uow, operator_id="somebody-else")


def test_the_decision_on_a_reservation_is_on_record_under_its_id(uow):
    an_offer(uow, per_holder=a_month(1))
    recognised = a_holder(uow)
    given, refused = uuid4(), uuid4()

    reserve(uow, recognised, reservation_id=given)
    with pytest.raises(Refused):
        reserve(uow, recognised, reservation_id=refused)

    with uow:
        found = [uow.decisions.of_holder(each, HOLDER) for each in (given, refused)]
    assert [record.outcome for record in found] == ["granted", "refused"]
    assert all(replay(record, uow=uow) == () for record in found)
