"""How answers and errors look from outside."""

import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from joserfc.jwk import OKPKey

from contracts import recognition, scenarios
from contracts.benefits import RentalExtension
from contracts.errors import CODES, KINDS, Conflict, NotFound, Refused, Unavailable
from contracts.http import Problem
from contracts.problems import PROBLEMS
from contracts.scenarios import RedeemPass
from contracts.schemas import schema_of
from contracts.words import GrantState
from services.gateway.adapters import roster
from services.gateway.app import build_app
from tests.builders.gateway import CITY, HOLDER, RECOGNITION, URL, a_recognition, a_roster

pytestmark = pytest.mark.gateway

ID = UUID("b3f1a7c2-0000-4000-8000-000000000009")
REFUSALS = [
    Refused("ordinary_terms"),
    Refused("tier_below_minimum", "tier 2"),
    Refused("recognition_ended"),
    Refused("expired"),
    NotFound("not_found", "no such pass"),
]


def redeem(door, error, **headers):
    door.bus.answer(RedeemPass, error)
    return door.ask(
        "PUT",
        f"/v1/redemptions/{ID}",
        door.operator(),
        json={"pass_token": "p"},
        headers={"X-Request-Id": "one-and-the-same", **headers},
    )


def told(headers):
    """Leave out how many requests are left: it tells of the caller, not of the pass."""
    return {name: value for name, value in headers.items() if name.lower() != "ratelimit"}


def a_grant(**overrides):
    values = {
        "grant_id": ID,
        "incentive_id": "long-ride",
        "incentive_version": 1,
        "scenario_id": "bikes",
        "benefit": RentalExtension(minutes=30),
        "state": GrantState.OPEN,
        "uses_left": 1,
        "issued_at": a_recognition().recognised_at,
        "until": a_recognition().until,
        "pass_token": "cGFzcw",
        "pass_until": a_recognition().recognised_at + timedelta(minutes=5),
    }
    return scenarios.GrantRecord(**(values | overrides))


def take(door):
    return door.ask("PUT", f"/v1/grants/{ID}", door.holder(), json={"incentive_id": "long-ride"})


def test_every_code_has_a_problem():
    assert PROBLEMS.keys() == CODES


@pytest.mark.parametrize("error", REFUSALS, ids=str)
@pytest.mark.parametrize("language", ["zh", "en", ""])
def test_to_an_operator_every_no_is_the_same_bytes(door, error, language):
    same = redeem(door, REFUSALS[0])

    answer = redeem(door, error, **{"Accept-Language": language})

    assert answer.status_code == same.status_code == 422
    assert answer.content == same.content
    assert told(answer.headers) == told(same.headers)
    assert answer.json["code"] == "ordinary_terms"


@pytest.mark.parametrize(
    ("language", "title"),
    [
        (None, "未找到该对象。"),
        ("zh-CN,zh;q=0.9", "未找到该对象。"),
        ("en-GB,en;q=0.9,zh;q=0.1", "There is nothing of that name."),
        ("fr, en;q=0.5", "There is nothing of that name."),
        ("fr", "未找到该对象。"),
        ("en;q=x", "未找到该对象。"),
    ],
)
def test_a_problem_speaks_the_callers_language(door, language, title):
    door.bus.answer(scenarios.ShowGrant, NotFound("not_found"))
    headers = {"Accept-Language": language} if language else {}

    answer = door.ask("GET", f"/v1/grants/{ID}", door.holder(), headers=headers)

    assert answer.json["title"] == title
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert schema_of(Problem).load(answer.json).status == answer.status_code == 404


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotFound("not_found"), 404),
        (Conflict("id_reused"), 409),
        (Refused("quota_exhausted"), 422),
        (Unavailable("unavailable"), 503),
        (KINDS["Internal"]("internal"), 500),
    ],
    ids=str,
)
def test_an_error_of_a_service_keeps_its_code(door, error, status):
    door.bus.answer(scenarios.IssueGrant, error)

    answer = take(door)

    assert (answer.status_code, answer.json["code"]) == (status, error.code)
    assert ("Retry-After" in answer.headers) == (status == 503)


def test_a_fault_of_ours_tells_nothing_about_itself(door):
    door.bus.answer(scenarios.IssueGrant, RuntimeError("the secret inside"))

    answer = take(door)

    assert (answer.status_code, answer.json["code"]) == (500, "internal")
    assert "secret" not in answer.text


def test_a_database_that_does_not_answer_is_a_matter_of_patience(door):
    with door.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE webhooks")

    answer = door.ask("PUT", "/v1/webhook", door.operator(), json={"url": "https://a.example"})

    assert (answer.status_code, answer.json["code"]) == (503, "unavailable")


# --- holders ---------------------------------------------------------------------------------


def test_an_attestation_that_is_recognised_opens_a_session(door):
    door.bus.answer(recognition.RecogniseAttestation, a_recognition())
    body = {"challenge_id": str(ID), "presentation": "a~b"}

    answer = door.ask("PUT", f"/v1/recognitions/{RECOGNITION}", json=body)
    token = answer.json["session"]["token"]
    door.bus.answer(scenarios.IssueGrant, a_grant())
    door.ask("PUT", f"/v1/grants/{ID}", token, json={"incentive_id": "long-ride"})

    assert answer.json["recognition"]["tier"] == 4
    assert door.bus.sent[-1] == scenarios.IssueGrant(
        grant_id=ID, holder=HOLDER, recognition_id=RECOGNITION, incentive_id="long-ride"
    )


def test_a_challenge_is_opened_under_a_fresh_id(door):
    for _ in range(2):
        door.ask("POST", "/v1/challenges")

    first, second = door.bus.sent
    assert first.challenge_id != second.challenge_id


def test_a_grant_waits_for_a_recognition_that_is_still_on_its_way(door, monkeypatch):
    monkeypatch.setattr("services.gateway.holders.patience.WAIT_STEP", 0.001)
    not_yet = Unavailable("not_yet_visible")
    door.bus.answer(scenarios.IssueGrant, not_yet, not_yet, a_grant())

    answer = take(door)

    assert (answer.status_code, answer.json["grant_id"]) == (200, str(ID))
    assert len(door.bus.sent) == 3


def test_a_pass_is_drawn_while_its_grant_is_open(door):
    door.bus.answer(scenarios.ShowGrant, a_grant(), a_grant(pass_token=None))
    path = f"/v1/grants/{ID}/pass.svg"

    drawn, gone = (door.ask("GET", path, door.holder()) for _ in range(2))

    assert (drawn.status_code, drawn.headers["Content-Type"]) == (200, "image/svg+xml")
    assert "<svg" in drawn.text
    assert (gone.status_code, gone.json["code"]) == (422, "grant_ended")


def test_a_fresh_pass_is_told_with_its_end(door):
    grant = a_grant()
    door.bus.answer(scenarios.ShowGrant, grant, a_grant(pass_token=None, pass_until=None))

    fresh, gone = (door.ask("GET", f"/v1/grants/{ID}/pass", door.holder()) for _ in range(2))

    until = f"{grant.pass_until:%Y-%m-%dT%H:%M:%SZ}"
    assert fresh.json == {"grant_id": str(ID), "pass_token": "cGFzcw", "until": until}
    assert (gone.status_code, gone.json["code"]) == (422, "grant_ended")


# --- everyone --------------------------------------------------------------------------------


def test_a_status_list_may_be_kept_until_it_is_over(door):
    until = door.clock().replace(minute=5)
    door.bus.answer(
        recognition.ShowStatusList, recognition.StatusListToken(token="a.b.c", until=until)
    )

    answer = door.ask("GET", "/v1/status-lists/0")

    assert answer.text == "a.b.c"
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert answer.headers["Expires"] == "Thu, 05 Nov 2026 02:05:00 GMT"


def test_a_status_list_of_the_past_is_asked_for_by_its_time(door):
    asked = datetime(2026, 11, 4, 2, tzinfo=UTC)
    until = door.clock().replace(minute=10)
    door.bus.answer(
        recognition.ShowStatusList, recognition.StatusListToken(token="a.b.c", until=until)
    )

    answer = door.ask("GET", f"/v1/status-lists/0?time={int(asked.timestamp())}")

    assert (answer.status_code, answer.text) == (200, "a.b.c")
    assert answer.headers["Cache-Control"] == "public, max-age=600"
    assert door.bus.sent == [recognition.ShowStatusList(list=0, at=asked)]


def test_a_status_list_of_another_time_is_not_found_and_the_answer_names_the_time(door):
    no = NotFound("not_found", "time: it is in the future")
    door.bus.answer(recognition.ShowStatusList, no)

    answer = door.ask("GET", "/v1/status-lists/0?time=4102444800")

    assert (answer.status_code, answer.json["code"]) == (404, "not_found")
    assert answer.json["detail"] == "time: it is in the future"
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_interface_describes_itself(door):
    answer = door.ask("GET", "/openapi.json")

    assert answer.json["openapi"].startswith("3.1")


def test_readiness_names_each_part_and_why_it_is_not_ready(door):
    answer = door.ask("GET", "/health/ready")

    assert answer.status_code == 503
    assert {part["part"]: part["state"] for part in answer.json["parts"]} == {
        "database": "ready",
        "roster": "not_ready",
        "recognition": "not_ready",
        "scenarios": "not_ready",
    }
    assert all(part["reason"] for part in answer.json["parts"][1:])


def test_readiness_says_when_this_city_may_not_sign(door):
    door.adopt()
    door.bus.answer(scenarios.ShowGrant, NotFound("not_found"))
    no = Refused("key_not_usable", "key k of city 330100: retired")
    door.bus.answer(recognition.ShowStatusList, no)

    answer = door.ask("GET", "/health/ready")

    [part] = [part for part in answer.json["parts"] if part["part"] == "recognition"]
    assert (answer.status_code, part["state"]) == (200, "ready")
    assert part["reason"] == "key_not_usable: key k of city 330100: retired"


@pytest.mark.parametrize(
    ("days", "reason"),
    [
        (-1, ""),
        (0, "it is over; renew it"),
        (30, "it is over, and so is its grace: no other city is believed; renew it"),
    ],
)
def test_readiness_says_what_became_of_the_roster(door, days, reason):
    end = a_roster(door.partner).valid_until
    door.adopt(grace_until=end + timedelta(days=30))
    door.clock.now = end + timedelta(days=days)

    answer = door.ask("GET", "/health/ready")

    [part] = [part for part in answer.json["parts"] if part["part"] == "roster"]
    assert (part["state"], part["reason"]) == ("ready", reason)


def test_readiness_says_that_the_file_of_the_roster_cannot_be_read(door):
    door.adopt()
    door.settings.roster_file.unlink()

    answer = door.ask("GET", "/health/ready")

    [part] = [part for part in answer.json["parts"] if part["part"] == "roster"]
    assert (part["state"], part["reason"]) == (
        "ready",
        "roster.jws cannot be read (FileNotFoundError); the version adopted serves on",
    )


def test_a_node_is_ready_when_its_services_answer_even_by_a_no(door):
    door.adopt()
    door.bus.answer(recognition.ShowStatusList, NotFound("not_found"))
    door.bus.answer(scenarios.ShowGrant, NotFound("not_found"))

    answer = door.ask("GET", "/health/ready")

    assert (answer.status_code, answer.json["state"]) == (200, "ready")


def test_the_issuer_is_named_as_its_attestations_name_it_with_their_keys_alone(door):
    transport, attestation = (OKPKey.generate_key("Ed25519") for _ in range(2))
    adopted = a_roster(transport, attestation_key=attestation, code=CITY, url=URL)
    with door.engine.begin() as connection:
        roster.adopt(connection, adopted)

    answer = door.ask("GET", "/.well-known/jwt-vc-issuer")

    assert answer.json["issuer"] == URL
    [key] = answer.json["jwks"]["keys"]
    assert key == {**attestation.as_dict(private=False), "kid": attestation.thumbprint()}


def test_a_city_may_attest_by_a_key_that_its_gateway_could_not_check(door):
    transport = OKPKey.generate_key("Ed25519")
    adopted = a_roster(transport, code=CITY, url=URL)
    listed = {"kty": "EC", "crv": "SM2", "x": "x", "y": "y", "kid": "k", "nbf": 0, "exp": 9}
    city = replace(adopted.cities[0], attestation_keys=(listed,))
    with door.engine.begin() as connection:
        roster.adopt(connection, replace(adopted, cities=(city,)))

    [key] = door.ask("GET", "/.well-known/jwt-vc-issuer").json["jwks"]["keys"]

    assert (key["kid"], key["crv"]) == ("k", "SM2")


def test_a_process_is_alive_whatever_else_is_not(door):
    assert door.ask("GET", "/health/live").json == {"state": "ready", "parts": []}


def test_metrics_count_requests_by_operation(door):
    door.ask("GET", "/health/live")

    assert 'operation="show_liveness"' in door.ask("GET", "/metrics").text


# --- every answer ----------------------------------------------------------------------------


def test_a_sane_request_id_is_kept_and_causes_what_follows(door):
    answer = door.ask("POST", "/v1/challenges", headers={"X-Request-Id": str(ID)})

    assert answer.headers["X-Request-Id"] == str(ID)
    assert door.bus.causes == [ID]


@pytest.mark.parametrize("given", ["", "x", "a b c d e f g h", "<script>", "x" * 65, None])
def test_any_other_request_id_is_replaced(door, given):
    answer = door.ask("GET", "/nothing", headers={"X-Request-Id": given} if given else {})

    made = answer.headers["X-Request-Id"]
    assert made != given
    assert UUID(made)


def test_a_request_within_a_trace_is_named_by_the_trace(door):
    trace = ID.hex

    answer = door.ask(
        "POST", "/v1/challenges", headers={"traceparent": f"00-{trace}-00f067aa0ba902b7-01"}
    )

    assert answer.headers["X-Request-Id"] == str(ID)
    assert door.bus.causes == [ID]


@pytest.mark.parametrize(
    "given",
    [
        f"ff-{ID.hex}-00f067aa0ba902b7-01",
        f"00-{'0' * 32}-00f067aa0ba902b7-01",
        f"00-{ID.hex}-{'0' * 16}-01",
        f"00-{ID.hex.upper()}-00f067aa0ba902b7-01",
        ID.hex,
    ],
)
def test_what_is_no_trace_names_nothing(door, given):
    answer = door.ask("GET", "/nothing", headers={"traceparent": given})

    assert answer.headers["X-Request-Id"] != str(ID)


def test_what_a_request_leads_to_has_a_cause_only_if_the_id_is_a_uuid(door):
    door.ask("POST", "/v1/challenges", headers={"X-Request-Id": "trace-0815-abc"})

    assert door.bus.causes == [None]


def test_answers_to_a_known_caller_are_kept_by_nobody(door):
    answer = door.ask("GET", "/v1/grants", door.holder())

    assert answer.headers["Cache-Control"] == "no-store"


def test_the_access_line_names_no_person_and_no_token(door, monkeypatch):
    written = io.StringIO()
    monkeypatch.setattr("services.gateway.app.lines_to", lambda _stream: written.write)
    door.settings = replace(door.settings, log_level="INFO")
    door.app = build_app(door.settings, door.bus, door.engine, door.clock)
    door.client.app = door.app
    token = door.holder()

    door.ask("GET", f"/v1/grants/{ID}?a=b", token)

    [line] = written.getvalue().splitlines()
    assert json.loads(line)["route"] == "/v1/grants/{grant_id}"
    assert json.loads(line)["operation"] == "show_grant"
    for secret in (token, str(ID), HOLDER, "a=b"):
        assert secret not in line
