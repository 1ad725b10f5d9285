"""Webhook signatures by the Standard Webhooks specification (standardwebhooks.com), scheme v1."""

import base64
import hashlib
import hmac
from datetime import datetime

PREFIX = "whsec_"


def webhook_headers(
    *secrets: str, message_id: str, sent_at: datetime, body: bytes
) -> dict[str, str]:
    """Return the headers that let an operator check who sent a body, and when.

    During a rotation there are two secrets, and a signature by each.
    """
    timestamp = str(int(sent_at.timestamp()))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(f"v1,{_signature(each, signed)}" for each in secrets),
    }


def _signature(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode("ascii")
