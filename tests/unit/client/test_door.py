"""The client asks again where that can help, and says a no as it was said."""

import pytest
import requests

from contracts.http import Health, HealthReport, RedemptionBody
from contracts.routes import ROUTES
from contracts.routes.route import Audience
from contracts.scenarios import RedemptionRecord
from huxin_client import (
    Administrator,
    Away,
    Citizen,
    City,
    Erased,
    Everyone,
    Holder,
    Operator,
    Problem,
)
from huxin_client.door import Door, Patience
from tests.unit.client.lines import Line

pytestmark = pytest.mark.gateway

HEALTHY = b'{"state": "ready", "parts": []}'
CLASSES = {
    Audience.CITIZEN: Citizen,
    Audience.HOLDER: Holder,
    Audience.OPERATOR: Operator,
    Audience.ADMINISTRATOR: Administrator,
    Audience.CITY: City,
    Audience.ERASED: Erased,
    Audience.PUBLIC: Everyone,
}


def a_door(*answers, **patience):
    line = Line([*answers])
    door = Door(
        url="https://hangzhou.example/",
        session=line,
        sleep=line.pauses.append,
        patience=Patience(**patience),
    )
    return door, line


def show(door):
    return door.ask(HealthReport, "show_liveness")


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.operation_id)
def test_every_endpoint_has_a_method_in_the_class_of_its_audience(route):
    assert callable(getattr(CLASSES[route.audience], route.operation_id))


@pytest.mark.parametrize(
    "trouble",
    [
        (503, b"", {}),
        (429, b"", {}),
        (502, b"", {}),
        requests.ConnectionError(),
        requests.Timeout(),
    ],
    ids=str,
)
def test_what_passes_is_asked_again_after_a_pause(trouble):
    door, line = a_door(trouble, (200, HEALTHY, {}))

    assert show(door).state is Health.READY
    assert len(line.sent) == 2
    assert 0 < line.pauses[0] <= 0.2


def test_the_pause_is_as_long_as_the_gateway_asks():
    door, line = a_door((503, b"", {"Retry-After": "2"}), (200, HEALTHY, {}))

    show(door)

    assert line.pauses == [2.0]


def test_no_pause_is_longer_than_one_has_patience_for():
    door, line = a_door((503, b"", {"Retry-After": "3600"}), (200, HEALTHY, {}), longest_pause=3)

    show(door)

    assert line.pauses == [3.0]


def test_pauses_grow():
    trouble = [(503, b"", {})] * 3
    door, line = a_door(*trouble, (200, HEALTHY, {}))

    show(door)

    for pause, most in zip(line.pauses, (0.2, 0.4, 0.8), strict=True):
        assert most / 2 <= pause <= most


def test_a_no_is_not_asked_again():
    body = '{"code": "ordinary_terms", "title": "按普通条件办理。", "next_step": "…"}'.encode()
    door, line = a_door((422, body, {}))
    use = RedemptionBody(pass_token="t")

    with pytest.raises(Problem) as refused:
        door.ask(RedemptionRecord, "redeem_pass", use, redemption_id="r")

    assert (refused.value.status, refused.value.code) == (422, "ordinary_terms")
    assert len(line.sent) == 1


def test_a_malformed_request_names_its_fields():
    body = b'{"code": "malformed", "errors": [{"field": "body.url", "message": "Not a URL."}]}'
    door, _ = a_door((400, body, {}))

    with pytest.raises(Problem) as refused:
        show(door)

    assert refused.value.errors == {"body.url": "Not a URL."}


def test_who_never_answers_is_away():
    door, line = a_door(*[requests.ConnectionError()] * 4)

    with pytest.raises(Away):
        show(door)

    assert len(line.sent) == 4


def test_a_door_that_stays_shut_says_so():
    door, _ = a_door(*[(503, b'{"code": "unavailable"}', {})] * 4)

    with pytest.raises(Problem) as refused:
        show(door)

    assert refused.value.code == "unavailable"


def test_a_repeat_asks_for_the_same_thing():
    door, line = a_door((503, b"", {}), (422, b'{"code": "ordinary_terms"}', {}))
    use = RedemptionBody(pass_token="t")

    with pytest.raises(Problem):
        door.ask(RedemptionRecord, "redeem_pass", use, redemption_id="r-1")

    first, second = line.sent
    assert first.url == second.url == "https://hangzhou.example/v1/redemptions/r-1"
    assert first.body == second.body


def test_an_id_cannot_lead_elsewhere():
    door, line = a_door((404, b"", {}))

    with pytest.raises(Problem):
        door.fetch("show_problem", problem="../roster?x=1")

    assert line.sent[0].url.endswith("/v1/problems/..%2Froster%3Fx%3D1")


def test_a_reply_of_another_class_than_the_routes_is_a_mistake():
    door, _ = a_door()

    with pytest.raises(TypeError):
        door.ask(RedemptionRecord, "show_liveness")
