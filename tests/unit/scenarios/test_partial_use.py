"""Uses that give less than the most: vouchers bit by bit, discounts off a price, deposits."""

from datetime import timedelta

import pytest

from contracts.benefits import Certificate, DepositWaiver, Discount, PayLater
from contracts.errors import Conflict, Malformed, NotFound, Refused
from contracts.passes import CallDeposit, DepositCalled
from contracts.scenarios import GrantRedeemed
from contracts.words import GrantState, UsageFact
from services.scenarios.handlers.redemptions import redeem_pass
from services.scenarios.handlers.reversals import call_deposit, release_holds
from tests.builders.scenarios import (
    BIKES,
    DAY,
    FUZHOU,
    GYM,
    HANGZHOU,
    NODE,
    NOW,
    TEN_YUAN,
    a_grant,
    a_redeem_pass,
    redeem,
)

pytestmark = pytest.mark.scenarios

MINUTE = timedelta(minutes=1)
HOTEL = DepositWaiver(deposit_fen=30_000, hold_days=7)


def money(uow):
    tally = uow.state.tallies.get("late-return")
    return tally.reserved_fen, tally.spent_fen


def test_a_voucher_is_used_bit_by_bit(uow):
    grant = a_grant(uow, benefit=TEN_YUAN, budget_fen=5000)

    first = redeem(uow, grant, amount_fen=300)
    assert (first.given_fen, first.charged_fen, first.left_fen, first.uses_left) == (300, 0, 700, 1)
    assert money(uow) == (700, 300)

    last = redeem(uow, grant, amount_fen=900)
    assert (last.given_fen, last.charged_fen, last.left_fen, last.uses_left) == (700, 200, 0, 0)
    assert money(uow) == (0, 1000)
    assert uow.state.grants.get(grant.grant_id).state is GrantState.REDEEMED
    assert [event.value_fen for event in uow.announced_of(GrantRedeemed)] == [300, 700]


def test_a_discount_spends_what_it_gave_and_releases_the_rest(uow):
    grant = a_grant(uow, benefit=Discount(percent_off=20, cap_fen=500), budget_fen=5000)

    record = redeem(uow, grant, amount_fen=1000)

    assert (record.given_fen, record.charged_fen, record.left_fen) == (200, 800, None)
    assert money(uow) == (0, 200)


def test_what_could_be_given_again_stays_reserved_while_the_use_can_be_reversed(uow):
    discount = Discount(percent_off=20, cap_fen=500)
    grant = a_grant(uow, benefit=discount, budget_fen=5000, reversible_minutes=30)

    record = redeem(uow, grant, amount_fen=1000)
    assert record.reversible_until == NOW + 30 * MINUTE
    assert money(uow) == (300, 200)

    assert release_holds(uow=uow, now=NOW + 29 * MINUTE) == 0
    assert release_holds(uow=uow, now=NOW + 30 * MINUTE) == 1
    assert money(uow) == (0, 200)


def test_benefits_after_a_use_say_their_dates(uow):
    card = a_grant(uow, benefit=Certificate(certificate="reader-card", valid_days=365))
    assert redeem(uow, card).valid_until == NOW + 365 * DAY
    parking = a_grant(uow, benefit=PayLater(days_to_pay=3))
    assert redeem(uow, parking, amount_fen=700, minutes=40).pay_by == NOW + 3 * DAY


def test_a_unit_that_is_not_the_benefits_is_refused_and_takes_nothing(uow):
    grant = a_grant(uow, benefit=TEN_YUAN)

    with pytest.raises(Malformed) as refusal:
        redeem(uow, grant, minutes=30)

    assert list(refusal.value.errors) == ["minutes"]
    assert redeem(uow, grant).given_fen == 1000


def test_the_same_id_for_another_sum_is_another_redemption(uow):
    grant = a_grant(uow, benefit=TEN_YUAN)
    command = a_redeem_pass(grant, amount_fen=300)
    redeem_pass(command, uow=uow, now=NOW, **NODE)

    with pytest.raises(Conflict):
        redeem(uow, grant, redemption_id=command.redemption_id, amount_fen=400)


# --- deposits --------------------------------------------------------------------------------


def call(uow, redeemed, called_fen, *, now=NOW, operator_id=BIKES):
    command = CallDeposit(
        redemption_id=redeemed.redemption_id, operator_id=operator_id, called_fen=called_fen
    )
    return call_deposit(command, uow=uow, city=HANGZHOU, now=now)


def test_a_waived_deposit_is_at_risk_and_not_spent_unless_called(uow):
    grant = a_grant(uow, benefit=HOTEL, budget_fen=90_000)
    assert money(uow) == (30_000, 0)

    redeemed = redeem(uow, grant, amount_fen=20_000)
    assert (redeemed.waived_fen, redeemed.given_fen, redeemed.held_until) == (
        20_000,
        0,
        NOW + 7 * DAY,
    )
    assert money(uow) == (20_000, 0)

    record = call(uow, redeemed, 4_500)
    assert (record.waived_fen, record.called_fen) == (20_000, 4_500)
    assert money(uow) == (0, 4_500)
    [announced] = uow.announced_of(DepositCalled)
    assert (announced.value_fen, announced.redemption_id) == (4_500, redeemed.redemption_id)
    lines = uow.state.usage_lines.of_month("2026-11", home=FUZHOU, host=HANGZHOU)
    assert UsageFact.CALLED in {line.fact for line in lines}


def test_a_deposit_is_called_once_and_the_same_call_again_is_the_same(uow):
    redeemed = redeem(uow, a_grant(uow, benefit=HOTEL))
    first = call(uow, redeemed, 100)

    assert call(uow, redeemed, 100, now=NOW + 9 * DAY) == first
    with pytest.raises(Conflict):
        call(uow, redeemed, 200)
    assert len(uow.announced_of(DepositCalled)) == 1


def test_a_deposit_is_given_back_by_calling_nothing(uow):
    redeemed = redeem(uow, a_grant(uow, benefit=HOTEL, budget_fen=90_000))

    call(uow, redeemed, 0)

    assert money(uow) == (0, 0)
    assert uow.announced_of(DepositCalled) == []


def test_a_deposit_that_nobody_calls_is_free_when_its_time_is_over(uow):
    redeemed = redeem(uow, a_grant(uow, benefit=HOTEL, budget_fen=90_000))

    assert release_holds(uow=uow, now=NOW + 7 * DAY) == 1

    assert money(uow) == (0, 0)
    with pytest.raises(Refused, match="hold_over"):
        call(uow, redeemed, 1, now=NOW + 7 * DAY)


def test_nobody_calls_more_than_was_waived_or_the_deposit_of_another(uow):
    redeemed = redeem(uow, a_grant(uow, benefit=HOTEL), amount_fen=100)

    with pytest.raises(Refused, match="hold_over"):
        call(uow, redeemed, 101)
    with pytest.raises(NotFound):
        call(uow, redeemed, 1, operator_id=GYM)


def test_a_use_without_a_deposit_has_none_to_call(uow):
    redeemed = redeem(uow, a_grant(uow))

    with pytest.raises(Refused, match="hold_over"):
        call(uow, redeemed, 0)
