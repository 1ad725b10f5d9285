"""When home corrects itself, grants are decided again: ended, restored, or left alone."""

from uuid import uuid4

import pytest

from contracts.corrections import (
    CorrectionApplied,
    GrantRestored,
    RecognitionResumed,
    RecognitionRevised,
    RecognitionSuspended,
)
from contracts.errors import Refused
from contracts.recognition import CategoryTier
from contracts.scenarios import GrantEnded
from contracts.words import Category, GrantState, OnCorrection, UsageFact
from services.scenarios.handlers.corrections import (
    on_recognition_resumed,
    on_recognition_revised,
    on_recognition_suspended,
)
from services.scenarios.handlers.expiry import expire_grants
from services.scenarios.handlers.recognitions import on_recognition_ended
from tests.builders.scenarios import (
    DAY,
    FUZHOU,
    HANGZHOU,
    HOUR,
    KEEP_STARTED,
    NOW,
    TEN_YUAN,
    THREE_USES,
    ZHENGZHOU,
    a_holder,
    a_month,
    a_recognition_ended,
    a_score_recognised,
    an_offer,
    issue,
    redeem,
)

pytestmark = [pytest.mark.scenarios, pytest.mark.recognition]

LATER = NOW + HOUR
LATEST = NOW + 2 * HOUR
BOTH = (Category.TRANSPORT, Category.SPORTS)


def a_revision(recognised, **overrides):
    values = {
        "recognition_id": recognised.recognition_id,
        "attestation_id": uuid4(),
        "holder": recognised.holder,
        "home": recognised.home,
        "tier": 4,
        "purposes": BOTH,
        "crosswalk": 3,
        "reason": "score_changed",
        "revised_at": LATER,
        "until": recognised.until,
    }
    return RecognitionRevised(**{**values, **overrides})


def revise(uow, recognised, *, now=LATER, **overrides):
    event = a_revision(recognised, revised_at=overrides.pop("at", now), **overrides)
    on_recognition_revised(event, uow=uow, city=HANGZHOU, now=now)
    return event


def suspend(uow, recognised, *, at=LATER, **overrides):
    values = {
        "recognition_id": recognised.recognition_id,
        "holder": recognised.holder,
        "home": recognised.home,
        "reason": "fact_disputed",
        "suspended_at": at,
    }
    on_recognition_suspended(RecognitionSuspended(**{**values, **overrides}), uow=uow, now=at)


def resume(uow, recognised, *, at=LATEST, **overrides):
    values = {
        "recognition_id": recognised.recognition_id,
        "holder": recognised.holder,
        "home": recognised.home,
        "resumed_at": at,
    }
    event = RecognitionResumed(**{**values, **overrides})
    on_recognition_resumed(event, uow=uow, city=HANGZHOU, now=at)


def end(uow, recognised, *, now=LATER, **overrides):
    event = a_recognition_ended(recognised, **{"reason": "score_changed", **overrides})
    on_recognition_ended(event, uow=uow, city=HANGZHOU, now=now)


def grant_of(uow, grant):
    return uow.state.grants.get(grant.grant_id)


def state_of(uow, grant):
    return grant_of(uow, grant).state


def tally(uow):
    return uow.state.tallies.get("late-return")


def lines(uow):
    found = uow.state.usage_lines.of_month("2026-11", home=FUZHOU, host=HANGZHOU)
    return [(line.fact, line.value_fen) for line in found]


# --- claw back ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "less", [{"tier": 2}, {"purposes": (Category.SPORTS,)}], ids=["tier", "purpose"]
)
def test_an_open_grant_whose_terms_are_no_longer_met_ends_as_a_correction(uow, less):
    an_offer(uow, benefit=TEN_YUAN, budget_fen=5000)
    grant = issue(uow, recognised := a_holder(uow))

    revise(uow, recognised, **less)

    [ended] = uow.announced_of(GrantEnded)
    assert (ended.grant_id, ended.state, ended.reason) == (
        grant.grant_id,
        GrantState.REVOKED,
        "correction",
    )
    assert (tally(uow).open, tally(uow).revoked, tally(uow).reserved_fen) == (0, 1, 0)


def test_an_open_grant_whose_terms_are_still_met_stays(uow):
    an_offer(uow)
    grant = issue(uow, recognised := a_holder(uow))

    revise(uow, recognised, tier=3)

    assert state_of(uow, grant) is GrantState.OPEN
    assert redeem(uow, grant, now=LATER).uses_left == 0


def test_terms_are_those_the_grant_was_issued_under(uow):
    an_offer(uow)
    grant = issue(uow, recognised := a_holder(uow))
    an_offer(uow, minimum_tier=5)

    revise(uow, recognised, tier=3)

    assert state_of(uow, grant) is GrantState.OPEN


def test_with_keep_started_a_started_grant_runs_on_and_an_unused_one_ends(uow):
    an_offer(uow, **KEEP_STARTED)
    recognised = a_holder(uow)
    started, unused = issue(uow, recognised), issue(uow, recognised)
    redeem(uow, started)

    revise(uow, recognised, tier=2)

    assert redeem(uow, started, now=LATER).uses_left == 1
    assert state_of(uow, unused) is GrantState.REVOKED


def test_a_grant_never_outlives_what_its_recognition_rests_on_now(uow):
    an_offer(uow)
    grant = issue(uow, recognised := a_holder(uow))

    revise(uow, recognised, until=NOW + DAY)

    assert grant_of(uow, grant).until == NOW + DAY


def test_a_grant_whose_time_is_up_is_left_to_expire(uow):
    an_offer(uow, grant_days=1)
    grant = issue(uow, recognised := a_holder(uow))

    revise(uow, recognised, now=grant.until, tier=2)

    assert state_of(uow, grant) is GrantState.OPEN


def test_new_grants_go_by_what_the_recognition_says_now(uow):
    an_offer(uow)
    recognised = a_holder(uow)
    revise(uow, recognised, tier=2)

    with pytest.raises(Refused, match="tier_below_minimum"):
        issue(uow, recognised, now=LATER)


def test_of_revisions_the_latest_stands_in_whichever_order(uow):
    recognised = a_holder(uow)

    revise(uow, recognised, at=LATEST, tier=5)
    revise(uow, recognised, at=LATER, tier=2)

    assert uow.state.recognitions.get(recognised.recognition_id).tier == 5


def test_a_revision_before_its_recognition_is_remembered(uow):
    recognised = a_score_recognised()
    revise(uow, recognised, tier=2)

    a_holder(uow, recognition_id=recognised.recognition_id)

    assert uow.state.recognitions.get(recognised.recognition_id).tier == 2


# --- restore -----------------------------------------------------------------------------------


def test_grants_are_decided_again_by_the_tier_agreed_on_for_their_category(uow):
    an_offer(uow, minimum_tier=4)
    grant = issue(uow, recognised := a_holder(uow))
    kept = (CategoryTier(category=Category.TRANSPORT, tier=4),)
    lost = (CategoryTier(category=Category.TRANSPORT, tier=3),)

    revise(uow, recognised, tier=2, tiers=kept)
    assert grant_of(uow, grant).state is GrantState.OPEN
    revise(uow, recognised, now=LATEST, tier=5, tiers=lost)
    assert grant_of(uow, grant).state is GrantState.REVOKED
    revise(uow, recognised, now=LATEST + HOUR, tier=2, tiers=kept)

    found = grant_of(uow, grant)
    assert (found.state, found.basis.tier) == (GrantState.OPEN, 4)


def test_a_grant_revoked_by_a_revision_is_restored_by_the_next(uow):
    an_offer(uow, benefit=TEN_YUAN, budget_fen=5000)
    grant = issue(uow, recognised := a_holder(uow))
    revise(uow, recognised, tier=2)

    revision = revise(uow, recognised, now=LATEST, tier=4)

    [restored] = uow.announced_of(GrantRestored)
    assert (restored.grant_id, restored.restored, restored.value_fen) == (grant.grant_id, 1, 1000)
    assert (restored.attestation_id, restored.restored_at) == (revision.attestation_id, LATEST)
    found = grant_of(uow, grant)
    assert (found.state, found.ended_at, found.ended_reason) == (GrantState.OPEN, None, None)
    assert (found.basis.attestation_id, found.basis.crosswalk) == (revision.attestation_id, 3)
    assert (tally(uow).issued, tally(uow).open, tally(uow).revoked) == (1, 1, 0)
    assert tally(uow).reserved_fen == 1000
    assert redeem(uow, grant, now=LATEST).uses_left == 0


@pytest.mark.parametrize("reason", ["score_changed", "fact_disputed"])
def test_what_ended_for_a_fact_is_restored_by_a_later_recognition(uow, reason):
    an_offer(uow)
    grant = issue(uow, recognised := a_holder(uow))
    end(uow, recognised, reason=reason)

    again = a_holder(uow, recognised_at=LATEST)

    assert state_of(uow, grant) is GrantState.OPEN
    end(uow, again, now=LATEST, reason="consent_withdrawn")
    assert state_of(uow, grant) is GrantState.REVOKED


@pytest.mark.parametrize("reason", ["consent_withdrawn", "key_compromised", "city_decision"])
def test_what_ended_for_another_reason_stays_revoked(uow, reason):
    an_offer(uow)
    grant = issue(uow, recognised := a_holder(uow))
    end(uow, recognised, reason=reason)

    a_holder(uow, recognised_at=LATEST)

    assert state_of(uow, grant) is GrantState.REVOKED


def test_nothing_is_restored_while_its_terms_are_not_met(uow):
    an_offer(uow)
    grant = issue(uow, recognised := a_holder(uow))
    end(uow, recognised)

    a_holder(uow, recognised_at=LATEST, tier=2)

    assert state_of(uow, grant) is GrantState.REVOKED


def test_an_incentive_may_say_that_revoked_grants_stay_so(uow):
    an_offer(uow, on_correction=OnCorrection.LEAVE)
    grant = issue(uow, recognised := a_holder(uow))
    revise(uow, recognised, tier=2)

    revise(uow, recognised, now=LATEST, tier=4)

    assert state_of(uow, grant) is GrantState.REVOKED


def test_a_grant_whose_time_is_up_is_not_restored(uow):
    an_offer(uow, grant_days=1)
    grant = issue(uow, recognised := a_holder(uow))
    revise(uow, recognised, tier=2)

    revise(uow, recognised, now=grant.until, tier=4)

    assert state_of(uow, grant) is GrantState.REVOKED


def test_only_the_home_whose_word_it_was_brings_a_grant_back(uow):
    an_offer(uow)
    grant = issue(uow, recognised := a_holder(uow))
    end(uow, recognised)

    a_holder(uow, recognised_at=LATEST, home=ZHENGZHOU)

    assert state_of(uow, grant) is GrantState.REVOKED


def test_nothing_is_restored_that_the_budget_does_not_cover_any_more(uow):
    an_offer(uow, benefit=TEN_YUAN, budget_fen=1500)
    grant = issue(uow, recognised := a_holder(uow))
    revise(uow, recognised, tier=2)
    issue(uow, a_holder(uow, holder="holder-of-fuzhou-9"), now=LATER)

    revise(uow, recognised, now=LATEST, tier=4)

    assert state_of(uow, grant) is GrantState.REVOKED
    assert tally(uow).reserved_fen == 1000
    assert uow.announced_of(GrantRestored) == []


def test_a_started_grant_needs_no_budget_to_come_back(uow):
    an_offer(uow, benefit=THREE_USES)
    grant = issue(uow, recognised := a_holder(uow))
    redeem(uow, grant)
    revise(uow, recognised, tier=2)

    revise(uow, recognised, now=LATEST, tier=4)

    assert redeem(uow, grant, now=LATEST).uses_left == 1


def test_a_restored_grant_has_the_place_it_had(uow):
    an_offer(uow, per_holder=a_month(1))
    issue(uow, recognised := a_holder(uow))
    revise(uow, recognised, tier=2)

    revise(uow, recognised, now=LATEST, tier=4)

    with pytest.raises(Refused, match="holder_limit_reached"):
        issue(uow, recognised, now=LATEST)


def test_each_end_and_each_restoration_is_a_line_of_the_statement(uow):
    an_offer(uow, benefit=TEN_YUAN, budget_fen=5000)
    grant = issue(uow, recognised := a_holder(uow))
    for hours, tier in enumerate((2, 4, 2, 4), 1):
        revise(uow, recognised, now=NOW + hours * HOUR, tier=tier)

    assert lines(uow) == [
        (UsageFact.ISSUED, 1000),
        (UsageFact.REVOKED, 1000),
        (UsageFact.RESTORED, 1000),
        (UsageFact.REVOKED, 1000),
        (UsageFact.RESTORED, 1000),
    ]
    assert [event.restored for event in uow.announced_of(GrantEnded)] == [0, 1]
    assert grant_of(uow, grant).restored == 2


def test_a_revision_told_twice_restores_once(uow):
    an_offer(uow)
    issue(uow, recognised := a_holder(uow))
    revise(uow, recognised, tier=2)

    for _ in range(2):
        revise(uow, recognised, now=LATEST, tier=4)

    assert len(uow.announced_of(GrantRestored)) == 1


# --- suspended ---------------------------------------------------------------------------------


def test_a_suspended_recognition_gives_nothing_and_ends_nothing(uow):
    an_offer(uow)
    grant = issue(uow, recognised := a_holder(uow))
    suspend(uow, recognised)

    with pytest.raises(Refused, match="recognition_suspended"):
        issue(uow, recognised, now=LATER)
    assert state_of(uow, grant) is GrantState.OPEN


def test_on_a_suspended_recognition_the_operator_hears_ordinary_terms(uow):
    an_offer(uow)
    grant = issue(uow, recognised := a_holder(uow))
    suspend(uow, recognised)

    with pytest.raises(Refused, match="ordinary_terms") as caught:
        redeem(uow, grant, now=LATER)

    assert caught.value.detail == ""
    [(_, _, reason)] = uow.state.refusals.counts
    assert reason == "recognition_suspended"


def test_what_is_resumed_works_again(uow):
    an_offer(uow)
    grant = issue(uow, recognised := a_holder(uow))
    suspend(uow, recognised)

    resume(uow, recognised)

    assert redeem(uow, grant, now=LATEST).uses_left == 0
    assert issue(uow, recognised, now=LATEST).state is GrantState.OPEN


def test_while_suspended_a_grant_s_time_runs_on(uow):
    an_offer(uow, grant_days=1)
    grant = issue(uow, recognised := a_holder(uow))
    suspend(uow, recognised)

    expire_grants(uow=uow, city=HANGZHOU, now=grant.until)

    assert state_of(uow, grant) is GrantState.EXPIRED


def test_of_suspension_and_resumption_the_later_holds_in_whichever_order(uow):
    an_offer(uow)
    recognised = a_holder(uow)

    resume(uow, recognised, at=LATEST)
    suspend(uow, recognised, at=LATER)

    assert issue(uow, recognised, now=LATEST).state is GrantState.OPEN


def test_a_suspension_before_its_recognition_is_remembered(uow):
    an_offer(uow)
    recognised = a_score_recognised()
    suspend(uow, recognised)

    a_holder(uow, recognition_id=recognised.recognition_id)

    with pytest.raises(Refused, match="recognition_suspended"):
        issue(uow, recognised, now=LATER)


def test_a_revision_lifts_a_suspension_before_it_and_none_after_it(uow):
    recognised = a_holder(uow)
    suspend(uow, recognised, at=LATER)

    revise(uow, recognised, now=LATEST)
    assert not uow.state.recognitions.get(recognised.recognition_id).suspended

    suspend(uow, recognised, at=LATEST + HOUR)
    assert uow.state.recognitions.get(recognised.recognition_id).suspended


def test_nothing_is_restored_while_suspended_and_all_of_it_on_resumption(uow):
    an_offer(uow)
    grant = issue(uow, recognised := a_holder(uow))
    revise(uow, recognised, at=LATER, tier=2)
    suspend(uow, recognised, at=LATEST + HOUR)
    revise(uow, recognised, at=LATEST, now=LATEST + HOUR, tier=4)
    assert state_of(uow, grant) is GrantState.REVOKED

    resume(uow, recognised, at=LATEST + 2 * HOUR)

    assert state_of(uow, grant) is GrantState.OPEN


# --- told --------------------------------------------------------------------------------------


@pytest.mark.parametrize("change", [revise, suspend, resume, end])
def test_what_a_notice_asked_for_is_said_to_be_done(uow, change):
    recognised, notice_id = a_holder(uow), uuid4()

    change(uow, recognised, notice_id=notice_id)

    [applied] = uow.announced_of(CorrectionApplied)
    assert (applied.notice_id, applied.recognition_id) == (notice_id, recognised.recognition_id)


@pytest.mark.parametrize("change", [revise, suspend, resume, end])
def test_what_no_notice_asked_for_is_not_told(uow, change):
    change(uow, a_holder(uow))

    assert uow.announced_of(CorrectionApplied) == []
