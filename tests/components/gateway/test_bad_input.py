"""Whatever is sent, the answer is a 4xx that names the place, and nothing goes on the bus."""

import gzip
import json
from uuid import UUID

import pytest

from contracts.errors import Conflict, Malformed, NotFound, Refused
from contracts.recognition import ReceiveNotice
from contracts.routes import ROUTES
from contracts.routes.route import FORM, JSON
from services.gateway.bodies import LARGEST_BODY
from services.gateway.front import Missing

pytestmark = pytest.mark.gateway

AS_JSON = {"Content-Type": JSON}
ID = "b3f1a7c2-0000-4000-8000-000000000009"
CONSENT = {
    "recipient": "330100",
    "purposes": ["transport"],
    "text_version": "v1",
    "until": "2026-12-01T00:00:00Z",
}


def put_consent(door, body, content_type=JSON, **options):
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Content-Type": content_type}
    path = f"/v1/consents/{ID}"
    return door.ask("PUT", path, door.citizen(), headers=headers, body=data, **options)


def named(answer):
    return {problem["field"] for problem in answer.json["errors"]}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"", "body"),
        (b"{", "body"),
        (b"[]", "body"),
        (b'"text"', "body"),
        (b"\xff\xfe", "body"),
        (b"\xef\xbb\xbf{}", "body"),
        (b"[" * 5000, "body"),
        (b"[" * 60_000, "body"),
        (b'{"until": NaN}', "body"),
        (b'{"until": Infinity}', "body"),
        (b'{"until": 1e999}', "until"),
        (b'{"until": ' + b"9" * 5000 + b"}", "until"),
        (b'{"until": "\\ud800"}', "until"),
        (b'{"until": "\\u0000"}', "until"),
        (b'{"\\ud800": 1}', "body"),
        (b'{"until": 1, "until": 2}', "until"),
        ({**CONSENT, "score": 700}, "score"),
        ({**CONSENT, "recipient": "33010"}, "recipient"),
        ({**CONSENT, "recipient": "330100\n"}, "recipient"),
        ({**CONSENT, "recipient": 330100}, "recipient"),
        ({**CONSENT, "recipient": None}, "recipient"),
        ({**CONSENT, "purposes": "transport"}, "purposes"),
        ({**CONSENT, "purposes": ["tender"]}, "purposes.0"),
        ({**CONSENT, "purposes": ["transport"] * 2000}, "purposes"),
        ({**CONSENT, "text_version": "V 1"}, "text_version"),
        ({**CONSENT, "until": "tomorrow"}, "until"),
        ({**CONSENT, "until": "2026-12-01T00:00:00"}, "until"),
        ({**CONSENT, "until": "0001-01-01T00:00:00+23:59"}, "until"),
        ({name: CONSENT[name] for name in ("recipient", "purposes", "until")}, "text_version"),
    ],
)
def test_a_body_that_breaks_the_contract_is_refused_naming_the_field(door, body, field):
    answer = put_consent(door, body)

    assert (answer.status_code, answer.json["code"]) == (400, "malformed")
    assert field in named(answer)
    assert not door.bus.sent


def test_a_nested_field_is_named_by_its_path(door):
    body = {
        "scenario_id": "bikes",
        "title": "a",
        "title_en": "a",
        "benefit": {"type": "discount", "percent_off": 101},
        "minimum_tier": 9,
        "per_holder": {"count": 0, "period": "week"},
    }

    answer = door.ask("PUT", "/v1/incentives/long-ride", door.operator(), json=body)

    assert answer.status_code == 400
    assert named(answer) == {
        "benefit.percent_off",
        "minimum_tier",
        "per_holder.count",
        "per_holder.period",
    }


def test_an_incentive_cannot_smuggle_in_a_score(door):
    body = {"benefit": {"type": "voucher", "face_fen": 100, "minimum_score": 700}}

    answer = door.ask("PUT", "/v1/incentives/long-ride", door.operator(), json=body)

    assert "benefit.minimum_score" in named(answer)


@pytest.mark.parametrize("deep", [b'{"a":' * 40 + b"1" + b"}" * 40, b"[" * 40 + b"]" * 40])
def test_a_key_nested_too_deeply_is_refused(door, deep):
    body = b'{"recipient": "330100", "holder_key": {"kty": ' + deep + b"}}"

    answer = door.ask(
        "PUT", f"/v1/attestations/{ID}", door.citizen(), body=body, headers={"Content-Type": JSON}
    )

    assert answer.status_code == 400
    assert next(iter(named(answer))).startswith("holder_key.kty")


def test_a_key_with_a_member_that_is_no_text_is_refused(door):
    body = {"recipient": "330100", "holder_key": {"kty": "OKP", "crv": "Ed25519", "x": 1}}

    answer = door.ask("PUT", f"/v1/attestations/{ID}", door.citizen(), json=body)

    assert answer.status_code == 400
    assert answer.json["errors"] == [{"field": "holder_key", "message": "Not a text: x."}]


@pytest.mark.parametrize("length", [LARGEST_BODY + 1, 10 * LARGEST_BODY])
def test_an_oversized_body_is_refused_unread(door, length):
    answer = put_consent(door, b" " * length)

    assert (answer.status_code, answer.json["code"]) == (413, "too_large")


def test_an_oversized_chunked_body_is_refused_too(door):
    headers = {"Content-Type": JSON, "Transfer-Encoding": "chunked", "Content-Length": ""}
    path = f"/v1/consents/{ID}"

    answer = door.ask("PUT", path, door.citizen(), headers=headers, body=b" " * (LARGEST_BODY + 1))

    assert (answer.status_code, answer.json["code"]) == (413, "too_large")


def test_who_is_too_slow_is_told_and_hung_up_on(door):
    missing = Missing(Malformed("too_slow"))

    answer = door.ask(
        "PUT",
        "/v1/webhook",
        door.operator(),
        headers={"Content-Type": "application/json", "Content-Length": "9"},
        extras={"wsgi.input": missing},
    )

    assert (answer.status_code, answer.json["code"]) == (408, "too_slow")
    assert answer.headers["Connection"] == "close"


@pytest.mark.parametrize(
    "content_type", ["", "text/plain", FORM, "application/json; charset=gbk", "application/jsonx"]
)
def test_a_body_of_another_type_is_refused(door, content_type):
    answer = put_consent(door, CONSENT, content_type)

    assert (answer.status_code, answer.json["code"]) == (415, "unsupported_media_type")
    assert named(answer) == {"header.Content-Type"}


@pytest.mark.parametrize(
    "content_type", ["application/json; charset=utf-8", 'Application/JSON;charset="UTF-8"']
)
def test_a_type_may_be_written_as_http_lets_it(door, content_type):
    assert put_consent(door, b"{}", content_type).status_code == 400


def test_a_compressed_body_is_named_for_what_it_is(door):
    headers = {"Content-Type": JSON, "Content-Encoding": "gzip"}
    body = gzip.compress(json.dumps(CONSENT).encode())

    answer = door.ask("PUT", f"/v1/consents/{ID}", door.citizen(), headers=headers, body=body)

    assert (answer.status_code, named(answer)) == (415, {"header.Content-Encoding"})


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"\xef\xbb\xbf{}", "Begins with a byte order mark; send UTF-8 without one."),
        (b'{"until": ' + b"9" * 5000 + b"}", "Too large a number."),
        ("{}".encode("utf-16"), "Not UTF-8."),
    ],
)
def test_what_is_wrong_is_said_in_words_of_json(door, body, message):
    assert [each["message"] for each in put_consent(door, body).json["errors"]] == [message]


def test_a_repeated_name_among_thousands_is_found(door):
    members = ",".join(f'"{number:x}":0' for number in range(7000))

    answer = put_consent(door, f'{{{members},"1b57":0}}'.encode())

    assert named(answer) == {"1b57"}


@pytest.mark.parametrize(
    ("method", "path", "caller", "field"),
    [
        ("DELETE", "/v1/consents/7", "citizen", "path.consent_id"),
        ("DELETE", f"/v1/consents/{{{ID}}}", "citizen", "path.consent_id"),
        ("DELETE", f"/v1/consents/urn:uuid:{ID}", "citizen", "path.consent_id"),
        ("GET", "/v1/grants/%00", "holder", "path.grant_id"),
        ("PUT", f"/v1/grants/{UUID(int=0)}", "holder", "path.grant_id"),
        ("GET", "/v1/grants/x/pass.svg", "holder", "path.grant_id"),
        ("GET", "/v1/status-lists/-1", None, "path.list"),
        ("GET", "/v1/status-lists/1.5", None, "path.list"),
        ("GET", "/v1/status-lists/" + "9" * 5000, None, "path.list"),
        ("GET", "/v1/status-lists/0?time=", None, "query.time"),
        ("GET", "/v1/status-lists/0?time=-1", None, "query.time"),
        ("GET", "/v1/status-lists/0?time=1e9", None, "query.time"),
        ("GET", "/v1/status-lists/0?time=32503680000", None, "query.time"),  # the year 3000
        ("GET", "/v1/status-lists/0?time=1&time=2", None, "query.time"),
        ("GET", "/v1/status-lists/0?time=2026-11-05T02:00:00Z", None, "query.time"),
        ("GET", "/v1/eligibility?category=tender", "holder", "query.category"),
        ("GET", "/v1/eligibility?category=", "holder", "query.category"),
        ("GET", "/v1/eligibility?score=700", "holder", "query.score"),
        ("GET", "/v1/eligibility?category=hotel&category=retail", "holder", "query.category"),
        ("GET", "/v1/consents?all=1", "citizen", "query.all"),
        ("GET", "/v1/consents?" + "a" * 5000, "citizen", "query"),
        ("PUT", "/v1/operators/Hello_Bike", "administrator", "path.operator_id"),
        ("PUT", "/v1/operators/hello-bike?rotate=yes", "administrator", "query.rotate"),
        ("PUT", "/v1/scenarios/-bikes", "operator", "path.scenario_id"),
    ],
)
def test_a_bad_parameter_is_refused_naming_it(door, method, path, caller, field):
    token = getattr(door, caller)() if caller else None

    answer = door.ask(method, path, token)

    assert (answer.status_code, answer.json["code"]) == (400, "malformed")
    assert named(answer) == {field}


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/v1/statements/2026-13?home=410100&host=330100", "path.period"),
        ("/v1/statements/2026-11?home=410100", "query.host"),
        ("/v1/statements/2026-11?home=41010&host=330100", "query.home"),
    ],
)
def test_a_bad_question_for_a_statement_is_refused_naming_it(door, path, field):
    door.adopt()

    answer = door.ask("GET", path, headers=door.signed("GET", path))

    assert (answer.status_code, answer.json["code"]) == (400, "malformed")
    assert named(answer) == {field}


def test_a_notice_that_is_no_text_is_refused(door):
    door.adopt()
    body = b"\xff\xfe"

    answer = door.ask(
        "POST", "/v1/notices", headers=door.signed("POST", "/v1/notices", body), body=body
    )

    assert (answer.status_code, named(answer)) == (400, {"body"})


@pytest.mark.parametrize(
    "refusal",
    [
        Refused("unknown_city"),
        Refused("city_not_online"),
        Refused("stale_roster"),
        Refused("wrong_type"),
        Refused("wrong_audience"),
        Refused("issued_in_future"),
        Refused("expired"),
        Refused("unknown_key"),
        Refused("key_not_current"),
        NotFound("not_found"),
        Conflict("id_reused"),
    ],
)
def test_whatever_a_notice_is_refused_for_is_described(door, refusal):
    door.adopt()
    door.bus.answer(ReceiveNotice, refusal)
    body = b"header.payload.signature"

    answer = door.ask(
        "POST", "/v1/notices", headers=door.signed("POST", "/v1/notices", body), body=body
    )

    [route] = [each for each in ROUTES if each.operation_id == "receive_notice"]
    assert answer.json["code"] == refusal.code
    assert refusal.code in route.errors


def test_a_webhook_is_an_address_of_the_web(door):
    for url in ("ftp://example.com/", "file:///etc/passwd", "javascript:alert(1)", "example.com"):
        answer = door.ask("PUT", "/v1/webhook", door.operator(), json={"url": url})

        assert (answer.status_code, named(answer)) == (400, {"url"})


@pytest.mark.parametrize(("written", "read"), [(b"30.0", 30), (b"3e1", 30), (b"30", 30)])
def test_a_whole_number_is_whole_however_it_is_written(door, written, read):
    body = b'{"reason": "city_decision", "notice_days": ' + written + b"}"

    door.ask("PUT", f"/v1/recalls/{ID}", door.administrator(), headers=AS_JSON, body=body)

    [command] = door.bus.sent
    assert (command.notice_days, type(command.notice_days)) == (read, int)


@pytest.mark.parametrize("written", [b"30.5", b"1e40", b"-1.0", b"true", b'"30"'])
def test_a_number_that_is_not_whole_is_refused(door, written):
    body = b'{"reason": "city_decision", "notice_days": ' + written + b"}"

    answer = door.ask("PUT", f"/v1/recalls/{ID}", door.administrator(), headers=AS_JSON, body=body)

    assert (answer.status_code, named(answer)) == (400, {"notice_days"})
