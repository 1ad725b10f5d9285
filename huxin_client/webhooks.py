"""What an operator's own server does with a webhook: believe it, once (Standard Webhooks)."""

import base64
import binascii
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from typing import Any, Final

TOLERANCE: Final = 300  # seconds between the sender's clock and ours
SHORTEST: Final = 24  # bytes of a secret, by the specification; an empty one would sign for anybody
PREFIX: Final = "whsec_"


class NotGenuine(Exception):
    """A body that the gateway did not send, or not now."""


class Webhooks:
    """Checks webhooks by the secret that the gateway gave; during a rotation by either secret."""

    def __init__(self, *secrets: str) -> None:
        """Take secrets of the form `whsec_…`; raise ValueError for another, or for none."""
        self._keys = [_key_of(each) for each in secrets]
        if not self._keys:
            raise ValueError("a secret is wanted")

    def read(
        self, headers: Mapping[str, str], body: bytes, *, now: float | None = None
    ) -> dict[str, Any]:
        """Return the event of a genuine webhook; raise NotGenuine.

        `webhook-id` is the same when the gateway sends it again: keep the ids you have seen.
        """
        given = {name.lower(): value for name, value in headers.items()}
        try:
            message, sent = given["webhook-id"], given["webhook-timestamp"]
            signatures, moment = given["webhook-signature"].split(), int(sent)
        except (KeyError, ValueError) as error:
            raise NotGenuine("headers are missing") from error
        if abs(int(time.time() if now is None else now) - moment) > TOLERANCE:
            raise NotGenuine("sent at another time")
        signed = f"{message}.{sent}.".encode() + body
        if not any(self._signs(key, signed, signatures) for key in self._keys):
            raise NotGenuine("no signature is right")
        event: dict[str, Any] = json.loads(body)
        return event

    @staticmethod
    def _signs(key: bytes, signed: bytes, signatures: list[str]) -> bool:
        right = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
        return any(
            hmac.compare_digest(each.encode(), f"v1,{right}".encode()) for each in signatures
        )


def _key_of(secret: str) -> bytes:
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError("a secret is `whsec_` and base64 密钥有误") from error
    if not secret.startswith(PREFIX) or len(key) < SHORTEST:
        raise ValueError(f"a secret is `whsec_` and base64 of {SHORTEST} bytes or more 密钥有误")
    return key
