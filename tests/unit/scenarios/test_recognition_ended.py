"""When a recognition ends, its open grants end as their incentive says."""

import pytest

from contracts.scenarios import GrantEnded
from contracts.words import GrantState, UsageFact
from services.scenarios.handlers.recognitions import on_recognition_ended
from tests.builders.scenarios import (
    FUZHOU,
    HANGZHOU,
    HOUR,
    KEEP_STARTED,
    NOW,
    TEN_YUAN,
    THREE_USES,
    a_holder,
    a_recognition_ended,
    a_score_recognised,
    an_offer,
    issue,
    redeem,
)

pytestmark = pytest.mark.scenarios


def end(uow, recognised, *, now=NOW, **overrides):
    event = a_recognition_ended(recognised, **overrides)
    on_recognition_ended(event, uow=uow, city=HANGZHOU, now=now)


def state_of(uow, grant):
    return uow.state.grants.get(grant.grant_id).state


def test_open_grants_are_revoked_and_announced(uow):
    an_offer(uow, benefit=TEN_YUAN, budget_fen=5000)
    recognised = a_holder(uow)
    grant = issue(uow, recognised)

    end(uow, recognised, now=NOW + HOUR)

    [announced] = uow.announced_of(GrantEnded)
    assert (announced.grant_id, announced.state) == (grant.grant_id, GrantState.REVOKED)
    assert (announced.reason, announced.ended_at) == ("consent_withdrawn", NOW + HOUR)
    tally = uow.state.tallies.get("late-return")
    assert (tally.open, tally.revoked, tally.reserved_fen) == (0, 1, 0)
    *_, line = uow.state.usage_lines.of_month("2026-11", home=FUZHOU, host=HANGZHOU)
    assert (line.fact, line.value_fen) == (UsageFact.REVOKED, 1000)


def test_a_started_grant_is_revoked_as_well(uow):
    an_offer(uow, benefit=THREE_USES)
    grant = issue(uow, recognised := a_holder(uow))
    redeem(uow, grant)

    end(uow, recognised)

    assert state_of(uow, grant) is GrantState.REVOKED


def test_with_keep_started_a_started_grant_runs_on_and_an_unused_one_ends(uow):
    an_offer(uow, **KEEP_STARTED)
    recognised = a_holder(uow)
    started, unused = issue(uow, recognised), issue(uow, recognised)
    redeem(uow, started)

    end(uow, recognised)

    assert redeem(uow, started).uses_left == 1
    assert state_of(uow, unused) is GrantState.REVOKED


def test_a_redeemed_grant_stays_redeemed(uow):
    an_offer(uow)
    grant = issue(uow, recognised := a_holder(uow))
    redeem(uow, grant)

    end(uow, recognised)

    assert state_of(uow, grant) is GrantState.REDEEMED
    assert uow.announced_of(GrantEnded) == []


def test_grants_of_other_recognitions_stand(uow):
    an_offer(uow)
    grant = issue(uow, a_holder(uow))

    end(uow, a_holder(uow))

    assert state_of(uow, grant) is GrantState.OPEN


def test_a_grant_whose_time_is_up_is_left_to_expire(uow):
    an_offer(uow, grant_days=1)
    grant = issue(uow, recognised := a_holder(uow))

    end(uow, recognised, now=grant.until)

    assert state_of(uow, grant) is GrantState.OPEN


def test_an_end_told_twice_changes_nothing_more(uow):
    an_offer(uow)
    issue(uow, recognised := a_holder(uow))
    end(uow, recognised)

    end(uow, recognised, reason="score_changed", now=NOW + HOUR)

    assert len(uow.announced_of(GrantEnded)) == 1
    [ending] = uow.state.recognitions.endings.values()
    assert ending.reason == "consent_withdrawn"


def test_an_end_before_its_recognition_is_remembered(uow):
    recognised = a_score_recognised()
    end(uow, recognised)

    a_holder(uow, recognition_id=recognised.recognition_id)

    known = uow.state.recognitions.get(recognised.recognition_id)
    assert (known.tier, known.ended_at) == (4, NOW)
