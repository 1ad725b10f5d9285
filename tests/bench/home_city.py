"""A home city as a host sees it: attestations by its key, its status list, an ear for notices.

It stands in for a whole node, as what a home city computes is no part of a host's work.
"""

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from contracts.notices import USAGE_LINES_REPORTED
from contracts.pseudonyms import holder_of
from services.cli.demo.world import CityAccess
from services.plumbing.clock import utc_now
from services.recognition.adapters.keys import PrivateKey
from services.recognition.adapters.suites import SUITES, public_part
from services.recognition.domain import jws
from services.recognition.domain.attestation import Attestation, StatusEntry, issue
from services.recognition.domain.status_list import SIZE, StatusList, sign_status_list
from tests.bench.sender import Entry

LIFE = timedelta(days=30)
LIST_LIFE = timedelta(hours=1)
KEY = bytes(range(32))  # of the pseudonyms here
TIER, BAND = 4, "优秀"
PURPOSES = ("driving_school", "sports", "transport")
NOTICES = "/v1/notices"


class HomeCity:
    """Gives residents attestations for one host, each with a key of its holder's own.

    `told` are the ids of the usage lines that the host reported.
    """

    def __init__(self, access: CityAccess, audience: str) -> None:
        self.url, self._audience = access.url, audience
        self.told: set[str] = set()
        self._signer = PrivateKey.load(access.keys / "attestation.jwk")
        self._list_uri = f"{access.url}/v1/status-lists/0"

    def entries(self, count: int) -> list[Entry]:
        """Give so many residents, whom nobody has seen yet, what they need to enter the host."""
        return [self._entry() for _ in range(count)]

    def _entry(self) -> Entry:
        now, jwk = utc_now(), SUITES["ES256"].generate()
        attestation = Attestation(
            id=uuid4(),
            issuer=self.url,
            audience=self._audience,
            subject=holder_of(KEY, str(uuid4())),
            issued_at=now,
            expires_at=now + LIFE,
            holder_key=public_part(jwk),
            status=StatusEntry(self._list_uri, secrets.randbelow(SIZE)),
            crosswalk=1,
            tier=TIER,
            band=BAND,
            as_of=now - timedelta(days=1),
            purposes=PURPOSES,
        )
        credential = issue(
            attestation, signer=self._signer, make_salt=lambda: secrets.token_urlsafe(16)
        )
        return Entry(credential, jwk)

    def status_list(self) -> bytes:
        """Sign a list on which everything is valid."""
        return sign_status_list(
            StatusList.blank(),
            uri=self._list_uri,
            now=utc_now(),
            ttl=LIST_LIFE,
            signer=self._signer,
        ).encode()

    def take_notice(self, token: str) -> None:
        """Note which usage lines a notice reports."""
        for event, body in jws.read(token, limit=jws.LARGE).payload["events"].items():
            if event == USAGE_LINES_REPORTED:
                self.told.update(line["line_id"] for line in body["lines"])

    @contextmanager
    def open(self) -> Iterator[None]:
        """Answer at the city's address: the list to whoever asks, 202 to every notice."""
        city = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                self._answer(200, city.status_list())

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                if self.path == NOTICES:  # and not a poll, of which there are some, too
                    city.take_notice(body.decode("ascii"))
                self._answer(202, b"")

            def _answer(self, status: int, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing."""

        place = urlsplit(self.url)
        server = ThreadingHTTPServer((str(place.hostname), int(place.port or 80)), Handler)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            server.server_close()
