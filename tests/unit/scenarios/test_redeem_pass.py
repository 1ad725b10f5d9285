"""Redeeming a pass: once per redemption id, and one answer for every no."""

import logging
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contracts.errors import ContractError
from contracts.scenarios import GrantRedeemed
from contracts.words import GrantState, UsageFact
from services.scenarios.adapters.pass_keys import PassKeys
from services.scenarios.domain.passes import GRACE, LIFETIME, SKEW
from services.scenarios.handlers.recognitions import on_recognition_ended
from services.scenarios.handlers.redemptions import redeem_pass
from tests.builders.scenarios import (
    BIKES,
    FUZHOU,
    GYM,
    HANGZHOU,
    HOLDER,
    HOUR,
    NODE,
    NOW,
    ONE_USE,
    PASSES,
    TEN_YUAN,
    THREE_USES,
    a_grant,
    a_holder,
    a_pass,
    a_recognition_ended,
    a_redeem_pass,
    an_offer,
    issue,
    redeem,
)

pytestmark = pytest.mark.scenarios

OTHER_PASSES = PassKeys(HANGZHOU, [Ed25519PrivateKey.from_private_bytes(bytes(32))])


def the_tally(uow):
    return uow.state.tallies.get("late-return")


def test_a_pass_is_redeemed_at_its_operator(uow):
    grant = a_grant(uow)

    record = redeem(uow, grant)

    assert (record.benefit, record.uses_left, record.redeemed_at) == (grant.benefit, 0, NOW)
    assert uow.state.grants.get(grant.grant_id).state is GrantState.REDEEMED
    assert (the_tally(uow).open, the_tally(uow).redeemed) == (0, 1)


def test_a_redemption_is_announced_and_booked_as_a_usage_line(uow):
    grant = a_grant(uow, benefit=TEN_YUAN, budget_fen=5000)

    record = redeem(uow, grant, now=NOW + HOUR)

    [announced] = uow.announced_of(GrantRedeemed)
    assert (announced.grant_id, announced.redemption_id) == (grant.grant_id, record.redemption_id)
    assert (announced.value_fen, announced.home) == (1000, FUZHOU)
    _, line = uow.state.usage_lines.of_month("2026-11", home=FUZHOU, host=HANGZHOU)
    assert (line.fact, line.value_fen, line.at) == (UsageFact.REDEEMED, 1000, NOW + HOUR)


def test_a_redemption_spends_what_the_grant_reserved(uow):
    grant = a_grant(uow, benefit=TEN_YUAN, budget_fen=5000)

    redeem(uow, grant)

    assert (the_tally(uow).reserved_fen, the_tally(uow).spent_fen) == (0, 1000)


def test_free_uses_are_used_one_by_one(uow):
    grant = a_grant(uow, benefit=THREE_USES)

    left = [redeem(uow, grant).uses_left for _ in range(3)]

    assert left == [2, 1, 0]
    assert uow.state.grants.get(grant.grant_id).state is GrantState.REDEEMED
    assert the_tally(uow).redeemed == 1


def test_redeeming_under_the_same_id_again_gives_the_same_record(uow):
    grant = a_grant(uow, benefit=THREE_USES)
    command = a_redeem_pass(grant)
    first = redeem_pass(command, uow=uow, now=NOW, **NODE)
    redeem(uow, grant)

    again = redeem_pass(command, uow=uow, now=grant.until + HOUR, **NODE)

    assert again == first
    assert uow.state.grants.get(grant.grant_id).uses_left == 1


def test_two_operators_may_choose_the_same_redemption_id(uow):
    grant, redemption_id = a_grant(uow), uuid4()
    with pytest.raises(ContractError):
        redeem(uow, grant, redemption_id=redemption_id, operator_id=GYM)

    record = redeem(uow, grant, redemption_id=redemption_id)

    assert record.redemption_id == redemption_id


# --- every no is the same --------------------------------------------------------------------


def forged(uow, grant):
    return {"pass_token": a_pass(uow, grant, keys=OTHER_PASSES)}


def unknown(uow, grant):
    with uow:
        lost = replace(uow.grants.get(grant.grant_id), id=uuid4())
    return {"pass_token": PASSES.write(lost, NOW)[0]}


def garbled(_uow, _grant):
    return {"pass_token": "何か \ud800"}


def old(uow, grant):
    return {"pass_token": a_pass(uow, grant, now=NOW - LIFETIME - GRACE)}


def early(uow, grant):
    return {"pass_token": a_pass(uow, grant, now=NOW + 2 * SKEW)}


def shown_before(uow, grant):
    token = a_pass(uow, grant)
    redeem(uow, grant, pass_token=token)
    return {"pass_token": token}


def foreign(_uow, _grant):
    return {"operator_id": GYM}


def used_up(uow, grant):
    redeem(uow, grant)
    return {}


def over(_uow, grant):
    return {"now": grant.until}


def revoked(uow, grant):
    recognised = a_holder(
        uow, recognition_id=uow.state.grants.get(grant.grant_id).basis.recognition_id
    )
    on_recognition_ended(a_recognition_ended(recognised), uow=uow, city=HANGZHOU, now=NOW)
    return {}


def id_reused(uow, _grant):
    other = issue(uow, a_holder(uow))
    return {"redemption_id": redeem(uow, other).redemption_id}


REASONS = {
    forged: "unknown_pass",
    unknown: "unknown_pass",
    garbled: "unknown_pass",
    old: "old_pass",
    early: "early_pass",
    shown_before: "used_pass",
    foreign: "foreign_pass",
    used_up: "redeemed",
    over: "expired",
    revoked: "revoked",
    id_reused: "id_reused",
}


@pytest.mark.parametrize(
    ("case", "reason"), REASONS.items(), ids=lambda value: getattr(value, "__name__", "")
)
def test_every_refusal_reads_ordinary_terms_and_only_the_log_tells_why(uow, caplog, case, reason):
    grant = a_grant(uow, benefit=THREE_USES if case is shown_before else ONE_USE)
    overrides = case(uow, grant)
    announced = len(uow.announced)

    with caplog.at_level(logging.INFO), pytest.raises(ContractError) as refusal:
        redeem(uow, grant, **overrides)

    assert (type(refusal.value).__name__, refusal.value.args) == ("Refused", ("ordinary_terms", ""))
    operator = overrides.get("operator_id", BIKES)
    day = "2026-12-14" if case is over else "2026-11-24"
    assert uow.state.refusals.counts == {(operator, day, reason): 1}
    assert reason in caplog.text
    assert HOLDER not in caplog.text
    assert len(uow.announced) == announced


def test_what_is_no_pass_redeems_no_grant_whatever_the_grant_is_called(uow):
    grant = a_grant(uow)
    uow.state.grants.save(replace(uow.state.grants.get(grant.grant_id), id=UUID(int=0)))

    with pytest.raises(ContractError) as refusal:
        redeem(uow, grant, pass_token="garbage")

    assert refusal.value.args == ("ordinary_terms", "")


def test_a_refusal_takes_no_use(uow):
    grant = a_grant(uow, benefit=THREE_USES)

    with pytest.raises(ContractError):
        redeem(uow, grant, operator_id=GYM)

    assert redeem(uow, grant).uses_left == 2


def test_an_id_that_another_pass_takes_in_the_same_moment_is_refused_alike(uow, monkeypatch):
    an_offer(uow)
    recognised = a_holder(uow)
    first, second = issue(uow, recognised), issue(uow, recognised)
    taken = redeem(uow, first).redemption_id
    monkeypatch.setattr(type(uow.state.redemptions), "get", lambda *_: None)  # not committed yet

    with pytest.raises(ContractError) as refusal:
        redeem(uow, second, redemption_id=taken)

    assert refusal.value.args == ("ordinary_terms", "")
    assert uow.state.grants.get(second.grant_id).state is GrantState.OPEN
