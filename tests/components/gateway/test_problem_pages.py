"""Every error code has a page, and an endpoint that ends says when and what follows."""

from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from contracts.problems import PROBLEMS
from contracts.routes import ROUTES
from contracts.routes.route import Audience, Retirement
from services.gateway.authentication.callers import Anyone
from services.gateway.calls import Content
from services.gateway.routing import Endpoint

pytestmark = pytest.mark.gateway


def test_the_type_of_a_problem_leads_to_its_page(door):
    problem = door.ask("GET", "/v1/nothing").json

    page = door.ask("GET", problem["type"])

    assert page.status_code == 200
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    for said in ("not_found", PROBLEMS["not_found"].title.zh, PROBLEMS["not_found"].next_step.en):
        assert said in page.text


@pytest.mark.parametrize("code", sorted(PROBLEMS))
def test_every_code_has_a_page_that_names_where_it_may_come(door, code):
    page = door.ask("GET", f"/v1/problems/{code}").text

    for route in ROUTES:
        assert (f"<code>{route.method} {route.path}</code>" in page) == (code in route.refusals)


def test_the_list_tells_every_code_in_both_languages(door):
    listed = {each["code"]: each for each in door.ask("GET", "/v1/problems").json["problems"]}

    assert listed.keys() == PROBLEMS.keys()
    assert listed["malformed"]["title"] == PROBLEMS["malformed"].title.zh
    assert listed["malformed"]["title_en"] == PROBLEMS["malformed"].title.en


def test_a_code_that_is_none_has_no_page(door):
    assert door.ask("GET", "/v1/problems/nonsense").json["code"] == "not_found"


def test_an_endpoint_that_ends_says_when_and_what_follows(door):
    public = next(route for route in ROUTES if route.audience is Audience.PUBLIC)
    retired = replace(
        public,
        retirement=Retirement(
            deprecated_at=datetime(2026, 12, 1, tzinfo=UTC),
            sunset_at=datetime(2027, 6, 1, tzinfo=UTC),
            successor="/v2/roster",
        ),
    )
    door.app.add_route("/retired", _Served(retired))

    headers = door.ask("GET", "/retired").headers

    assert headers["Deprecation"] == "@1796083200"
    assert headers["Sunset"] == "Tue, 01 Jun 2027 00:00:00 GMT"
    assert headers["Link"] == '</v2/roster>; rel="successor-version"'


class _Served:
    def __init__(self, route):
        self._endpoint = Endpoint(
            route, lambda _: Anyone(), lambda _: Content(b"{}"), nullcontext()
        )

    def on_get(self, request, response):
        self._endpoint(request, response)
