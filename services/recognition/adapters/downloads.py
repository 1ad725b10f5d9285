"""Small documents from other cities and the alliance, fetched so that nobody can hold us up."""

from contextlib import closing
from dataclasses import dataclass
from typing import Final

import requests
from urllib3.exceptions import HTTPError

from contracts.errors import Unavailable
from services.plumbing.green import eventlet
from services.recognition.domain.jws import LARGE

CONNECT_SECONDS: Final = 2.0
READ_SECONDS: Final = 3.0  # between two pieces
WHOLE_SECONDS: Final = 5.0  # for all of it, so that a drip does not hold anybody up
PIECE: Final = 64 * 1024


@dataclass(frozen=True)
class Download:
    """What was fetched, and the tag by which to ask whether it changed (RFC 9110 §8.8.3)."""

    text: str
    tag: str


class Downloads:
    """Invariant: no redirect, no proxy or netrc of the environment, no more than LARGE bytes."""

    def __init__(self, whole_seconds: float = WHOLE_SECONDS) -> None:
        self._whole_seconds = whole_seconds
        self._session = requests.Session()
        self._session.trust_env = False

    def get(self, url: str, *, accept: str, known: Download | None = None) -> Download:
        """Fetch a document; give back the known one when it has not changed since.

        Raises Unavailable saying what went wrong, in no words of the other side.
        """
        try:
            # Not `timeout` alone: that counts from byte to byte, and headers may come by drops.
            with eventlet.Timeout(self._whole_seconds, Unavailable("unavailable", "too slow")):
                return self._get(url, accept, known)
        except (requests.RequestException, HTTPError, OSError) as error:
            raise Unavailable("unavailable", type(error).__name__) from error

    def _get(self, url: str, accept: str, known: Download | None) -> Download:
        headers = {"Accept": accept, "Accept-Encoding": "identity"}
        response = self._session.get(
            url,
            headers={**headers, "If-None-Match": known.tag} if known and known.tag else headers,
            timeout=(CONNECT_SECONDS, READ_SECONDS),
            allow_redirects=False,  # the roster says where a city is, nobody else
            stream=True,
        )
        with closing(response):
            if known and response.status_code == requests.codes.not_modified:
                return known
            if response.status_code != requests.codes.ok:
                raise Unavailable("unavailable", f"status {response.status_code}")
            text = bytearray()
            while piece := response.raw.read1(PIECE):  # what is there, without waiting for more
                text += piece
                if len(text) > LARGE:
                    raise Unavailable("unavailable", "too large")
            return Download(text.decode("ascii", "replace"), response.headers.get("ETag", ""))
