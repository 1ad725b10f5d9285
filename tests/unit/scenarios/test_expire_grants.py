"""Grants whose time is up are ended, all of them, in batches."""

from datetime import timedelta

import pytest

from contracts.scenarios import GrantEnded
from contracts.words import GrantState
from services.scenarios.handlers.expiry import expire_grants
from tests.builders.scenarios import (
    DAY,
    HANGZHOU,
    HOUR,
    NOW,
    TEN_YUAN,
    THREE_USES,
    a_grant,
    a_holder,
    an_offer,
    issue,
    redeem,
)

pytestmark = pytest.mark.scenarios


def expire(uow, now, **options):
    return expire_grants(uow=uow, city=HANGZHOU, now=now, **options)


def test_a_grant_ends_at_the_moment_its_time_is_up_whenever_that_is_noticed(uow):
    grant = a_grant(uow, benefit=TEN_YUAN, budget_fen=5000, grant_days=1)

    expire(uow, grant.until + 5 * HOUR)

    [announced] = uow.announced_of(GrantEnded)
    assert (announced.state, announced.reason) == (GrantState.EXPIRED, "time_over")
    assert (announced.ended_at, announced.value_fen) == (grant.until, 1000)
    tally = uow.state.tallies.get("late-return")
    assert (tally.expired, tally.open, tally.reserved_fen, tally.spent_fen) == (1, 0, 0, 0)


def test_a_grant_with_time_left_stays(uow):
    grant = a_grant(uow)

    assert expire(uow, grant.until - timedelta(microseconds=1)) == 0


def test_a_redeemed_grant_does_not_expire(uow):
    grant = a_grant(uow)
    redeem(uow, grant)

    assert expire(uow, grant.until + DAY) == 0


def test_a_started_grant_expires_with_the_uses_that_are_left(uow):
    grant = a_grant(uow, benefit=THREE_USES)
    redeem(uow, grant)

    assert expire(uow, grant.until) == 1
    assert uow.state.grants.get(grant.grant_id).state is GrantState.EXPIRED


def test_one_run_ends_everything_that_is_due_batch_by_batch(uow):
    an_offer(uow, grant_days=1)
    recognised = a_holder(uow)
    for _ in range(7):
        issue(uow, recognised)

    assert expire(uow, NOW + DAY, batch=3) == 7
    assert expire(uow, NOW + DAY, batch=3) == 0
