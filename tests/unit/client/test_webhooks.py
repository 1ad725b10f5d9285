"""An operator's server believes what its gateway sent, as the courier signs it."""

from datetime import UTC, datetime, timedelta

import pytest

from huxin_client import NotGenuine, Webhooks
from services.gateway.courier.signing import webhook_headers

pytestmark = pytest.mark.gateway

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
NOW = datetime(2026, 11, 29, 8, 0, tzinfo=UTC)
BODY = b'{"name": "scenarios.grant.redeemed.v1"}'


def headers(*, secret=SECRET, sent_at=NOW, body=BODY):
    return webhook_headers(secret, message_id="m-1", sent_at=sent_at, body=body)


def read(given, body=BODY, secrets=(SECRET,)):
    return Webhooks(*secrets).read(given, body, now=NOW.timestamp())


def test_what_the_gateway_signed_is_read():
    assert read(headers())["name"] == "scenarios.grant.redeemed.v1"


def test_headers_are_known_whatever_their_case():
    assert read({name.title(): value for name, value in headers().items()})


def test_during_a_rotation_either_secret_holds():
    assert read(headers(secret=OTHER), secrets=(SECRET, OTHER))


@pytest.mark.parametrize(
    ("given", "body"),
    [
        (headers(), b'{"name": "scenarios.grant.redeemed.v2"}'),
        (headers(secret=OTHER), BODY),
        (headers(sent_at=NOW - timedelta(minutes=6)), BODY),
        (headers(sent_at=NOW + timedelta(minutes=6)), BODY),
        (headers() | {"webhook-id": "m-2"}, BODY),
        (headers() | {"webhook-signature": ""}, BODY),
        (headers() | {"webhook-signature": "v1,é"}, BODY),
        (headers() | {"webhook-timestamp": "now"}, BODY),
        (headers() | {"webhook-timestamp": "9" * 4000}, BODY),
        ({}, BODY),
    ],
    ids=[
        "body",
        "secret",
        "old",
        "early",
        "id",
        "unsigned",
        "no ascii",
        "no time",
        "far",
        "no headers",
    ],
)
def test_anything_else_is_not_believed(given, body):
    with pytest.raises(NotGenuine):
        read(given, body)


@pytest.mark.parametrize(
    "secrets", [("whsec_?",), ("",), ("whsec_",), (SECRET.removeprefix("whsec_"),), ()]
)
def test_what_is_no_secret_is_refused(secrets):
    with pytest.raises(ValueError, match="secret"):
        Webhooks(*secrets)
