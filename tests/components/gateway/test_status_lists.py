"""A status list that many ask for is signed once in a while."""

import pytest

from contracts.errors import NotFound
from contracts.recognition import ShowStatusList, StatusListToken
from services.gateway.public.status_lists import MOST_KEPT
from tests.fakes.gateway import FakeClock

pytestmark = pytest.mark.gateway

UNTIL = FakeClock.START.replace(minute=5)


@pytest.fixture
def signed(door):
    """Let recognition sign lists; return how many it was asked for."""
    answers = [StatusListToken(token=f"a.b.{n}", until=UNTIL) for n in range(3)]
    door.bus.answer(ShowStatusList, *answers)
    return lambda: len(door.bus.sent)


def ask(door, number=0):
    return door.ask("GET", f"/v1/status-lists/{number}")


def test_within_half_a_minute_the_same_list_is_given_again(door, signed):
    first = ask(door)
    door.clock.move(seconds=29)
    second = ask(door)
    asked = signed()
    door.clock.move(seconds=1)
    third = ask(door)

    assert (first.text, second.text, asked, third.text) == ("a.b.0", "a.b.0", 1, "a.b.1")
    assert second.headers["Cache-Control"] == "public, max-age=271"


def test_a_list_is_not_given_beyond_its_end(door, signed):
    door.clock.now = UNTIL.replace(minute=4, second=50)
    ask(door)
    door.clock.move(seconds=10)

    assert ask(door).text == "a.b.1"
    assert signed() == 2


def test_lists_are_kept_apart_and_only_so_many(door, signed):
    for number in (*range(MOST_KEPT), 0, MOST_KEPT, 0):
        ask(door, number)

    assert signed() == MOST_KEPT + 2


def test_lists_of_the_past_are_kept_apart_and_push_none_of_today_s_out(door, signed):
    today = ask(door)
    past = [ask(door, f"0?time={second}") for second in (1, 2, 1)]
    for second in range(MOST_KEPT):
        ask(door, f"0?time={second}")
    asked = signed()

    assert (past[0].text, past[2].text) == ("a.b.1", "a.b.1")
    assert (ask(door).text, signed()) == (today.text, asked)


def test_a_list_that_is_not_there_is_asked_for_each_time(door):
    door.bus.answer(ShowStatusList, NotFound("not_found"))

    assert [ask(door).status_code for _ in range(2)] == [404, 404]
    assert len(door.bus.sent) == 2


@pytest.mark.usefixtures("signed")
def test_who_still_has_a_list_is_told_so_and_gets_it_again_when_it_is_another(door):
    first = ask(door)
    has_it = {"If-None-Match": first.headers["ETag"]}

    again = door.ask("GET", "/v1/status-lists/0", headers=has_it)
    door.clock.move(seconds=30)
    another = door.ask("GET", "/v1/status-lists/0", headers=has_it)

    assert (again.status_code, again.text) == (304, "")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Cache-Control"] == first.headers["Cache-Control"]
    assert (another.status_code, another.text) == (200, "a.b.1")
    assert another.headers["ETag"] != first.headers["ETag"]


@pytest.mark.usefixtures("signed")
@pytest.mark.parametrize(("sent", "status"), [("*", 304), ('W/{}, "other"', 304), ('"other"', 200)])
def test_any_of_the_lists_a_cache_has_may_be_the_one(door, sent, status):
    etag = ask(door).headers["ETag"]

    answer = door.ask("GET", "/v1/status-lists/0", headers={"If-None-Match": sent.format(etag)})

    assert answer.status_code == status
