"""How often operators were refused is known for a while, and then forgotten."""

import pytest

from contracts.periods import period_name
from contracts.words import Period
from services.scenarios.handlers.forgetting import forget_refusals
from tests.builders.scenarios import DAY, NOW
from tests.unit.scenarios import storages

pytestmark = pytest.mark.scenarios


@pytest.fixture(params=[storages.fake, storages.sqlite], ids=["fake", "sqlite"])
def uow(request, tmp_path):
    with request.param(tmp_path) as uow:
        yield uow


def refused(uow, *reasons, at=NOW):
    with uow:
        for reason in reasons:
            uow.refusals.count("city-bikes", period_name(Period.DAY, at), reason)
        uow.commit()


def test_refusals_of_long_ago_are_forgotten_batch_by_batch_and_those_of_late_are_not(uow):
    refused(uow, "unknown_pass", "already_used", "expired")
    refused(uow, "unknown_pass", at=NOW + DAY)

    on_the_day = forget_refusals(uow=uow, kept_days=183, now=NOW + 183 * DAY, batch=2)
    a_day_later = forget_refusals(uow=uow, kept_days=183, now=NOW + 184 * DAY, batch=2)
    again = forget_refusals(uow=uow, kept_days=183, now=NOW + 184 * DAY)

    assert (on_the_day, a_day_later, again) == (0, 3, 0)
