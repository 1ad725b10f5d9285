"""The client asks again where that can help, and says a no as it was said."""

from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs

import pytest
import requests

from contracts.access import Scope
from contracts.http import GrantBody, Health, HealthReport, RedemptionBody
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
from tests.unit.client.lines import Line, over_a_line

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
        requests.exceptions.ChunkedEncodingError(),
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


def test_who_is_asked_to_wait_longer_than_one_has_patience_for_is_told_how_long():
    door, line = a_door((503, b"", {"Retry-After": "3600"}), longest_pause=3)

    with pytest.raises(Problem) as refused:
        show(door)

    assert (refused.value.retry_after, line.pauses) == (3600.0, [])


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


@pytest.mark.parametrize(
    ("answer", "said"),
    [(b"<html>", "no Huxin gateway"), (b"[]", "no Huxin gateway"), (b'{"state": "?"}', "version")],
)
def test_an_answer_that_cannot_be_read_is_none(answer, said):
    door, _ = a_door((200, answer, {}))

    with pytest.raises(Away, match=said):
        show(door)


def test_nobody_is_sent_on_to_another_place():
    door, line = a_door((302, b"", {"Location": "https://elsewhere.example/"}))

    with pytest.raises(Problem, match="302"):
        show(door)

    assert len(line.sent) == 1


@pytest.mark.parametrize("body", [b'{"errors": {"url": "bad"}}', b'{"errors": [1]}', b'"no"'])
def test_a_no_of_something_that_stands_before_the_gateway_is_a_no(body):
    door, _ = a_door((400, body, {}))

    with pytest.raises(Problem) as refused:
        show(door)

    assert (refused.value.code, refused.value.errors) == ("400", {})


@pytest.mark.parametrize(
    "url",
    ["hangzhou.example", "ftp://hangzhou.example", "https://", "https://a:b@hangzhou.example", ""],
)
def test_what_is_no_address_of_a_gateway_is_refused_at_once(url):
    with pytest.raises(ValueError, match="gateway"):
        Everyone(url)


@pytest.mark.parametrize("trouble", [(503, b"", {}), requests.Timeout()], ids=str)
def test_the_id_that_was_made_up_is_told_so_that_the_same_can_be_repeated(trouble):
    taker, line = over_a_line(Holder("https://hangzhou.example"), *[trouble] * 4)
    taker.door.sleep = line.pauses.append

    with pytest.raises((Away, Problem)) as failed:
        taker.issue_grant(GrantBody(incentive_id="long-ride"))

    assert line.sent[0].url.endswith(f"/{failed.value.named['grant_id']}")


def test_a_problem_names_the_request_for_whoever_asks_the_city():
    door, _ = a_door((404, b'{"code": "not_found"}', {"X-Request-Id": "r-7"}))

    with pytest.raises(Problem) as refused:
        show(door)

    assert refused.value.request_id == "r-7"


# --- a token that is not believed any more -----------------------------------------------------


TOKEN = (
    '{"access_token": "token-%d", "token_type": "Bearer", "expires_in": 3600, "scope": "reports"}'
)
NO_TOKEN = (401, b'{"code": "unauthenticated"}', {})
STANDING = (404, b'{"code": "not_found"}', {})


def an_operator(*tokens, answers, scopes=()):
    operator = Operator(
        "https://hangzhou.example", client_id="shop", client_secret="s-e-c", scopes=scopes
    )
    at_tokens = Line([(200, (TOKEN % number).encode(), {}) for number in tokens])
    operator._tokens.door.session = at_tokens  # noqa: SLF001
    return *over_a_line(operator, *answers), at_tokens


def test_a_token_is_got_once_for_all_calls():
    operator, line, tokens = an_operator(1, answers=[STANDING] * 2)

    for _ in range(2):
        with pytest.raises(Problem, match="not_found"):
            operator.show_webhook()

    assert len(tokens.sent) == 1
    assert {sent.headers["Authorization"] for sent in line.sent} == {"Bearer token-1"}


def test_a_token_that_is_not_believed_any_more_is_got_anew_once():
    operator, line, tokens = an_operator(1, 2, answers=[NO_TOKEN, STANDING])

    with pytest.raises(Problem, match="not_found"):
        operator.show_webhook()

    assert line.sent[1].headers["Authorization"] == "Bearer token-2"
    assert len(tokens.sent) == 2


def test_who_is_not_believed_with_a_fresh_token_either_is_told_so():
    operator, line, _ = an_operator(1, 2, answers=[NO_TOKEN] * 2)

    with pytest.raises(Problem, match="unauthenticated"):
        operator.show_webhook()

    assert len(line.sent) == 2


@pytest.mark.parametrize(
    ("scopes", "said"),
    [((), None), ((Scope.REDEMPTIONS, Scope.STATEMENTS), ["redemptions statements"])],
)
def test_a_token_is_asked_for_with_no_more_than_it_needs(scopes, said):
    operator, _, tokens = an_operator(1, answers=[], scopes=scopes)

    operator.sign_in()

    assert parse_qs(tokens.sent[0].body).get("scope") == said


def test_threads_wait_for_one_token():
    operator, _, tokens = an_operator(1, answers=[])

    with ThreadPoolExecutor(8) as threads:
        got = set(threads.map(lambda _: operator.door.auth.token(), range(32)))

    assert (got, len(tokens.sent)) == ({"token-1"}, 1)


def test_no_secret_shows_when_a_caller_is_written_to_a_log():
    operator, _, _ = an_operator(1, answers=[])
    citizen = Citizen("https://hangzhou.example", "t-o-k-e-n")

    said = " ".join(map(repr, (operator, operator.door, operator.door.auth, citizen, citizen.door)))

    assert "s-e-c" not in said
    assert "t-o-k-e-n" not in said
