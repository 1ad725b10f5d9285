"""What is remembered of incentives from one grant to the next is never what a step has changed."""

import pytest

from contracts.catalogue import PauseIncentive, ResumeIncentive
from contracts.errors import Refused
from services.scenarios.handlers.lives import pause_incentive, resume_incentive
from tests.builders.scenarios import (
    DAY,
    HOUR,
    NOW,
    a_holder,
    an_offer,
    issue,
    publish,
)
from tests.unit.scenarios import storages

pytestmark = pytest.mark.scenarios


@pytest.fixture
def uow(tmp_path):
    with storages.sqlite(tmp_path) as uow:
        yield uow


def test_the_next_grant_is_by_the_version_published_meanwhile(uow):
    an_offer(uow)
    recognised = a_holder(uow)
    before = issue(uow, recognised)

    publish(uow, minimum_tier=4)

    assert (before.incentive_version, issue(uow, recognised).incentive_version) == (1, 2)


def test_a_version_comes_into_force_by_time_alone(uow):
    an_offer(uow)
    publish(uow, minimum_tier=4, offered_from=NOW + DAY)
    recognised = a_holder(uow)

    versions = [
        issue(uow, recognised, now=NOW + later).incentive_version for later in (HOUR, DAY, HOUR)
    ]

    assert versions == [1, 2, 1]


def test_a_pause_and_its_end_are_seen_by_the_next_grant(uow):
    an_offer(uow)
    recognised = a_holder(uow)
    issue(uow, recognised)
    named = {"incentive_id": "late-return"}

    pause_incentive(PauseIncentive(**named), uow=uow, now=NOW)

    with pytest.raises(Refused, match="not_offered"):
        issue(uow, recognised)
    resume_incentive(ResumeIncentive(**named), uow=uow, now=NOW + HOUR)
    assert issue(uow, recognised, now=NOW + HOUR).incentive_version == 1


def test_each_database_is_remembered_apart(tmp_path):
    versions = []
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        with storages.sqlite(tmp_path / name) as uow:
            an_offer(uow)
            if name == "other":
                publish(uow, minimum_tier=4)
            versions.append(issue(uow, a_holder(uow)).incentive_version)

    assert versions == [1, 2]
