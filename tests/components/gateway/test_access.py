"""Who comes in where: the running gateway against contracts/access.csv, by every kind of caller.

A caller is turned away by 401 or 403; any other answer is one of SERVED.  What it asks cannot be
read, so that nothing is done.
"""

import csv
import itertools
import re
from pathlib import Path
from uuid import UUID

import pytest

import contracts
from contracts.access import Role, Scope
from contracts.routes import ROUTES
from contracts.routes.route import NOTICE, Audience, Route
from contracts.words import CityState
from services.gateway.authentication.sessions import ACCESS_TYPE, SESSION_TYPE
from services.plumbing.database import close_database
from tests.builders.gateway import HOLDER, RECOGNITION, a_door

pytestmark = pytest.mark.gateway

ID = str(UUID(int=5, version=4))
EXAMPLES = {"operator_id": "hello-bike", "period": "2026-11", "list": "0"}
EXAMPLES |= {"scenario_id": "bikes", "incentive_id": "long-ride"}
ROLES, SCOPES = list(map(str, Role)), list(map(str, Scope))
TALKING = [CityState.TESTING, CityState.ONLINE, CityState.SUSPENDED]
PLENTY = {f"{who}_requests_per_minute": 60_000 for who in ("person", "operator", "city")}
NONCES = (f"nonce-nonce-{number:08}" for number in itertools.count())
VERSIONS = itertools.count(1)
SERVED = {200, 201, 202, 204, 304, 400, 404, 409, 412, 422, 503}


def table():
    """Read the table: for each route who comes in, as `audience` or as `audience word`."""
    lines = (Path(contracts.__file__).parent / "access.csv").read_text(encoding="utf-8")
    return {
        (row["method"], row["path"]): {
            f"{row['who']} {word}".strip() for word in row["one of"].split() or [""]
        }
        for row in csv.DictReader(lines.splitlines())
    }


TABLE = table()


@pytest.fixture(scope="module")
def door(tmp_path_factory):
    door = a_door(tmp_path_factory.mktemp("access"), **PLENTY)
    yield door
    close_database(door.settings.gateway_database)


# --- callers: how each proves who it is, and under which words of the table it comes ------------


def claims_of_everybody(door):
    """Return claims by which a token of any kind would be right, were it of that kind."""
    return {
        "sub": HOLDER,
        "civil_id": "330100190001010019",
        "roles": ROLES,
        "scope": " ".join(SCOPES),
        "client_id": "hello-bike",
        "since": door.clock().isoformat(),
        "recognition_id": str(RECOGNITION),
        "recognised_at": "2026-11-05T02:00:00+00:00",
    }


def forged(door):
    return door.own.sign("JWT", claims_of_everybody(door), door.clock().replace(hour=3))


def over(door):
    return door.own.sign(ACCESS_TYPE, claims_of_everybody(door), door.clock().replace(hour=1))


def session_with_scopes(door):
    return door.own.sign(SESSION_TYPE, claims_of_everybody(door), door.clock().replace(hour=3))


def access_without(claim):
    def token(door):
        claims = claims_of_everybody(door)
        del claims[claim]
        return door.own.sign(ACCESS_TYPE, claims, door.clock().replace(hour=3))

    return token


BEARERS = {
    "nobody": (lambda _door: None, set()),
    "no token": (lambda _door: "a.b.c", set()),
    "a token that is over": (over, set()),
    "a token of no kind": (forged, set()),
    "a token of a release before": (access_without("client_id"), set()),
    "a token of another issuer": (
        lambda door: door.identity_token(
            iss="https://other.example", roles=ROLES, civil_id="330100190001010019"
        ),
        set(),
    ),
    "citizen": (lambda door: door.citizen(), {"citizen"}),
    "holder": (lambda door: door.holder(), {"holder"}),
    "a holder who claims scopes": (session_with_scopes, {"holder"}),
    "erased": (lambda door: door.receipt(), {"erased"}),
    "operator of no scope": (lambda door: door.operator(scopes=()), set()),
    "operator of all scopes": (lambda door: door.operator(), {f"operator {s}" for s in SCOPES}),
    "official of no role": (lambda door: door.identity_token(roles=["official"]), set()),
    "official of roles in one word": (
        lambda door: door.identity_token(roles=" ".join(ROLES)),
        set(),
    ),
    "official of all roles": (
        lambda door: door.identity_token(roles=ROLES),
        {f"administrator {role}" for role in ROLES},
    ),
}
BEARERS |= {
    f"operator {scope}": (lambda door, scope=scope: door.operator(scopes=[scope]), set())
    for scope in SCOPES
}
BEARERS |= {
    f"administrator {role}": (lambda door, role=role: door.identity_token(roles=[role]), set())
    for role in ROLES
}


def let_in(door, route, token=None, headers=None):
    body, headers = b"", dict(headers or {})
    if route.takes_body:
        body = b"\xff"
        headers.setdefault("Content-Type", route.content_type)
    door.bus.sent.clear()
    answer = door.ask(route.method, path_of(route), token, headers=headers, body=body)
    is_in = answer.status_code not in {401, 403}
    assert not is_in or answer.status_code in SERVED, (route.operation_id, answer.status)
    assert is_in or not door.bus.sent, f"{route.operation_id} asked for somebody it turned away"
    return is_in


def path_of(route):
    fill = {name: ID if name.endswith("_id") else "x" for name in route.parameters} | EXAMPLES
    return re.sub(r"{([a-z_]+)}", lambda match: fill[match[1]], route.path)


def mismatches(words, ask):
    """List where who was let in, or not, is not as the table says."""
    wrong = []
    for route in ROUTES:
        wanted = bool(TABLE[route.method, route.path] & ({"public"} | words))
        if ask(route) is not wanted:
            verb = "turned away from" if wanted else "let in to"
            wrong.append(f"{verb} {route.method} {route.path} ({route.operation_id})")
    return wrong


@pytest.mark.parametrize("caller", BEARERS)
def test_a_caller_with_a_token_comes_in_exactly_where_the_table_says(door, caller):
    make, words = BEARERS[caller]
    token = make(door)

    wrong = mismatches(words | {caller}, lambda route: let_in(door, route, token))

    assert not wrong, caller


@pytest.mark.parametrize("state", CityState)
def test_a_city_comes_in_exactly_where_the_table_says(door, state):
    door.adopt(state=state, version=next(VERSIONS))

    def ask(route):
        body = b"\xff" if route.takes_body else b""
        kind = route.content_type if body else NOTICE
        signed = door.signed(
            route.method, path_of(route), body, content_type=kind, nonce=next(NONCES)
        )
        return let_in(door, route, headers=signed)

    assert not mismatches({f"city {state}"}, ask), state


def test_a_city_that_nobody_listed_comes_in_nowhere(door):
    door.adopt(version=next(VERSIONS))
    stranger = type(door.partner).generate_key("Ed25519")

    def ask(route):
        body = b"\xff" if route.takes_body else b""
        kind = route.content_type if body else NOTICE
        headers = door.signed(
            route.method, path_of(route), body, content_type=kind, key=stranger, nonce=next(NONCES)
        )
        return let_in(door, route, headers=headers)

    assert not mismatches(set(), ask)


# --- the table -------------------------------------------------------------------------------


def test_the_table_names_every_route_once_and_only_words_that_there_are():
    words = {*(f"operator {s}" for s in Scope), *(f"administrator {r}" for r in Role)}
    words |= {*(f"city {state}" for state in TALKING), "public", "citizen", "holder", "erased"}

    assert TABLE.keys() == {(route.method, route.path) for route in ROUTES}
    assert set().union(*TABLE.values()) == words


@pytest.mark.parametrize("audience", [Audience.OPERATOR, Audience.ADMINISTRATOR])
@pytest.mark.parametrize("scope", [None, "operator"])
def test_a_route_for_operators_or_officials_is_not_made_without_a_scope(audience, scope):
    with pytest.raises(TypeError, match="show_all"):
        Route(
            method="GET",
            path="/v1/all",
            audience=audience,
            scope=scope,
            operation_id="show_all",
            summary="",
            summary_zh="",
        )


def test_an_officials_route_takes_no_operators_scope_and_the_other_way_round():
    for audience, scope in (
        (Audience.OPERATOR, Role.ADMINISTRATOR),
        (Audience.ADMINISTRATOR, Scope.CATALOGUE),
        (Audience.HOLDER, Scope.CATALOGUE),
    ):
        with pytest.raises(TypeError):
            Route(
                method="GET",
                path="/v1/all",
                audience=audience,
                scope=scope,
                operation_id="show_all",
                summary="",
                summary_zh="",
            )


def test_a_till_needs_one_scope():
    till = {"redeem_pass", "reverse_redemption", "call_deposit"}

    assert {route.scope for route in ROUTES if route.operation_id in till} == {Scope.REDEMPTIONS}


# --- what is said to whom has less -----------------------------------------------------------


def test_who_lacks_a_scope_is_told_which_one_is_wanted(door):
    answer = door.ask("GET", "/v1/webhook", door.operator(scopes=[Scope.REDEMPTIONS]))

    assert (answer.status_code, answer.json["code"]) == (403, "forbidden")
    assert answer.headers["WWW-Authenticate"] == (
        'Bearer error="insufficient_scope", scope="webhooks:read"'
    )


def test_who_lacks_a_role_is_told_which_one_is_wanted(door):
    token = door.identity_token(roles=[Role.AUDITOR])

    answer = door.ask("PUT", "/v1/operators/x", token, json={"name": "a", "name_en": "a"})

    assert answer.status_code == 403
    assert answer.headers["WWW-Authenticate"].endswith('scope="registrar"')
