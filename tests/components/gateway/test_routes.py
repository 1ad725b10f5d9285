"""What every route says, and what is not in the table of routes."""

import pytest

from contracts.routes import ROUTES
from contracts.routes.route import FORM, JSON, NDJSON, NOTICE, Audience
from services.gateway.calls import Call
from services.gateway.routing import operations_of, register

pytestmark = pytest.mark.gateway

PROTECTED = [route for route in ROUTES if route.audience is not Audience.PUBLIC]


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
