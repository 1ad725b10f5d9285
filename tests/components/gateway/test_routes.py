"""Who may call what: every route against every kind of caller."""

import re
from uuid import UUID

import pytest

from contracts.routes import ROUTES
from contracts.routes.route import FORM, JSON, NDJSON, NOTICE, Audience
from services.gateway.calls import Call
from services.gateway.routing import operations_of, register

pytestmark = pytest.mark.gateway

ID = str(UUID(int=5, version=4))
EXAMPLES = {"period": "2026-11", "list": "0", "scenario_id": "bikes", "incentive_id": "long-ride"}
PROTECTED = [route for route in ROUTES if route.audience is not Audience.PUBLIC]
CALLERS = [*Audience, "nobody"]


def path_of(route):
    fill = {name: ID if name.endswith("_id") else "" for name in route.parameters}
    fill |= {"operator_id": "hello-bike"} | EXAMPLES
    return re.sub(r"{([a-z_]+)}", lambda match: fill[match[1]], route.path)


def ask_as(door, caller, route):
    """Ask with right credentials of one kind and a body that cannot be read."""
    path, headers, body = path_of(route), {}, b""
    if route.takes_body:
        body, headers = b"\xff", {"Content-Type": route.content_type}
    tokens = {
        Audience.CITIZEN: door.citizen,
        Audience.ADMINISTRATOR: door.administrator,
        Audience.HOLDER: door.holder,
        Audience.OPERATOR: door.operator,
        Audience.ERASED: door.receipt,
    }
    if caller is Audience.CITY:
        content_type = route.content_type if body else NOTICE
        headers |= door.signed(route.method, path, body, content_type=content_type)
    token = tokens[caller]() if caller in tokens else None
    return door.ask(route.method, path, token, headers=headers, body=body)


@pytest.mark.parametrize("caller", CALLERS)
@pytest.mark.parametrize("route", PROTECTED, ids=lambda route: route.operation_id)
def test_only_its_audience_comes_past_the_door(door, route, caller):
    door.adopt()

    answer = ask_as(door, caller, route)

    if caller == route.audience:
        assert answer.status_code in {200, 204, 400, 404, 503}
    else:
        assert answer.status_code in {401, 403}
        assert not door.bus.sent


def test_every_route_says_what_can_go_wrong_with_its_caller():
    silent = [route.operation_id for route in PROTECTED if "unauthenticated" not in route.errors]

    assert silent == []


def test_every_route_that_reads_a_body_says_so():
    silent = [
        route.operation_id
        for route in ROUTES
        if route.takes_body and not {"malformed", "too_large"} <= set(route.errors)
    ]

    assert silent == []
    assert {route.content_type for route in ROUTES} == {JSON, FORM, NOTICE, NDJSON}


def test_an_operation_without_a_route_stops_the_start():
    class Stray:
        def do_anything(self, call: Call) -> None: ...

    with pytest.raises(LookupError, match="do_anything"):
        register(None, {}, operations_of([Stray()]), {}, {})


def test_a_path_that_is_not_in_the_table_is_not_found(door):
    answer = door.ask("GET", "/v2/consents")

    assert (answer.status_code, answer.json["code"]) == (404, "not_found")


def test_a_method_that_is_not_in_the_table_is_not_allowed(door):
    answer = door.ask("PATCH", "/v1/consents")

    assert (answer.status_code, answer.json["code"]) == (405, "method_not_allowed")
    assert "GET" in answer.headers["Allow"]
