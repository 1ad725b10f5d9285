"""A holder's grants, as their holder sees them."""

from datetime import timedelta

import pytest

from contracts.errors import NotFound
from contracts.scenarios import ListGrants, ShowGrant
from contracts.words import GrantState
from services.scenarios.handlers.grants import MOST_LISTED, list_grants, show_grant
from tests.builders.scenarios import (
    HOLDER,
    NOW,
    PASSES,
    STRANGER,
    a_grant,
    a_holder,
    a_month,
    an_offer,
    issue,
    without_pass,
)

pytestmark = pytest.mark.scenarios


def show(uow, grant, *, holder=HOLDER, now=NOW):
    command = ShowGrant(grant_id=grant.grant_id, holder=holder)
    return show_grant(command, uow=uow, passes=PASSES, now=now)


def test_a_holder_sees_a_grant_with_its_pass(uow):
    grant = a_grant(uow)

    seen = show(uow, grant)

    assert without_pass(seen) == without_pass(grant)
    assert PASSES.read(seen.pass_token).grant_id == grant.grant_id


def test_nobody_sees_the_grant_of_another(uow):
    grant = a_grant(uow)

    with pytest.raises(NotFound):
        show(uow, grant, holder=STRANGER)


def test_a_grant_reads_as_expired_from_the_moment_its_time_is_up(uow):
    grant = a_grant(uow)

    seen = show(uow, grant, now=grant.until)

    assert (seen.state, seen.pass_token) == (GrantState.EXPIRED, None)


def test_the_newest_hundred_grants_are_listed_newest_first(uow):
    an_offer(uow, per_holder=a_month(1000))
    recognised, other = a_holder(uow), a_holder(uow, holder=STRANGER)
    taken = [issue(uow, recognised, now=NOW + timedelta(seconds=n)) for n in range(MOST_LISTED + 1)]
    issue(uow, other)

    listed = list_grants(ListGrants(holder=HOLDER), uow=uow, passes=PASSES, now=NOW)

    assert list(map(without_pass, listed.grants)) == list(map(without_pass, reversed(taken[1:])))
