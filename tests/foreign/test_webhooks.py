"""An operator with the library of the Standard Webhooks specification believes ours, and no others.

The library looks at the machine's clock, so deliveries here are of just now.
"""

import base64
import json
import secrets
import subprocess
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from services.gateway.adapters.webhooks import Webhook
from services.gateway.courier.bodies import webhook_body
from services.gateway.courier.signing import webhook_headers
from services.plumbing.clock import utc_now
from tests.builders.gateway_events import redeemed

pytestmark = pytest.mark.gateway

HERE = Path(__file__).parent


def a_secret():
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


WEBHOOK = Webhook(url="https://operator.example/hook", secret=a_secret())
BODY = webhook_body(redeemed(), city="330100")


def verify(body=BODY, *, secret=WEBHOOK.secret, by=WEBHOOK, ago=timedelta(0), **headers):
    """Sign the body that is meant, and let the library see one body and perhaps other headers."""
    sent_at = utc_now() - ago
    signed = webhook_headers(
        *by.signing(sent_at), message_id=str(uuid4()), sent_at=sent_at, body=BODY.encode()
    )
    asked = {"secret": secret, "headers": {**signed, **headers}, "body": body}
    answer = subprocess.run(
        ["node", HERE / "webhook.mjs"],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(answer.stdout)


def test_an_operator_believes_what_was_sent():
    assert verify() == {"ok": True, "event": json.loads(BODY)}


@pytest.mark.parametrize("which", ["secret", "old_secret"])
def test_during_a_rotation_it_believes_by_either_secret(which):
    rotated = replace(
        WEBHOOK,
        secret=a_secret(),
        old_secret=WEBHOOK.secret,
        old_until=utc_now() + timedelta(hours=1),
    )

    assert verify(by=rotated, secret=getattr(rotated, which))["ok"]


@pytest.mark.parametrize(
    "other",
    [
        {"body": BODY.replace("redeemed", "issued")},
        {"secret": a_secret()},
        {"ago": timedelta(minutes=6)},
        {"webhook-id": str(uuid4())},
    ],
    ids=["another body", "another secret", "long ago", "another id"],
)
def test_it_believes_nothing_else(other):
    found = verify(**other)

    assert not found["ok"]
