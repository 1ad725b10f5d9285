"""Reversing a redemption: for some minutes, once, and everything is as before."""

from datetime import timedelta
from uuid import uuid4

import pytest

from contracts.benefits import DepositWaiver, Discount
from contracts.catalogue import WithdrawIncentive
from contracts.corrections import RecognitionRevised
from contracts.errors import Conflict, NotFound, Refused
from contracts.passes import CallDeposit, RedemptionReversed, ReverseRedemption
from contracts.words import GrantState, OnWithdrawal, UsageFact
from services.scenarios.handlers.corrections import on_recognition_revised
from services.scenarios.handlers.expiry import expire_grants
from services.scenarios.handlers.lives import withdraw_incentive
from services.scenarios.handlers.recognitions import on_recognition_ended
from services.scenarios.handlers.reversals import call_deposit, release_holds, reverse_redemption
from services.scenarios.handlers.withdrawals import settle_withdrawals
from tests.builders.scenarios import (
    BIKES,
    FUZHOU,
    GYM,
    HANGZHOU,
    KEEP_STARTED,
    NOW,
    TEN_YUAN,
    THREE_USES,
    a_grant,
    a_holder,
    a_recognition_ended,
    an_offer,
    issue,
    redeem,
)

pytestmark = pytest.mark.scenarios

MINUTE = timedelta(minutes=1)
LIMIT = {"reversible_minutes": 30}


def reverse(uow, redeemed, *, now=NOW + MINUTE, operator_id=BIKES, reversal_id=None):
    command = ReverseRedemption(
        reversal_id=reversal_id or uuid4(),
        redemption_id=redeemed.redemption_id,
        operator_id=operator_id,
    )
    return reverse_redemption(command, uow=uow, city=HANGZHOU, now=now)


def revise(uow, recognised, **overrides):
    values = {
        "recognition_id": recognised.recognition_id,
        "attestation_id": uuid4(),
        "holder": recognised.holder,
        "home": recognised.home,
        "tier": recognised.tier,
        "purposes": recognised.purposes,
        "crosswalk": recognised.crosswalk,
        "reason": "score_changed",
        "revised_at": NOW,
        "until": recognised.until,
    }
    event = RecognitionRevised(**{**values, **overrides})
    on_recognition_revised(event, uow=uow, city=HANGZHOU, now=NOW)


def tally(uow):
    return uow.state.tallies.get("late-return")


@pytest.mark.parametrize(
    ("benefit", "asked"),
    [
        (TEN_YUAN, {}),
        (TEN_YUAN, {"amount_fen": 300}),
        (Discount(percent_off=20, cap_fen=500), {"amount_fen": 1000}),
        (DepositWaiver(deposit_fen=5000), {}),
        (THREE_USES, {}),
    ],
)
def test_after_a_reversal_everything_is_as_before_the_use(uow, benefit, asked):
    grant = a_grant(uow, benefit=benefit, **LIMIT)
    before, stored = tally(uow), vars(uow.state.grants.get(grant.grant_id))

    reverse(uow, redeem(uow, grant, **asked))

    assert tally(uow) == before
    assert vars(uow.state.grants.get(grant.grant_id)) == stored
    assert redeem(uow, grant, **asked).uses_left < 3


def test_a_reversal_is_announced_and_booked(uow):
    grant = a_grant(uow, benefit=TEN_YUAN, **LIMIT)
    redeemed = redeem(uow, grant, amount_fen=300)

    record = reverse(uow, redeemed)

    [announced] = uow.announced_of(RedemptionReversed)
    assert (record.returned_fen, announced.value_fen, announced.uses_left) == (300, 300, 1)
    lines = uow.state.usage_lines.of_month("2026-11", home=FUZHOU, host=HANGZHOU)
    assert {(line.fact, line.value_fen) for line in lines} == {
        (UsageFact.ISSUED, 1000),
        (UsageFact.REDEEMED, 300),
        (UsageFact.REVERSED, 300),
    }


def test_the_same_reversal_again_is_the_same_and_takes_nothing(uow):
    redeemed = redeem(uow, a_grant(uow, benefit=TEN_YUAN, **LIMIT))
    reversal_id = uuid4()
    first = reverse(uow, redeemed, reversal_id=reversal_id)
    after = tally(uow)

    again = reverse(uow, redeemed, reversal_id=reversal_id, now=NOW + 99 * MINUTE)

    assert (again, tally(uow)) == (first, after)


def test_a_redemption_is_reversed_once(uow):
    redeemed = redeem(uow, a_grant(uow, **LIMIT))
    reverse(uow, redeemed)

    with pytest.raises(Refused, match="already_reversed"):
        reverse(uow, redeemed)


def test_an_id_reverses_one_redemption(uow):
    grant = a_grant(uow, benefit=THREE_USES, **LIMIT)
    first, second = redeem(uow, grant), redeem(uow, grant)
    reversal_id = reverse(uow, first).reversal_id

    with pytest.raises(Conflict):
        reverse(uow, second, reversal_id=reversal_id)


@pytest.mark.parametrize("minutes", [0, 30])
def test_after_its_minutes_a_redemption_stands(uow, minutes):
    redeemed = redeem(uow, a_grant(uow, reversible_minutes=minutes))

    with pytest.raises(Refused, match="not_reversible"):
        reverse(uow, redeemed, now=NOW + minutes * MINUTE)


def test_nobody_reverses_the_redemption_of_another(uow):
    redeemed = redeem(uow, a_grant(uow, **LIMIT))

    with pytest.raises(NotFound):
        reverse(uow, redeemed, operator_id=GYM)


def test_a_use_whose_deposit_was_called_stands(uow):
    redeemed = redeem(uow, a_grant(uow, benefit=DepositWaiver(deposit_fen=500), **LIMIT))
    command = CallDeposit(redemption_id=redeemed.redemption_id, operator_id=BIKES, called_fen=1)
    call_deposit(command, uow=uow, city=HANGZHOU, now=NOW)

    with pytest.raises(Refused, match="not_reversible"):
        reverse(uow, redeemed)


def test_a_reversal_never_overruns_the_budget(uow):
    discount = Discount(percent_off=20, cap_fen=500)
    an_offer(uow, benefit=discount, budget_fen=500, **LIMIT)
    recognised = a_holder(uow)
    redeemed = redeem(uow, issue(uow, recognised), amount_fen=100)

    with pytest.raises(Refused, match="budget_exhausted"):
        issue(uow, recognised, now=NOW + MINUTE)
    reverse(uow, redeemed)

    assert (tally(uow).reserved_fen, tally(uow).spent_fen) == (500, 0)
    assert release_holds(uow=uow, now=NOW + 60 * MINUTE) == 0


def test_a_grant_that_expired_meanwhile_stays_expired(uow):
    grant = a_grant(uow, benefit=TEN_YUAN, grant_days=1, reversible_minutes=3000)
    redeemed = redeem(uow, grant, amount_fen=300)
    expire_grants(uow=uow, city=HANGZHOU, now=grant.until)

    reverse(uow, redeemed, now=grant.until + MINUTE)

    assert uow.state.grants.get(grant.grant_id).state is GrantState.EXPIRED
    assert (tally(uow).expired, tally(uow).reserved_fen, tally(uow).spent_fen) == (1, 0, 0)


@pytest.mark.parametrize(
    ("terms", "state"), [({}, GrantState.REVOKED), (KEEP_STARTED, GrantState.OPEN)]
)
def test_what_is_open_again_although_its_recognition_ended_ends_too(uow, terms, state):
    an_offer(uow, **terms, **LIMIT)
    recognised = a_holder(uow)
    grant = issue(uow, recognised)
    uses = grant.uses_left
    last = [redeem(uow, grant) for _ in range(uses)][-1]
    on_recognition_ended(a_recognition_ended(recognised), uow=uow, city=HANGZHOU, now=NOW)

    reverse(uow, last)

    assert uow.state.grants.get(grant.grant_id).state is state
    assert getattr(tally(uow), state.value) == 1


def test_what_is_no_longer_started_does_not_run_on_without_its_recognition(uow):
    an_offer(uow, **KEEP_STARTED, **LIMIT)
    recognised = a_holder(uow)
    grant = issue(uow, recognised)
    redeemed = redeem(uow, grant)
    on_recognition_ended(a_recognition_ended(recognised), uow=uow, city=HANGZHOU, now=NOW)

    reverse(uow, redeemed)

    assert uow.state.grants.get(grant.grant_id).state is GrantState.REVOKED
    assert (tally(uow).open, tally(uow).revoked) == (0, 1)


def test_what_is_open_again_of_a_withdrawn_incentive_ends_with_it(uow):
    grant = a_grant(uow, benefit=TEN_YUAN, **LIMIT)
    redeemed = redeem(uow, grant)
    withdrawal = WithdrawIncentive(incentive_id=grant.incentive_id, operator_id=BIKES)
    withdraw_incentive(withdrawal, uow=uow, now=NOW)
    settle_withdrawals(uow=uow, city=HANGZHOU, now=NOW)

    reverse(uow, redeemed)

    ended = uow.state.grants.get(grant.grant_id)
    assert (ended.state, ended.ended_reason) == (GrantState.REVOKED, "incentive_withdrawn")
    assert (tally(uow).open, tally(uow).reserved_fen, tally(uow).spent_fen) == (0, 0, 0)


def test_what_is_open_again_under_a_tier_that_is_too_low_by_now_ends(uow):
    an_offer(uow, benefit=TEN_YUAN, **LIMIT)
    recognised = a_holder(uow)
    grant = issue(uow, recognised)
    redeemed = redeem(uow, grant)
    revise(uow, recognised, tier=1)

    reverse(uow, redeemed)

    ended = uow.state.grants.get(grant.grant_id)
    assert (ended.state, ended.ended_reason) == (GrantState.REVOKED, "correction")


def test_what_is_open_again_lasts_no_longer_than_its_recognition_does_by_now(uow):
    an_offer(uow, benefit=TEN_YUAN, **LIMIT)
    recognised = a_holder(uow)
    grant = issue(uow, recognised)
    redeemed = redeem(uow, grant)
    revise(uow, recognised, until=NOW + 60 * MINUTE)

    reverse(uow, redeemed)

    assert uow.state.grants.get(grant.grant_id).until == NOW + 60 * MINUTE


def test_an_end_without_notice_leaves_none_after_a_reversal_either(uow):
    an_offer(uow, on_withdrawal=OnWithdrawal.CALL_BACK, notice_days=7, **LIMIT)
    recognised = a_holder(uow)
    grant = issue(uow, recognised)
    redeemed = redeem(uow, grant)
    event = a_recognition_ended(recognised, reason="key_compromised")
    on_recognition_ended(event, uow=uow, city=HANGZHOU, now=NOW)

    reverse(uow, redeemed)

    ended = uow.state.grants.get(grant.grant_id)
    assert (ended.state, ended.ended_reason) == (GrantState.REVOKED, "key_compromised")
