"""Signed calls between cities: the round trip, and every way in which one is not believed."""

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from http_message_signatures import HTTPMessageSigner, algorithms
from http_message_signatures.resolvers import MappingKeyResolver
from joserfc.jwk import ECKey, OKPKey

from contracts.recognition import NoticeReceipt, ReceiveNotice
from contracts.scenarios import DrawStatement, Statement
from contracts.words import CityState
from services.gateway.adapters import roster
from services.gateway.authentication.signatures import COVERED
from services.gateway.keys import private_part
from tests.builders.gateway import NONCE, PARTNER, RECOGNITION, URL, a_roster

pytestmark = pytest.mark.gateway

PATH = "/v1/notices"
BODY = b"header.payload.signature"
STATEMENT = "/v1/statements/2026-11?home=410100&host=330100"


def push(door, headers=None, body=BODY, **signature):
    headers = headers or door.signed("POST", PATH, BODY, **signature)
    return door.ask("POST", PATH, headers=headers, body=body)


def told(answer):
    return answer.status_code, answer.json["code"]


@pytest.fixture
def door(door):
    door.adopt()
    door.bus.answer(ReceiveNotice, NoticeReceipt(notice_id=RECOGNITION, repeated=False))
    return door


def test_a_signed_notice_is_taken_in_for_the_city_that_signed(door):
    answer = push(door)

    assert (answer.status_code, answer.content) == (202, b"")
    assert door.bus.sent == [ReceiveNotice(sender=PARTNER, token=BODY.decode())]


def test_a_city_may_sign_by_ecdsa(door):
    key = ECKey.generate_key("P-256")
    door.partner = key
    door.adopt(version=2)

    assert push(door).status_code == 202


def test_a_call_without_a_signature_is_unauthenticated(door):
    assert told(push(door, {"Content-Type": "application/secevent+jwt"})) == (
        401,
        "unauthenticated",
    )


def test_a_changed_body_is_not_believed(door):
    assert told(push(door, body=BODY + b"x")) == (401, "bad_signature")


def test_a_removed_body_is_not_believed(door):
    assert told(push(door, body=b"")) == (401, "bad_signature")


def test_a_body_that_the_signature_does_not_cover_is_not_believed(door):
    headers = {**door.signed("POST", PATH), "Content-Type": "application/secevent+jwt"}

    assert told(push(door, headers)) == (401, "bad_signature")


def test_a_signature_for_another_address_is_not_believed(door):
    for headers in (
        door.signed("POST", "/v1/other", BODY),
        door.signed("PUT", PATH, BODY),
        door.signed("POST", PATH, BODY, url="https://zhengzhou.example"),
    ):
        assert told(push(door, headers)) == (401, "bad_signature")


def test_a_changed_question_is_not_believed(door):
    headers = door.signed("GET", STATEMENT)
    changed = STATEMENT.replace("2026-11", "2026-10")

    assert told(door.ask("GET", changed, headers=headers)) == (401, "bad_signature")


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_signature_made_at_another_time_is_not_believed(door, minutes):
    created = door.clock() + timedelta(minutes=minutes)

    assert told(push(door, created=created)) == (401, "bad_signature")


def expiring(door, expires):
    """Sign as whoever says until when; ours do not."""
    kid = door.partner.thumbprint()
    keys = MappingKeyResolver(public_keys={}, private_keys={kid: private_part(door.partner)})
    headers = {"Content-Type": "application/secevent+jwt"}
    message = SimpleNamespace(method="POST", url=URL + PATH, headers=headers, body=BODY)
    signer = HTTPMessageSigner(signature_algorithm=algorithms.ED25519, key_resolver=keys)
    signer.sign(
        message,
        key_id=kid,
        created=door.clock(),
        expires=expires,
        nonce=NONCE,
        covered_component_ids=COVERED,
        body=BODY,
    )
    return headers


@pytest.mark.parametrize(("seconds", "status"), [(60, 202), (0, 401), (-60, 401)])
def test_a_signature_that_has_expired_is_not_believed(door, seconds, status):
    headers = expiring(door, door.clock() + timedelta(seconds=seconds))

    assert push(door, headers).status_code == status


def test_whoever_signed_another_address_is_told_which_this_is(door):
    answer = push(door, url="https://zhengzhou.example")

    assert answer.json["detail"] == f"it does not hold; @target-uri is {URL}{PATH}"


@pytest.mark.parametrize("nonce", ["b3k2pp5k7z-50gnwp.yemd", "+/+/AAAAAAAAAAAAAAAA==", "!~" * 64])
def test_a_nonce_may_be_of_any_printable_characters(door, nonce):
    first, again = push(door, nonce=nonce), push(door, nonce=nonce)

    assert (first.status_code, told(again)) == (202, (401, "bad_signature"))


def test_a_nonce_is_used_once(door):
    first, second = push(door), push(door)
    other = push(door, nonce=NONCE + "-2")

    assert (first.status_code, told(second), other.status_code) == (
        202,
        (401, "bad_signature"),
        202,
    )


def test_a_nonce_is_forgotten_only_when_its_signature_is_over(door):
    headers = door.signed("POST", PATH, BODY, created=door.clock() + timedelta(seconds=299))
    push(door, headers)

    door.clock.move(seconds=598)
    push(door, nonce=NONCE + "-2")

    assert told(push(door, headers)) == (401, "bad_signature")


@pytest.mark.parametrize("nonce", ["", "short", "x" * 129, "spaces are not allowed"])
def test_a_nonce_of_another_form_is_not_believed(door, nonce):
    assert told(push(door, nonce=nonce)) == (401, "bad_signature")


def test_a_key_outside_the_roster_is_not_believed(door):
    key = OKPKey.generate_key("Ed25519")

    assert told(push(door, key=key)) == (401, "bad_signature")


def test_a_transport_key_of_an_unknown_kind_is_passed_over(door):
    adopted = a_roster(door.partner, version=2)
    listed = {"kty": "EC", "crv": "SM2", "x": "x", "y": "y", "kid": "k", "nbf": 0, "exp": 9}
    keys = (*adopted.cities[0].transport_keys, listed)
    city = replace(adopted.cities[0], transport_keys=keys)
    with door.engine.begin() as connection:
        roster.adopt(connection, replace(adopted, cities=(city,)))

    assert roster.Roster(door.engine).find("k") is None
    assert push(door).status_code == 202


def test_an_attestation_key_signs_no_call(door):
    key = OKPKey.generate_key("Ed25519")
    with door.engine.begin() as connection:
        roster.adopt(connection, a_roster(door.partner, attestation_key=key, version=2))

    assert push(door).status_code == 202
    assert told(push(door, key=key, nonce=NONCE + "-2")) == (401, "bad_signature")


@pytest.mark.parametrize(("nbf", "exp"), [(60, 120), (-120, 0)])
def test_a_key_signs_calls_only_between_its_dates(door, nbf, exp):
    now = door.clock()
    dates = {"nbf": now + timedelta(seconds=nbf), "exp": now + timedelta(seconds=exp)}
    with door.engine.begin() as connection:
        roster.adopt(connection, a_roster(door.partner, version=2, **dates))

    assert told(push(door)) == (401, "bad_signature")


def test_the_dates_of_a_key_count_at_the_moment_of_the_call(door):
    dates = {"exp": door.clock() + timedelta(seconds=60)}
    with door.engine.begin() as connection:
        roster.adopt(connection, a_roster(door.partner, version=2, **dates))
    first = push(door)

    door.clock.move(seconds=60)

    assert first.status_code == 202
    assert told(push(door, nonce=NONCE + "-2")) == (401, "bad_signature")


def test_beyond_the_grace_of_the_roster_no_call_is_believed(door):
    door.adopt(version=2, grace_until=door.clock() + timedelta(seconds=60))
    first = push(door)

    door.clock.move(seconds=60)
    answer = push(door, nonce=NONCE + "-2")

    assert first.status_code == 202
    assert told(answer) == (401, "bad_signature")
    assert answer.json["detail"] == "the roster of this gateway is over, and so is its grace"


def test_the_next_roster_brings_calls_back(door):
    door.adopt(version=2, grace_until=door.clock())
    assert told(push(door)) == (401, "bad_signature")

    door.adopt(version=3, grace_until=door.clock() + timedelta(days=30))

    assert push(door).status_code == 202


def test_a_roster_of_a_writer_that_does_not_tell_its_grace_has_no_end(door):
    door.clock.move(days=365)

    assert push(door).status_code == 202


def test_a_stranger_cannot_sign_under_a_roster_keys_name(door):
    headers = door.signed("POST", PATH, BODY, key=OKPKey.generate_key("Ed25519"))
    right = door.signed("POST", PATH, BODY)

    assert told(push(door, {**headers, "Signature-Input": right["Signature-Input"]})) == (
        401,
        "bad_signature",
    )


@pytest.mark.parametrize(
    "header",
    ["", "x", "sig1=()", 'sig1=("@method");created=1', 'sig1=();keyid="k"', "\x7f", "=" * 999],
)
def test_a_signature_that_cannot_be_read_is_not_believed(door, header):
    headers = {**door.signed("POST", PATH, BODY), "Signature-Input": header}

    assert push(door, headers).status_code == 401


@pytest.mark.parametrize("state", [CityState.LEFT, CityState.APPLIED])
def test_a_city_that_does_not_take_part_is_forbidden(door, state):
    door.adopt(state, version=2)

    assert told(push(door)) == (403, "forbidden")


def test_a_suspended_city_may_still_revoke(door):
    door.adopt(CityState.SUSPENDED, version=2)

    assert push(door).status_code == 202


def test_an_older_roster_changes_nothing(door):
    door.adopt(version=5)
    door.adopt(CityState.LEFT, version=4)

    assert push(door).status_code == 202


def test_a_key_that_left_the_roster_stops_at_once(door):
    headers = door.signed("POST", PATH, BODY)
    door.partner = OKPKey.generate_key("Ed25519")
    door.adopt(version=2)

    assert told(push(door, headers)) == (401, "bad_signature")


def test_a_city_sees_how_it_is_seen(door):
    answer = door.ask("GET", "/v1/membership", headers=door.signed("GET", "/v1/membership"))

    assert answer.json == {
        "city": PARTNER,
        "state": "online",
        "roster": 1,
        "roster_until": a_roster(door.partner).valid_until.isoformat().replace("+00:00", "Z"),
    }


def test_a_city_sees_a_statement_between_itself_and_this_one(door):
    statement = Statement(
        period="2026-11",
        home="410100",
        host="330100",
        issued=0,
        redeemed=0,
        expired=0,
        revoked=0,
        redeemed_fen=0,
        digest="0",
        lines=(),
    )
    door.bus.answer(DrawStatement, statement)

    answer = door.ask("GET", STATEMENT, headers=door.signed("GET", STATEMENT))

    assert (answer.status_code, answer.json["home"]) == (200, "410100")


@pytest.mark.parametrize(
    ("home", "host"), [("410100", "350100"), ("350100", "330100"), ("330100", "330100")]
)
def test_a_city_sees_no_statement_of_others(door, home, host):
    path = f"/v1/statements/2026-11?home={home}&host={host}"

    answer = door.ask("GET", path, headers=door.signed("GET", path))

    assert told(answer) == (403, "forbidden")
    assert not door.bus.sent
