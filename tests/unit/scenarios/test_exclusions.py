"""Two incentives that exclude each other are not open at the same time, whichever comes first."""

from contextlib import contextmanager

import pytest

from contracts.errors import Refused
from contracts.rules import Conditions
from contracts.words import GrantState
from services.scenarios.handlers.catalogue import publish_incentive
from services.scenarios.handlers.corrections import on_recognition_revised
from tests.builders.scenarios import (
    DAY,
    HANGZHOU,
    HOUR,
    NOW,
    a_holder,
    a_publish_incentive,
    an_offer,
    issue,
    redeem,
)
from tests.unit.scenarios import storages
from tests.unit.scenarios.test_corrections import a_revision

pytestmark = pytest.mark.scenarios


@pytest.fixture(params=[storages.fake, storages.sqlite], ids=["fake", "sqlite"])
def uow(request, tmp_path):
    with request.param(tmp_path) as storage:
        yield storage


@contextmanager
def refused(code):
    with pytest.raises(Refused, match=code):
        yield


def offer_both(uow):
    """Offer two incentives, of which the museum excludes the late return."""
    an_offer(uow)
    an_offer(uow, incentive_id="museum", conditions=Conditions(excludes=("late-return",)))


def state_of(uow, grant):
    with uow:
        return uow.grants.get(grant.grant_id).state


@pytest.mark.parametrize(
    ("first", "second"), [("museum", "late-return"), ("late-return", "museum")]
)
def test_an_open_grant_bars_the_other_in_either_order(uow, first, second):
    offer_both(uow)
    recognised = a_holder(uow)
    issue(uow, recognised, incentive_id=first)

    with refused("excluded_by_other"):
        issue(uow, recognised, incentive_id=second)


def test_a_grant_that_was_used_up_bars_nothing_any_more(uow):
    offer_both(uow)
    recognised = a_holder(uow)
    redeem(uow, issue(uow, recognised))

    assert issue(uow, recognised, incentive_id="museum").state is GrantState.OPEN


def test_a_grant_whose_time_is_up_bars_nothing_though_it_was_not_noted_yet(uow):
    an_offer(uow, grant_days=1)
    an_offer(uow, incentive_id="museum", conditions=Conditions(excludes=("late-return",)))
    recognised = a_holder(uow)
    issue(uow, recognised)

    later = NOW + DAY
    assert issue(uow, recognised, incentive_id="museum", now=later).state is GrantState.OPEN


def test_what_one_holder_has_bars_nobody_else(uow):
    offer_both(uow)
    issue(uow, a_holder(uow))

    other = a_holder(uow, holder="holder-of-fuzhou-8")

    assert issue(uow, other, incentive_id="museum").state is GrantState.OPEN


def test_an_open_grant_bars_by_the_terms_it_was_issued_under(uow):
    offer_both(uow)
    recognised = a_holder(uow)
    issue(uow, recognised, incentive_id="museum")
    milder = a_publish_incentive(incentive_id="museum", minimum_tier=2)
    publish_incentive(milder, uow=uow, city=HANGZHOU, now=NOW)

    with refused("excluded_by_other"):
        issue(uow, recognised)


def test_an_incentive_may_exclude_itself_so_that_one_grant_is_open_at_a_time(uow):
    an_offer(uow, conditions=Conditions(excludes=("late-return",)))
    recognised = a_holder(uow)
    grant = issue(uow, recognised)

    with refused("excluded_by_other"):
        issue(uow, recognised)
    redeem(uow, grant)

    assert issue(uow, recognised).state is GrantState.OPEN


def test_a_correction_restores_nothing_that_an_open_grant_excludes(uow):
    offer_both(uow)
    recognised = a_holder(uow)
    lost = issue(uow, recognised)
    lower = a_revision(recognised, tier=2, revised_at=NOW)
    on_recognition_revised(lower, uow=uow, city=HANGZHOU, now=NOW)
    assert state_of(uow, lost) is GrantState.REVOKED
    back = a_revision(recognised, revised_at=NOW + HOUR)
    an_offer(
        uow,
        incentive_id="museum",
        minimum_tier=1,
        conditions=Conditions(excludes=("late-return",)),
    )
    issue(uow, recognised, incentive_id="museum")

    on_recognition_revised(back, uow=uow, city=HANGZHOU, now=NOW + HOUR)

    assert state_of(uow, lost) is GrantState.REVOKED
