"""Signed calls to other cities that want an answer: bounded in time and size, no redirect."""

import secrets
import time
from dataclasses import dataclass
from typing import Final

import requests

from services.gateway.authentication.signatures import sign
from services.gateway.keys import TransportKey
from services.plumbing.clock import Clock

LARGEST_ANSWER: Final = 8 * 1024 * 1024  # bytes
PIECE: Final = 64 * 1024
WHOLE: Final = 3  # timeouts that a whole answer may take


class NoAnswer(Exception):
    """The other side did not answer in time, or with what cannot be an answer."""


@dataclass(frozen=True)
class Answer:
    """What came back, whatever its status."""

    status: int
    body: bytes


@dataclass(frozen=True, kw_only=True)
class CityCalls:
    """Invariant: every call is signed by this city's transport key (RFC 9421)."""

    session: requests.Session
    transport_key: TransportKey
    clock: Clock
    timeout: float

    def ask(self, method: str, url: str, body: bytes = b"", content_type: str = "") -> Answer:
        """Call another city; raise NoAnswer."""
        headers = {"User-Agent": "huxin-courier", "Accept-Encoding": "identity"}
        if body:
            headers["Content-Type"] = content_type
        try:
            request = requests.Request(method, url, data=body or None, headers=headers).prepare()
            nonce = secrets.token_urlsafe(16)
            sign(request, key=self.transport_key, now=self.clock(), nonce=nonce)
            with self.session.send(
                request, timeout=self.timeout, allow_redirects=False, stream=True
            ) as response:
                return Answer(response.status_code, self._read(response))
        except (requests.RequestException, ValueError) as error:
            raise NoAnswer(type(error).__name__) from error

    def _read(self, response: requests.Response) -> bytes:
        body, deadline = bytearray(), time.monotonic() + WHOLE * self.timeout
        for piece in response.iter_content(PIECE):
            body += piece
            if len(body) > LARGEST_ANSWER or time.monotonic() > deadline:
                raise NoAnswer("the answer is too long")
        return bytes(body)
