"""Recalls: a grant ends after a notice; its holder sees why and when, and uses it until then."""

from uuid import uuid4

import pytest

from contracts.corrections import GrantRestored, RecognitionRevised
from contracts.errors import Malformed, NotFound, Refused
from contracts.passes import GrantKept, GrantRecalled, RecallGrant
from contracts.scenarios import GrantEnded, ShowGrant
from contracts.words import GrantState, OnWithdrawal, RecallReason, UsageFact
from services.scenarios.handlers.corrections import on_recognition_revised
from services.scenarios.handlers.expiry import expire_grants
from services.scenarios.handlers.grants import show_grant
from services.scenarios.handlers.recalls import recall_grant
from services.scenarios.handlers.recognitions import on_recognition_ended
from tests.builders.scenarios import (
    BIKES,
    DAY,
    FUZHOU,
    GYM,
    HANGZHOU,
    HOLDER,
    NOW,
    PASSES,
    TEN_YUAN,
    a_grant,
    a_holder,
    a_recognition_ended,
    an_offer,
    issue,
    redeem,
)

pytestmark = pytest.mark.scenarios

CALL_BACK = {"on_withdrawal": OnWithdrawal.CALL_BACK, "notice_days": 7}


def recall(uow, grant, *, now=NOW, operator_id=BIKES, reason=RecallReason.MISUSE, days=7):
    command = RecallGrant(
        grant_id=grant.grant_id, operator_id=operator_id, reason=reason, notice_days=days
    )
    return recall_grant(command, uow=uow, city=HANGZHOU, now=now)


def seen(uow, grant, *, now=NOW):
    command = ShowGrant(grant_id=grant.grant_id, holder=HOLDER)
    return show_grant(command, uow=uow, passes=PASSES, now=now)


def facts(uow):
    lines = uow.state.usage_lines.of_month("2026-11", home=FUZHOU, host=HANGZHOU)
    lines += uow.state.usage_lines.of_month("2026-12", home=FUZHOU, host=HANGZHOU)
    return [line.fact for line in lines]


def test_a_holder_sees_a_recall_and_uses_the_grant_until_its_end(uow):
    grant = a_grant(uow, benefit=TEN_YUAN)

    record = recall(uow, grant)

    shown = seen(uow, grant)
    assert (shown.state, shown.recall_reason) == (GrantState.OPEN, "misuse")
    assert record.ends_at == shown.recall_ends_at == NOW + 7 * DAY
    assert redeem(uow, grant, now=NOW + 6 * DAY, amount_fen=300).given_fen == 300
    [announced] = uow.announced_of(GrantRecalled)
    assert (announced.ends_at, announced.recalled) == (record.ends_at, 1)


def test_at_the_end_of_its_notice_a_grant_is_revoked(uow):
    grant = a_grant(uow, benefit=TEN_YUAN, budget_fen=5000)
    recall(uow, grant)

    ends = NOW + 7 * DAY
    assert seen(uow, grant, now=ends).state is GrantState.REVOKED
    with pytest.raises(Refused, match="ordinary_terms"):
        redeem(uow, grant, now=ends)
    expire_grants(uow=uow, city=HANGZHOU, now=ends + DAY)

    [ended] = uow.announced_of(GrantEnded)
    assert (ended.state, ended.reason, ended.ended_at) == (GrantState.REVOKED, "misuse", ends)
    assert uow.state.tallies.get("late-return").reserved_fen == 0
    assert set(facts(uow)) == {UsageFact.ISSUED, UsageFact.RECALLED, UsageFact.REVOKED}


def test_a_notice_does_not_lengthen_a_grant(uow):
    grant = a_grant(uow, grant_days=3)

    record = recall(uow, grant, days=30)
    expire_grants(uow=uow, city=HANGZHOU, now=grant.until)

    assert record.ends_at == grant.until
    assert uow.state.grants.get(grant.grant_id).state is GrantState.EXPIRED


def test_the_same_recall_again_is_the_same_and_for_another_reason_is_refused(uow):
    grant = a_grant(uow)
    first = recall(uow, grant)

    assert recall(uow, grant, now=NOW + DAY) == first
    with pytest.raises(Refused, match="already_recalled"):
        recall(uow, grant, reason=RecallReason.CITY_DECISION)
    assert len(uow.announced_of(GrantRecalled)) == 1


def test_the_city_recalls_any_grant_and_an_operator_its_own(uow):
    grant = a_grant(uow)

    with pytest.raises(NotFound):
        recall(uow, grant, operator_id=GYM)
    assert recall(uow, grant, operator_id=None).reason == "misuse"


def test_what_is_used_up_is_not_recalled(uow):
    grant = a_grant(uow)
    redeem(uow, grant)

    with pytest.raises(Refused, match="grant_ended"):
        recall(uow, grant)


def test_no_notice_leads_beyond_the_calendar(uow):
    grant = a_grant(uow)

    with pytest.raises(Malformed) as refusal:
        recall(uow, grant, days=10**9)

    assert list(refusal.value.errors) == ["notice_days"]


# --- incentives that call back ---------------------------------------------------------------


@pytest.mark.parametrize("terms", [{"notice_days": 3661}, {"reversible_minutes": 10**9}])
def test_terms_lead_nowhere_beyond_the_calendar(uow, terms):
    with pytest.raises(Malformed) as refusal:
        an_offer(uow, **terms)

    assert list(refusal.value.errors) == list(terms)


def test_calling_back_needs_a_notice(uow):
    with pytest.raises(Malformed) as refusal:
        an_offer(uow, on_withdrawal=OnWithdrawal.CALL_BACK)

    assert list(refusal.value.errors) == ["notice_days"]


@pytest.mark.parametrize("reason", ["score_changed", "consent_withdrawn"])
def test_when_a_recognition_ends_its_grants_have_their_notice(uow, reason):
    an_offer(uow, **CALL_BACK)
    recognised = a_holder(uow)
    grant = issue(uow, recognised)

    event = a_recognition_ended(recognised, reason=reason)
    on_recognition_ended(event, uow=uow, city=HANGZHOU, now=NOW)

    assert (seen(uow, grant).state, seen(uow, grant).recall_reason) == (GrantState.OPEN, reason)
    assert seen(uow, grant, now=NOW + 7 * DAY).state is GrantState.REVOKED


@pytest.mark.parametrize("reason", ["key_compromised", "subject_erased"])
def test_some_ends_leave_no_time_for_a_notice(uow, reason):
    an_offer(uow, **CALL_BACK)
    recognised = a_holder(uow)
    grant = issue(uow, recognised)

    event = a_recognition_ended(recognised, reason=reason)
    on_recognition_ended(event, uow=uow, city=HANGZHOU, now=NOW)

    assert seen(uow, grant).state is GrantState.REVOKED


def test_a_correction_within_the_notice_keeps_the_grant(uow):
    an_offer(uow, **CALL_BACK)
    recognised = a_holder(uow)
    grant = issue(uow, recognised)
    event = a_recognition_ended(recognised, reason="score_changed")
    on_recognition_ended(event, uow=uow, city=HANGZHOU, now=NOW)

    a_holder(uow, recognised_at=NOW + DAY, until=NOW + 40 * DAY)

    kept = seen(uow, grant, now=NOW + 8 * DAY)
    assert (kept.state, kept.recall_reason) == (GrantState.OPEN, None)
    [announced] = uow.announced_of(GrantKept)
    assert (announced.grant_id, announced.recalled) == (grant.grant_id, 1)
    assert UsageFact.KEPT in facts(uow)


def test_no_correction_takes_an_operators_recall_back(uow):
    an_offer(uow)
    grant = issue(uow, a_holder(uow))
    recall(uow, grant)

    a_holder(uow, recognised_at=NOW + DAY, until=NOW + 40 * DAY)

    assert seen(uow, grant, now=NOW + DAY).recall_reason == "misuse"
    assert uow.announced_of(GrantKept) == []


def test_a_tier_that_is_too_low_calls_back_and_enough_again_keeps(uow):
    an_offer(uow, **CALL_BACK)
    recognised = a_holder(uow)
    grant = issue(uow, recognised)

    def revise(tier, now):
        event = RecognitionRevised(
            recognition_id=recognised.recognition_id,
            attestation_id=uuid4(),
            holder=HOLDER,
            home=recognised.home,
            tier=tier,
            purposes=recognised.purposes,
            crosswalk=3,
            reason="score_changed",
            revised_at=now,
            until=recognised.until,
        )
        on_recognition_revised(event, uow=uow, city=HANGZHOU, now=now)

    revise(1, NOW)
    assert seen(uow, grant).recall_reason == "correction"
    revise(4, NOW + DAY)
    assert seen(uow, grant, now=NOW + DAY).recall_reason is None


def test_what_a_correction_restores_is_still_recalled_by_its_operator(uow):
    an_offer(uow)
    recognised = a_holder(uow)
    grant = issue(uow, recognised)
    recall(uow, grant)
    event = a_recognition_ended(recognised, reason="score_changed")
    on_recognition_ended(event, uow=uow, city=HANGZHOU, now=NOW)

    a_holder(uow, recognised_at=NOW + DAY, until=NOW + 40 * DAY)

    restored = seen(uow, grant, now=NOW + DAY)
    assert (restored.state, restored.recall_reason) == (GrantState.OPEN, "misuse")
    assert seen(uow, grant, now=NOW + 7 * DAY).state is GrantState.REVOKED
    [announced] = uow.announced_of(GrantRestored)
    assert announced.until == NOW + 7 * DAY


def test_no_correction_restores_what_a_recall_would_have_ended_by_now(uow):
    an_offer(uow)
    recognised = a_holder(uow)
    grant = issue(uow, recognised)
    recall(uow, grant)
    event = a_recognition_ended(recognised, reason="score_changed")
    on_recognition_ended(event, uow=uow, city=HANGZHOU, now=NOW)

    a_holder(uow, recognised_at=NOW + 7 * DAY, until=NOW + 40 * DAY)

    assert seen(uow, grant, now=NOW + 7 * DAY).state is GrantState.REVOKED
    assert uow.announced_of(GrantRestored) == []
