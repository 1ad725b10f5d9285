"""Webhook signatures by the Standard Webhooks specification (standardwebhooks.com), scheme v1."""

import base64
import hashlib
import hmac
from datetime import datetime

PREFIX = "whsec_"


def webhook_headers(
    secret: str, *, message_id: str, sent_at: datetime, body: bytes
) -> dict[str, str]:
    """Return the headers that let an operator check who sent a body, and when."""
    timestamp = str(int(sent_at.timestamp()))
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{message_id}.{timestamp}.".encode() + body
    signature = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode("ascii")
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{signature}",
    }
