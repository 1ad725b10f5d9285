"""A city's way through the alliance: step by step, with reasons, and told once."""

from datetime import timedelta
from itertools import pairwise, product

import pytest

from contracts.membership import CityStateChanged
from contracts.words import CityState
from services.recognition.domain.membership import MOVES, check_move
from services.recognition.handlers.roster import adopt_roster
from tests.builders.attestations import FUZHOU, HANGZHOU, NOW, a_city, a_roster
from tests.builders.recognition import home_node
from tests.fakes.recognition import FakeSource

pytestmark = pytest.mark.recognition

DAY = timedelta(days=1)
WAY = ["applied", "testing", "online", "suspended", "online", "left"]


@pytest.mark.parametrize(("former", "state"), list(pairwise(WAY)))
def test_a_city_goes_its_way(former, state):
    check_move(CityState(former), CityState(state), "why")


@pytest.mark.parametrize(
    ("former", "state"),
    [(one, other) for one, other in product(CityState, CityState) if other not in MOVES[one]],
)
def test_no_city_leaps(former, state):
    with pytest.raises(ValueError, match=f"from {former} a city goes to"):
        check_move(former, state, "why")


@pytest.mark.parametrize("state", ["suspended", "left"])
def test_nobody_is_sent_off_without_a_reason(state):
    with pytest.raises(ValueError, match="for a reason"):
        check_move(CityState.ONLINE, CityState(state), " ")


def adopt(uow, *cities, version):
    roster = a_roster(*cities, version=version, issued_at=NOW + version * DAY)
    adopt_roster(uow=uow, node=home_node(rosters=FakeSource(roster)), now=NOW + 99 * DAY)


def told(uow):
    return [
        (each.city, each.former, each.state, each.reason, each.roster, each.changed_at)
        for each in uow.announced_of(CityStateChanged)
    ]


def test_each_change_is_told_once_with_its_reason_and_the_roster_s_moment(uow):
    hangzhou = a_city(HANGZHOU)
    suspended = a_city(FUZHOU, state="suspended", reason="key lost")
    for version, fuzhou in ((1, a_city(state="testing")), (2, a_city()), (3, suspended)):
        for _ in range(2):
            adopt(uow, fuzhou, hangzhou, version=version)

    assert told(uow) == [
        (HANGZHOU, None, "online", None, 1, NOW + DAY),
        (FUZHOU, None, "testing", None, 1, NOW + DAY),
        (FUZHOU, "testing", "online", None, 2, NOW + 2 * DAY),
        (FUZHOU, "online", "suspended", "key lost", 3, NOW + 3 * DAY),
    ]


def test_a_city_that_is_not_listed_any_more_has_left(uow):
    adopt(uow, a_city(FUZHOU), a_city(HANGZHOU), version=1)

    for version in (2, 3):
        adopt(uow, a_city(FUZHOU), version=version)

    assert told(uow)[-1] == (
        HANGZHOU,
        "online",
        "left",
        "not in the roster any more",
        2,
        NOW + 2 * DAY,
    )


def test_a_node_that_slept_through_a_version_tells_the_difference(uow):
    adopt(uow, a_city(state="applied"), a_city(HANGZHOU), version=1)

    adopt(uow, a_city(), a_city(HANGZHOU), version=4)

    assert told(uow)[-1] == (FUZHOU, "applied", "online", None, 4, NOW + 4 * DAY)


def test_online_cities_are_counted_as_of_any_day(uow):
    adopt(uow, a_city(), a_city(HANGZHOU, state="testing"), version=1)
    adopt(uow, a_city(), a_city(HANGZHOU), version=2)
    adopt(uow, a_city(state="left", reason="x"), a_city(HANGZHOU), version=3)

    def online(days):
        with uow:
            return sum(each.state == "online" for each in uow.memberships.at(NOW + days * DAY))

    assert [online(day) for day in range(5)] == [0, 1, 2, 1, 1]
