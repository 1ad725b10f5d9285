"""Bearer tokens: whose word counts, for what, and for how long."""

import base64
import hashlib
import hmac
import json
from datetime import datetime

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OKPKey

from contracts.errors import NotFound
from contracts.pseudonyms import resident_of
from contracts.recognition import ConsentRecords, ListConsents
from contracts.scenarios import OperatorRecord, RegisterOperator, ShowGrant
from services.gateway.adapters.clients import Clients
from services.gateway.adapters.webhooks import Webhooks, disable
from services.gateway.authentication.secrets import ClientSecrets
from services.gateway.authentication.sessions import SESSION_TYPE
from tests.builders.gateway import CIVIL_ID, HOLDER, ISSUER, SESSION_KEY, URL

pytestmark = pytest.mark.gateway

GRANT = "/v1/grants/b3f1a7c2-0000-4000-8000-000000000009"


def unsigned(claims, alg="none", **header):
    def part(value):
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    return f"{part({'alg': alg, **header})}.{part(claims)}."


def test_a_resident_is_known_to_the_services_by_pseudonym_only(door):
    door.bus.answer(ListConsents, ConsentRecords(consents=()))

    answer = door.ask("GET", "/v1/consents", door.citizen())

    [command] = door.bus.sent
    assert answer.status_code == 200
    assert command == ListConsents(resident=resident_of(bytes.fromhex("11" * 32), CIVIL_ID))
    assert CIVIL_ID not in repr(command)


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://other.example"},
        {"iss": None},
        {"aud": "https://zhengzhou.example"},
        {"aud": None},
        {"aud": [ISSUER]},
        {"exp": 1},
        {"exp": None},
        {"exp": "soon"},
        {"sub": None},
        {"nbf": 4_000_000_000},
    ],
)
def test_an_identity_token_for_something_else_is_not_believed(door, claims):
    answer = door.ask("GET", "/v1/consents", door.citizen(**claims))

    [wrong] = claims
    assert (answer.status_code, answer.json["code"]) == (401, "unauthenticated")
    assert answer.json["detail"] == f"the token is not valid here and now: {wrong}"
    assert answer.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'


def test_who_brings_no_token_is_only_told_to(door):
    answer = door.ask("GET", "/v1/consents")

    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")


@pytest.mark.parametrize(("ahead", "status"), [(60, 200), (61, 401)])
def test_an_identity_providers_clock_may_be_a_minute_ahead(door, ahead, status):
    door.bus.answer(ListConsents, ConsentRecords(consents=()))
    issued_at = int(door.clock().timestamp()) + ahead

    assert door.ask("GET", "/v1/consents", door.citizen(iat=issued_at)).status_code == status


@pytest.mark.parametrize(("left", "status"), [(1, 200), (0, 401)])
def test_an_identity_token_that_is_over_is_over(door, left, status):
    door.bus.answer(ListConsents, ConsentRecords(consents=()))
    expires_at = int(door.clock().timestamp()) + left

    assert door.ask("GET", "/v1/consents", door.citizen(exp=expires_at)).status_code == status


def test_an_identity_token_signed_by_a_stranger_is_not_believed(door):
    token = door.citizen(key=ECKey.generate_key("P-256"), iss="https://other.example")

    answer = door.ask("GET", "/v1/consents", token)

    assert (answer.status_code, answer.json["detail"]) == (401, "the token is not valid here")


def test_an_unsigned_token_is_not_believed(door):
    claims = {"iss": ISSUER, "aud": URL, "sub": "s", "exp": 4_000_000_000, "civil_id": CIVIL_ID}

    assert door.ask("GET", "/v1/consents", unsigned(claims)).status_code == 401


def test_a_token_signed_with_the_public_key_as_a_secret_is_not_believed(door):
    claims = {"iss": ISSUER, "aud": URL, "sub": "s", "exp": 4_000_000_000, "civil_id": CIVIL_ID}
    text = ".".join(unsigned(claims, alg="HS256", kid="id-1").split(".")[:2])
    forged = hmac.digest(door.identity.as_pem(private=False), text.encode(), "sha256")
    token = f"{text}.{base64.urlsafe_b64encode(forged).rstrip(b'=').decode()}"

    assert door.ask("GET", "/v1/consents", token).status_code == 401


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic YTpi", "Bearer x", "Bearer .."])
def test_a_header_without_a_token_is_not_believed(door, header):
    answer = door.ask("GET", "/v1/consents", headers={"Authorization": header})

    assert answer.status_code == 401


def test_an_endless_token_is_not_even_read(door):
    assert door.ask("GET", "/v1/consents", "a" * 100_000).status_code == 401


@pytest.mark.parametrize("alg", ["EdDSA", "Ed25519"])
def test_an_identity_provider_may_sign_by_ed25519_under_either_name(door, alg):
    key = OKPKey.generate_key("Ed25519")
    public = {**key.as_dict(private=False), "kid": "id-1"}
    door.settings.identity_keys_file.write_text(json.dumps({"keys": [public]}))
    door.bus.answer(ListConsents, ConsentRecords(consents=()))
    claims = {"iss": ISSUER, "aud": URL, "sub": "s", "exp": 4_000_000_000, "civil_id": CIVIL_ID}
    text = unsigned(claims, alg=alg, kid="id-1").rstrip(".")
    signature = key.private_key.sign(text.encode())
    token = f"{text}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"

    assert door.ask("GET", "/v1/consents", token).status_code == 200


@pytest.mark.parametrize("text", ['{"keys": [{"kty"', "{}", '{"keys": []}', '{"keys": [{}]}', None])
def test_a_bad_new_key_file_locks_nobody_out(door, text):
    door.bus.answer(ListConsents, ConsentRecords(consents=()))
    assert door.ask("GET", "/v1/consents", door.citizen()).status_code == 200

    if text is None:
        door.settings.identity_keys_file.unlink()
    else:
        door.settings.identity_keys_file.write_text(text)

    for _ in range(2):
        assert door.ask("GET", "/v1/consents", door.citizen()).status_code == 200


@pytest.mark.parametrize(
    "written", ["34052419800101001x", " 34052419800101001X", "３４０５２４１９８００１０１００１Ｘ"]
)
def test_a_citizen_is_one_resident_however_the_token_writes_their_number(door, written):
    door.ask("GET", "/v1/consents", door.citizen(civil_id=written))

    [command] = door.bus.sent
    assert command.resident == resident_of(bytes.fromhex("11" * 32), "34052419800101001X")


def test_a_token_without_an_identity_is_no_citizens(door):
    answer = door.ask("GET", "/v1/consents", door.identity_token())

    assert (answer.status_code, answer.json["code"]) == (403, "forbidden")


@pytest.mark.parametrize(
    "civil_id", ["", "330100190001010018", "33010019000101001", 330100190001010019, "x" * 18]
)
def test_a_wrong_citizen_number_is_named_but_never_repeated(door, civil_id):
    answer = door.ask("GET", "/v1/consents", door.citizen(civil_id=civil_id))

    assert (answer.status_code, answer.json["code"]) == (400, "bad_civil_id")
    assert answer.json["errors"][0]["field"] == "token.civil_id"
    assert not str(civil_id) or str(civil_id) not in answer.text


def test_a_session_shows_the_holder_what_is_theirs(door):
    door.bus.answer(ShowGrant, NotFound("not_found"))

    door.ask("GET", GRANT, door.holder())

    assert door.bus.sent[0].holder == HOLDER


def test_a_session_ends_with_its_recognition_though_it_was_remembered(door):
    door.bus.answer(ShowGrant, NotFound("not_found"))
    token = door.holder(until=door.clock().replace(hour=3))
    before = door.ask("GET", GRANT, token)

    door.clock.move(hours=1)
    after = door.ask("GET", GRANT, token)

    assert (before.status_code, after.status_code) == (404, 401)


def test_a_session_lasts_twelve_hours_at_most(door):
    door.bus.answer(ShowGrant, NotFound("not_found"))
    token = door.holder()

    door.clock.move(hours=12)

    assert door.ask("GET", GRANT, token).status_code == 401


def test_a_session_of_another_gateway_is_not_believed(door):
    claims = {"iss": "https://b.example", "aud": URL, "exp": 4_000_000_000, "sub": HOLDER}
    token = jwt.encode({"alg": "HS256", "typ": SESSION_TYPE}, claims, door.own.key)

    assert door.ask("GET", GRANT, token).status_code == 401


# --- client credentials ----------------------------------------------------------------------


def form(door, fields, **headers):
    headers = {"Content-Type": "application/x-www-form-urlencoded", **headers}
    body = "&".join(f"{name}={value}" for name, value in fields.items())
    return door.ask("POST", "/v1/oauth/token", headers=headers, body=body)


def basic(client_id, secret):
    return "Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()


def test_with_a_token_comes_the_notice_that_the_webhook_is_disabled(door):
    secret, now = door.client_of("hello-bike"), door.clock()
    asked = {
        "grant_type": "client_credentials",
        "client_id": "hello-bike",
        "client_secret": secret,
    }
    Webhooks(door.engine).put("hello-bike", "https://operator.example/hook")
    before = form(door, asked).json
    disable(door.engine, "hello-bike", reason="HTTP 500", now=now)

    after = form(door, asked).json

    assert before["webhook_disabled_at"] is None
    assert datetime.fromisoformat(after["webhook_disabled_at"]) == now


def test_right_credentials_earn_a_token_either_way(door):
    secret = door.client_of("hello-bike")
    posted = form(
        door,
        {
            "grant_type": "client_credentials",
            "client_id": "hello-bike",
            "client_secret": secret,
        },
    )
    header = form(
        door,
        {"grant_type": "client_credentials", "scope": "webhooks", "ignored": "x"},
        Authorization=basic("hello-bike", secret),
    )

    for answer in (posted, header):
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.json["token_type"] == "Bearer"
        assert answer.json["expires_in"] == 600
        url = {"url": "https://a.example/hook"}
        webhook = door.ask("PUT", "/v1/webhook", answer.json["access_token"], json=url)
        assert webhook.status_code == 200


@pytest.mark.parametrize(
    ("fields", "header", "status", "error"),
    [
        ({}, None, 400, "invalid_request"),
        ({"grant_type": "password"}, None, 400, "unsupported_grant_type"),
        ({"grant_type": "client_credentials"}, None, 401, "invalid_client"),
        ({"grant_type": "client_credentials"}, "Bearer x", 401, "invalid_client"),
        ({"grant_type": "client_credentials"}, "Basic !", 401, "invalid_client"),
        ({"grant_type": "client_credentials"}, basic("hello-bike", "x"), 401, "invalid_client"),
        ({"grant_type": "client_credentials"}, basic("nobody", "x"), 401, "invalid_client"),
        ({"grant_type": "client_credentials"}, "Basic \xe9", 401, "invalid_client"),
        ({"grant_type": "client_credentials"}, "Basic /////w==", 401, "invalid_client"),
        ({"grant_type": "client_credentials"}, basic("a\0b", "\0"), 401, "invalid_client"),
        (
            {"grant_type": "client_credentials", "client_secret": "x"},
            basic("hello-bike", "x"),
            400,
            "invalid_request",
        ),
        ({"grant_type": "client_credentials", "scope": "admin"}, None, 400, "invalid_scope"),
    ],
)
def test_wrong_credentials_are_refused_in_the_words_of_oauth(door, fields, header, status, error):
    door.client_of("hello-bike")

    answer = form(door, fields, **({"Authorization": header} if header else {}))

    assert (answer.status_code, answer.json["error"]) == (status, error)


def test_a_repeated_form_field_is_refused(door):
    headers = {"Content-Type": "application/x-www-form-urlencoded"}

    answer = door.ask("POST", "/v1/oauth/token", headers=headers, body="grant_type=a&grant_type=b")

    assert (answer.status_code, answer.json["errors"][0]["field"]) == (400, "body.grant_type")


def test_a_secret_is_shown_once_and_stops_when_another_is_made(door):
    record = OperatorRecord(operator_id="hello-bike", name="骑行", name_en="Ride")
    door.bus.answer(RegisterOperator, record)
    body = {"name": "骑行", "name_en": "Ride"}

    first, again, rotated = (
        door.ask("PUT", f"/v1/operators/hello-bike{query}", door.administrator(), json=body).json
        for query in ("", "", "?rotate=true")
    )

    assert first["client_secret"]
    assert again["client_secret"] is None
    assert rotated["client_secret"] not in {None, first["client_secret"]}
    grant = {"grant_type": "client_credentials"}
    for secret, status in ((first["client_secret"], 401), (rotated["client_secret"], 200)):
        answer = form(door, grant, Authorization=basic("hello-bike", secret))
        assert answer.status_code == status


@pytest.fixture
def derived(monkeypatch):
    """List what was put through scrypt."""
    words, scrypt = [], hashlib.scrypt

    def noted(word, **cost):
        words.append(word)
        return scrypt(word, **cost)

    monkeypatch.setattr(hashlib, "scrypt", noted)
    return words


@pytest.mark.parametrize("client_id", ["hello-bike", "nobody"])
def test_a_made_up_secret_costs_the_gateway_next_to_nothing(door, derived, client_id):
    door.client_of("hello-bike")
    others = door.client_of("other")
    clients = Clients(door.engine, ClientSecrets(SESSION_KEY), door.clock)
    derived.clear()

    words = ["", "x", "é", "\ud800", others, others[::-1], f"{others}="]
    earned = {clients.authenticate(client_id, word) for word in words}

    assert (earned, derived) == ({None}, [])


def test_a_secret_is_worked_out_once_however_often_it_is_shown(door, derived):
    stale, clients = (
        door.client_of("hello-bike"),
        Clients(door.engine, ClientSecrets(SESSION_KEY), door.clock),
    )
    secret = clients.admit("hello-bike", rotate=True)
    derived.clear()

    right = {clients.authenticate("hello-bike", secret).client_id for _ in range(3)}
    wrong = {clients.authenticate("hello-bike", stale) for _ in range(3)}

    assert (right, wrong) == ({"hello-bike"}, {None})
    assert len(derived) == 2


def test_no_secret_is_kept_in_clear(door, tmp_path):
    secret = door.client_of("hello-bike")

    assert not any(secret.encode() in path.read_bytes() for path in tmp_path.glob("gateway.db*"))
