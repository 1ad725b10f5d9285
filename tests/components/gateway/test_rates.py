"""A caller may ask so often; who asks more is told how long to wait, and nobody else notices."""

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import TooMany
from contracts.routes.route import Audience
from services.gateway import app, rates
from services.gateway.authentication.callers import Operator
from services.gateway.rates import Rate

pytestmark = pytest.mark.gateway


def an_operator(operator_id):
    return Operator(operator_id=operator_id, client_id=operator_id, may=frozenset())


BIKES, GYM = an_operator("bikes"), an_operator("gym")


@pytest.fixture
def settings():
    return {"person_requests_per_minute": 6}


class Watch:
    def __init__(self):
        self.seconds = 1000.0

    def __call__(self):
        return self.seconds


@pytest.fixture
def watch():
    return Watch()


@pytest.fixture
def rate(watch):
    return Rate(Audience.OPERATOR, 6, watch)


def use_up(rate, caller=BIKES):
    for _ in range(6):
        rate.admit(caller)


def test_a_callers_whole_minute_may_come_at_once(rate):
    left = [rate.admit(BIKES).limit for _ in range(6)]

    assert [each.split(";")[1] for each in left] == ["r=5", "r=4", "r=3", "r=2", "r=1", "r=0"]


def test_the_policy_is_told(rate):
    assert rate.admit(BIKES).policy == '"operator";q=6;w=60'


def test_who_asks_more_is_told_how_long_to_wait(rate):
    use_up(rate)

    with pytest.raises(TooMany) as refused:
        rate.admit(BIKES)

    assert refused.value.seconds == pytest.approx(10)


def test_who_waits_that_long_is_admitted(rate, watch):
    use_up(rate)
    watch.seconds += 10

    assert rate.admit(BIKES).limit == '"operator";r=0;t=61'
    with pytest.raises(TooMany):
        rate.admit(BIKES)


def test_a_refusal_takes_nothing(rate, watch):
    use_up(rate)
    for _ in range(100):
        with pytest.raises(TooMany):
            rate.admit(BIKES)
    watch.seconds += 10

    assert rate.admit(BIKES)


def test_nobody_waits_for_another(rate):
    use_up(rate)

    assert rate.admit(GYM)


@given(st.lists(st.floats(0, 30), max_size=60))
def test_no_more_than_twice_the_rate_in_any_minute(pauses):
    watch = Watch()
    rate = Rate(Audience.OPERATOR, 6, watch)
    admitted = []
    for pause in pauses:
        watch.seconds += pause
        try:
            rate.admit(BIKES)
        except TooMany:
            continue
        admitted.append(watch.seconds)

    for start in admitted:
        assert sum(start <= moment < start + 60 for moment in admitted) <= 12


def test_only_so_many_callers_are_remembered(rate, watch, monkeypatch):
    monkeypatch.setattr(rates, "MOST_CALLERS", 3)
    use_up(rate)
    for number in range(20):
        watch.seconds += 1
        rate.admit(an_operator(f"o-{number}"))

    assert len(rate._full_at) <= 4  # noqa: SLF001


@pytest.fixture
def still(watch, monkeypatch):
    """Let no time pass at the door."""
    monkeypatch.setattr(app, "Rate", partial(Rate, now=watch))


@pytest.mark.usefixtures("still")
def test_an_answer_tells_what_is_left_and_the_last_one_how_long_to_wait(door):
    token = door.receipt()
    path = "/v1/erasures/00000000-0000-4000-8000-000000000005"
    *answers, refused = [door.ask("GET", path, token) for _ in range(7)]

    assert {answer.headers["RateLimit-Policy"] for answer in answers} == {'"erased";q=6;w=60'}
    assert answers[0].headers["RateLimit"] == '"erased";r=5;t=11'
    assert 429 not in {answer.status_code for answer in answers}
    assert (refused.status_code, refused.json["code"]) == (429, "too_many_requests")
    assert refused.headers["Retry-After"] == "11"
    assert refused.headers["RateLimit-Policy"] == '"erased";q=6;w=60'
    assert refused.headers["RateLimit"] == '"erased";r=0;t=61'


def test_everybody_may_ask_for_what_is_public(door):
    answer = door.ask("GET", "/health/live")

    assert "RateLimit" not in answer.headers
