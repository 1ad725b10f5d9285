"""An operator's clients: what each may, how secrets change, and what stops at once."""

import base64
import hashlib
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event

from contracts.access import Scope
from contracts.scenarios import OperatorRecord, RegisterOperator
from services.gateway.adapters.clients import MOST_CLIENTS, Clients
from services.gateway.authentication.secrets import ClientSecrets
from tests.builders.gateway import SESSION_KEY
from tests.fakes.gateway import FakeClock

pytestmark = pytest.mark.gateway

BIKES = "hello-bike"
TILL = "/v1/clients/till-1"
EVERY = " ".join(Scope)


def sign_in(door, client_id, secret, **more):
    """Ask for a token by HTTP Basic."""
    said = base64.b64encode(f"{client_id}:{secret}".encode()).decode()
    fields = {"grant_type": "client_credentials", **more}
    return door.ask(
        "POST",
        "/v1/oauth/token",
        headers={
            "Content-Type": "application/x-www-form-urlencoded",
            "Authorization": f"Basic {said}",
        },
        body="&".join(f"{name}={value.replace(' ', '+')}" for name, value in fields.items()),
    )


def token_of(door, client_id, secret, **more):
    answer = sign_in(door, client_id, secret, **more)
    assert answer.status_code == 200, answer.text
    return answer.json["access_token"]


def make(door, *scopes, path=TILL, token=None):
    return door.ask("PUT", path, token or door.operator(), json={"scopes": list(scopes)})


def rotate(door, path=TILL, rotation_id=None):
    path = f"{path}/secrets/{rotation_id or uuid4()}"
    return door.ask("PUT", path, door.operator())


def comes_in(door, token):
    """Say what a till's token is answered: 503 is as good as any, as nobody is behind the door."""
    body = {"pass_token": "x"}
    return door.ask("PUT", f"/v1/redemptions/{uuid4()}", token, json=body).status_code


@pytest.fixture
def clients(door):
    return Clients(door.engine, ClientSecrets(SESSION_KEY), door.clock)


@pytest.fixture
def till(door):
    """Make a till that may redeem only; return its id and secret."""
    door.client_of(BIKES)
    made = make(door, "redemptions").json
    return made["client_id"], made["client_secret"]


# --- what a client may -----------------------------------------------------------------------


def test_a_till_gets_a_token_for_what_it_may_and_nothing_else(door, till):
    answer = sign_in(door, *till)

    assert till[0] == "hello-bike.till-1"
    assert answer.json["scope"] == "redemptions"
    assert comes_in(door, answer.json["access_token"]) == 503
    denied = door.ask("GET", "/v1/webhook", answer.json["access_token"])
    assert (denied.status_code, denied.json["code"]) == (403, "forbidden")


def test_an_operators_first_client_may_everything_and_asks_for_less(door):
    secret = door.client_of(BIKES)

    assert sign_in(door, BIKES, secret).json["scope"] == EVERY
    assert sign_in(door, BIKES, secret, scope="").json["scope"] == EVERY
    less = sign_in(door, BIKES, secret, scope="statements redemptions statements")
    assert less.json["scope"] == "redemptions statements"
    denied = door.ask("GET", "/v1/webhook", less.json["access_token"])
    assert denied.status_code == 403


@pytest.mark.parametrize("scope", ["webhooks", "redemptions webhooks", "operator", "redemptions,"])
def test_a_client_cannot_ask_for_more_than_it_may(door, till, scope):
    answer = sign_in(door, *till, scope=scope)

    assert (answer.status_code, answer.json["error"]) == (400, "invalid_scope")


def test_a_client_that_may_nothing_gets_no_token(door, till):
    make(door)

    assert sign_in(door, *till).json["error"] == "invalid_scope"


def test_what_a_wrong_secret_asks_for_is_not_looked_at(door, till):
    assert sign_in(door, till[0], "x", scope="webhooks").json["error"] == "invalid_client"


def test_a_client_is_made_once_and_its_secret_shown_once(door):
    first, again = make(door, "redemptions"), make(door, "redemptions")

    assert first.json["client_secret"]
    assert again.json == {**first.json, "client_secret": None}


def test_clients_are_listed_without_secrets(door, till):
    make(door, "webhooks", "catalogue", path="/v1/clients/office")

    listed = door.ask("GET", "/v1/clients", door.operator())

    found = {each["client_id"]: each["scopes"] for each in listed.json["clients"]}
    assert found == {
        BIKES: EVERY.split(),
        "hello-bike.office": ["catalogue", "webhooks"],
        "hello-bike.till-1": ["redemptions"],
    }
    assert till[1] not in listed.text


def test_a_limit_counts_within_a_second_for_tokens_too(door, till):
    token = token_of(door, *till)
    assert comes_in(door, token) == 503

    door.clock.move(seconds=2)
    make(door, "statements")
    door.clock.move(seconds=1)

    assert comes_in(door, token) == 401
    assert sign_in(door, *till).json["scope"] == "statements"


def test_the_same_limit_again_stops_no_token(door, till):
    token = token_of(door, *till)

    door.clock.move(seconds=2)
    make(door, "redemptions")

    assert comes_in(door, token) == 503


def test_a_removed_client_is_out_within_a_second_with_its_tokens(door, till):
    token, others = token_of(door, *till), door.operator(scopes=["redemptions"])
    assert comes_in(door, token) == 503

    door.clock.move(seconds=2)
    removed = [door.ask("DELETE", TILL, door.operator()) for _ in range(2)]
    door.clock.move(seconds=1)

    assert [answer.status_code for answer in removed] == [204, 204]
    assert comes_in(door, token) == 401
    assert sign_in(door, *till).json["error"] == "invalid_client"
    assert comes_in(door, others) == 503


def test_a_worker_that_did_not_hear_of_a_removal_learns_it_within_a_second(door, till, clients):
    token = token_of(door, *till)
    assert comes_in(door, token) == 503  # and now remembers who was stopped

    door.clock.move(milliseconds=500)
    clients.remove(BIKES, "till-1")
    at_once = comes_in(door, token)
    door.clock.move(milliseconds=501)

    assert (at_once, comes_in(door, token)) == (503, 401)


def test_a_removed_client_that_is_made_again_is_another(door, till):
    token = token_of(door, *till)
    door.clock.move(seconds=2)
    door.ask("DELETE", TILL, door.operator())
    door.clock.move(seconds=2)

    made = make(door, "redemptions").json

    assert sign_in(door, *till).status_code == 401
    assert comes_in(door, token) == 401
    assert comes_in(door, token_of(door, till[0], made["client_secret"])) == 503


def test_there_is_an_end_to_how_many_clients_an_operator_makes(door, monkeypatch):
    monkeypatch.setattr("services.gateway.adapters.clients.MOST_CLIENTS", 2)
    assert MOST_CLIENTS == 100
    for number in (1, 2):
        assert make(door, path=f"/v1/clients/till-{number}").status_code == 200

    answer = make(door, path="/v1/clients/till-3")

    assert (answer.status_code, answer.json["code"]) == (422, "limit_reached")
    assert make(door, "redemptions", path="/v1/clients/till-2").status_code == 200


def test_many_clients_are_listed_by_as_many_questions_as_one(door, clients):
    door.client_of(BIKES)
    asked = []
    event.listen(door.engine, "before_cursor_execute", lambda *said: asked.append(said[2]))

    one, once = clients.list(BIKES), len(asked)
    for number in (10, 9, 1):
        clients.put(BIKES, f"till-{number}", [Scope.REDEMPTIONS])
    asked.clear()
    four = clients.list(BIKES)

    assert [each.client for each in one] == [BIKES]
    assert [each.client for each in four] == [BIKES, "till-1", "till-10", "till-9"]
    assert len(asked) == once


# --- who hands on what -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", TILL, {"scopes": ["webhooks"]}),
        ("PUT", f"/v1/clients/{BIKES}", {"scopes": []}),
        ("PUT", f"/v1/clients/{BIKES}/secrets/{UUID(int=9, version=4)}", None),
        ("DELETE", f"/v1/clients/{BIKES}/former-secrets", None),
        ("DELETE", f"/v1/clients/{BIKES}", None),
    ],
)
def test_a_client_hands_on_no_more_than_it_may_and_touches_none_that_may_more(
    door, method, path, body
):
    secret = door.client_of(BIKES)
    token = door.operator(scopes=["clients", "redemptions"])

    answer = door.ask(method, path, token, json=body)

    assert (answer.status_code, answer.json["code"]) == (403, "forbidden")
    assert 'error="insufficient_scope"' in answer.headers["WWW-Authenticate"]
    assert sign_in(door, BIKES, secret).json["scope"] == EVERY
    assert make(door, "redemptions", token=token).status_code == 200


def test_clients_of_one_operator_are_none_of_anothers_business(door, till):
    gym = door.operator("gym")
    token = token_of(door, *till)
    door.clock.move(seconds=2)

    made = make(door, "redemptions", token=gym).json
    door.ask("DELETE", TILL, gym)
    listed = door.ask("GET", "/v1/clients", gym).json["clients"]
    tried = [
        door.ask("PUT", f"{TILL}/secrets/{uuid4()}", gym),
        door.ask("DELETE", f"{TILL}/former-secrets", gym),
    ]

    assert made["client_id"] == "gym.till-1"
    assert listed == []
    assert [answer.status_code for answer in tried] == [404, 404]
    assert comes_in(door, token) == 503
    assert sign_in(door, *till).status_code == 200


def test_an_official_makes_limits_and_removes_clients_of_an_operator_that_was_admitted(door):
    door.client_of(BIKES)
    official = door.identity_token(roles=["registrar"])
    path = f"/v1/operators/{BIKES}/clients/till-9"

    made = make(door, "redemptions", path=path, token=official).json
    secret = made["client_secret"]
    rotated = door.ask("PUT", f"{path}/secrets/{uuid4()}", official).json["client_secret"]
    both = [sign_in(door, "hello-bike.till-9", each).status_code for each in (secret, rotated)]
    door.ask("DELETE", f"{path}/former-secrets", official)
    one = [sign_in(door, "hello-bike.till-9", each).status_code for each in (secret, rotated)]
    listed = door.ask("GET", f"/v1/operators/{BIKES}/clients", official).json["clients"]
    door.ask("DELETE", path, official)

    assert (both, one) == ([200, 200], [401, 200])
    assert [each["client"] for each in listed] == [BIKES, "till-9"]
    assert sign_in(door, "hello-bike.till-9", rotated).status_code == 401
    elsewhere = make(door, "redemptions", path="/v1/operators/gym/clients/till-9", token=official)
    assert (elsewhere.status_code, elsewhere.json["code"]) == (404, "not_found")


# --- secrets ---------------------------------------------------------------------------------


def test_the_former_secret_is_good_for_a_day_beside_the_new_one(door, till):
    client_id, old = till

    rotated = rotate(door).json
    new = rotated["client_secret"]
    door.clock.move(hours=23, minutes=59)
    during = [sign_in(door, client_id, secret).status_code for secret in (old, new)]
    door.clock.move(minutes=1)
    after = [sign_in(door, client_id, secret).status_code for secret in (old, new)]

    assert rotated["former_secrets_until"] == "2026-11-06T02:00:00Z"
    assert (during, after) == ([200, 200], [401, 200])
    assert (
        door.ask("GET", "/v1/clients", door.operator()).json["clients"][1]["former_secrets_until"]
        is None
    )


def test_a_repeated_rotation_makes_no_further_secret_and_shows_none(door, till):
    first, again = (rotate(door, rotation_id=UUID(int=9, version=4)).json for _ in range(2))

    assert again == {**first, "client_secret": None}
    assert sign_in(door, till[0], first["client_secret"]).status_code == 200


def test_an_answer_that_was_lost_costs_nobody_the_secret_in_use(door, till):
    client_id, old = till

    rotate(door)  # and its answer is lost
    new = rotate(door).json["client_secret"]

    assert [sign_in(door, client_id, secret).status_code for secret in (old, new)] == [200, 200]


def test_only_so_many_secrets_are_good_at_a_time(door, till):
    made = [rotate(door) for _ in range(4)]

    assert [answer.status_code for answer in made] == [200, 200, 200, 422]
    assert made[-1].json["code"] == "limit_reached"
    assert sign_in(door, *till).status_code == 200


def test_a_leaked_secret_stops_at_once_with_the_tokens_it_earned(door, till):
    client_id, leaked = till
    token = token_of(door, client_id, leaked)
    new = rotate(door).json["client_secret"]
    assert comes_in(door, token) == 503

    door.clock.move(seconds=2)
    stopped = door.ask("DELETE", f"{TILL}/former-secrets", door.operator())

    assert stopped.json["former_secrets_until"] is None
    assert sign_in(door, client_id, leaked).json["error"] == "invalid_client"
    door.clock.move(seconds=1)
    assert comes_in(door, token) == 401
    assert comes_in(door, token_of(door, client_id, new)) == 503


STOPS = {
    "removed": lambda clients: clients.remove(BIKES, "till-1"),
    "limited": lambda clients: clients.put(BIKES, "till-1", [Scope.WEBHOOKS]),
    "leaked": lambda clients: clients.stop_former(BIKES, "till-1"),
}


@pytest.mark.parametrize("stop", STOPS.values(), ids=STOPS)
def test_a_token_that_was_being_given_when_its_client_was_stopped_does_not_count(
    door, till, clients, monkeypatch, stop
):
    scrypt = hashlib.scrypt

    def slow(*said, **cost):
        door.clock.move(seconds=2)
        stop(clients)
        door.clock.move(seconds=2)
        return scrypt(*said, **cost)

    monkeypatch.setattr(hashlib, "scrypt", slow)
    token = token_of(door, *till)
    monkeypatch.undo()

    assert comes_in(door, token) == 401


def test_a_token_that_was_being_given_when_its_secret_was_replaced_at_admission_does_not_count(
    door, clients, monkeypatch
):
    secret, scrypt = door.client_of(BIKES), hashlib.scrypt

    def slow(*said, **cost):
        monkeypatch.undo()
        clients.admit(BIKES, rotate=True)
        return scrypt(*said, **cost)

    monkeypatch.setattr(hashlib, "scrypt", slow)

    assert comes_in(door, token_of(door, BIKES, secret)) == 401


def test_a_stop_counts_though_another_machines_clock_is_behind(door, till, clients):
    clients.stop_former(BIKES, "till-1")
    token = token_of(door, *till)
    behind = FakeClock()
    behind.move(seconds=-30)

    Clients(door.engine, ClientSecrets(SESSION_KEY), behind).stop_former(BIKES, "till-1")
    door.clock.move(seconds=1)

    assert comes_in(door, token) == 401
    assert comes_in(door, token_of(door, *till)) == 503


def test_rotating_at_admission_stops_every_secret_and_token_of_the_first_client_alone(door):
    record = OperatorRecord(operator_id=BIKES, name="骑行", name_en="Ride")
    door.bus.answer(RegisterOperator, record)
    first = door.client_of(BIKES)
    token = token_of(door, BIKES, first)
    till = make(door, "redemptions").json["client_secret"]
    second = rotate(door, f"/v1/clients/{BIKES}").json["client_secret"]
    door.clock.move(seconds=2)

    path, body = f"/v1/operators/{BIKES}?rotate=true", {"name": "骑行", "name_en": "Ride"}
    third = door.ask("PUT", path, door.administrator(), json=body).json["client_secret"]

    good = [sign_in(door, BIKES, secret).status_code for secret in (first, second, third)]
    assert good == [401, 401, 200]
    assert comes_in(door, token) == 401
    assert sign_in(door, f"{BIKES}.till-1", till).status_code == 200


def test_a_rotation_of_a_client_that_is_not_there_is_not_found(door):
    assert rotate(door, "/v1/clients/till-7").status_code == 404
    stopped = door.ask("DELETE", "/v1/clients/till-7/former-secrets", door.operator())
    assert stopped.status_code == 404


def test_no_secret_of_any_age_is_kept_in_clear(door, till, tmp_path):
    new = rotate(door).json["client_secret"]

    for path in tmp_path.glob("gateway.db*"):
        kept = path.read_bytes()
        assert till[1].encode() not in kept
        assert new.encode() not in kept
