"""A device of an operator serves by its own check: as the city signs, once, in time."""

import base64
import json
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contracts.passes import PassKeySet
from huxin_client import NotGood, PassCheck
from huxin_client.passes import REDEEMED_UNTIL, TOLERANCE
from services.scenarios.adapters.pass_keys import PassKeys, public_jwk
from services.scenarios.domain.passes import GRACE, LIFETIME, SKEW, Pass, decode, encode, write_pass

pytestmark = pytest.mark.scenarios

KEY, OTHER_KEY = (Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (1, 2))
KEYS = PassKeySet(city="330100", keys=tuple(PassKeys("330100", [KEY]).published()))
NOW = datetime(2026, 11, 29, 8, 0, tzinfo=UTC)
SHOWN = {
    "id": "q0l8Ue3aKcR2",
    "city": "330100",
    "operator_id": "city-bikes",
    "grant_id": UUID(int=7),
    "incentive_id": "late-return",
    "benefit": "free_use",
    "uses": 3,
    "issued_at": NOW,
    "until": NOW + LIFETIME,
}


def a_token(key=KEY, kid=None, **overrides):
    return write_pass(Pass(**{**SHOWN, **overrides}), kid or public_jwk(key)["kid"], key.sign)


def signed(header, claims):
    """Sign whatever is said."""
    parts = (encode(json.dumps(part).encode()) for part in (header, claims))
    message = ".".join(parts)
    return f"{message}.{encode(KEY.sign(message.encode()))}"


HEADER, CLAIMS = (json.loads(decode(part)) for part in a_token().split(".")[:2])


def check(token, now=NOW):
    return PassCheck(KEYS, "city-bikes").check(token, now=now)


def why_not(token, now=NOW):
    with pytest.raises(NotGood) as refused:
        check(token, now)
    return refused.value.reason


def test_a_good_pass_says_what_to_serve():
    shown = check(a_token() + "\n")

    assert (shown.incentive_id, shown.benefit, shown.uses_left) == ("late-return", "free_use", 3)
    assert shown.grant_id == UUID(int=7)
    assert shown.redeem_by == NOW + LIFETIME + GRACE


def test_device_and_city_are_as_patient_as_each_other():
    assert (TOLERANCE, REDEEMED_UNTIL) == (SKEW, GRACE)


def test_clocks_may_differ_by_a_minute():
    assert check(a_token(), NOW - timedelta(seconds=60))
    assert why_not(a_token(), NOW - timedelta(seconds=61)) == "early"
    assert check(a_token(), NOW + LIFETIME + timedelta(seconds=59))
    assert why_not(a_token(), NOW + LIFETIME + timedelta(seconds=60)) == "over"


def test_a_pass_for_another_operator_is_not_served():
    assert why_not(a_token(operator_id="city-boats")) == "other_operator"


def test_a_pass_of_another_city_is_not_served():
    assert why_not(a_token(city="350100")) == "other_city"


def test_a_pass_by_a_foreign_key_is_unknown_whatever_kid_it_names():
    assert why_not(a_token(OTHER_KEY)) == "unknown"
    assert why_not(a_token(OTHER_KEY, kid=public_jwk(KEY)["kid"])) == "unknown"


def test_a_pass_is_served_once_while_it_is_good():
    device = PassCheck(KEYS, "city-bikes")
    device.check(a_token(), now=NOW)

    with pytest.raises(NotGood, match="seen"):
        device.check(a_token(), now=NOW + timedelta(minutes=5, seconds=30))
    assert device.check(a_token(id="other"), now=NOW)


def test_one_by_the_next_key_is_served_when_it_was_published():
    both = PassKeySet(city="330100", keys=tuple(PassKeys("330100", [KEY, OTHER_KEY]).published()))

    assert PassCheck(both, "city-bikes").check(a_token(OTHER_KEY), now=NOW)


@pytest.mark.parametrize(
    "header",
    [
        HEADER | {"typ": "huxin-trust-code+jwt"},
        HEADER | {"alg": "none"},
        HEADER | {"crit": ["exp"]},
        {"alg": "EdDSA", "typ": "pass+jwt"},
        [],
    ],
    ids=["type", "algorithm", "critical", "no key", "no object"],
)
def test_what_the_city_signed_as_something_else_is_no_pass(header):
    assert why_not(signed(header, CLAIMS)) == "unknown"


@pytest.mark.parametrize("name", CLAIMS)
def test_a_claim_that_is_missing_makes_it_no_pass(name):
    claims = {key: value for key, value in CLAIMS.items() if key != name}

    assert why_not(signed(HEADER, claims)) == "unknown"


def another_spelling(token):
    """Spell the last character so that it means the same bytes."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    other = token[:-1] + alphabet[alphabet.index(token[-1]) + 1]
    last = [each.rpartition(".")[2] + "==" for each in (token, other)]
    assert base64.urlsafe_b64decode(last[0]) == base64.urlsafe_b64decode(last[1])
    return other


@pytest.mark.parametrize(
    "token",
    ["", "..", "a.b.c", "é.é.é", a_token()[:-4], a_token() + ".x", another_spelling(a_token())],
)
def test_what_is_damaged_is_unknown(token):
    assert why_not(token) == "unknown"


def test_other_keys_are_refused_at_once():
    with pytest.raises(ValueError, match="Ed25519"):
        PassCheck(PassKeySet(city="330100", keys=({"kty": "EC"},)), "city-bikes")
