"""Partners' status lists, fetched over HTTP and cached for as long as they say.

A partner that does not answer must not stop the city: its last list is believed for a bounded
grace, and it is not asked again at every presentation meanwhile.  How old the word was stays
visible in each recognition.
"""

import threading
from collections import defaultdict
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from time import monotonic
from typing import Final

import requests
import structlog
from urllib3.exceptions import HTTPError

from contracts.errors import ContractError, Unavailable
from services.plumbing.clock import Clock
from services.recognition.domain.attestation import StatusEntry
from services.recognition.domain.jws import LARGE, Signatures
from services.recognition.domain.roster import City, Roster
from services.recognition.domain.status_list import TYPE, StatusToken, read_status_list
from services.recognition.domain.verification import StatusReading

CONNECT_SECONDS: Final = 2.0
READ_SECONDS: Final = 3.0  # between two pieces
WHOLE_SECONDS: Final = 5.0  # for all of it, so that a drip does not hold anybody up
PIECE: Final = 64 * 1024
RETRY: Final = timedelta(seconds=30)  # how long a partner that failed is left alone

log = structlog.get_logger()


class HttpStatuses:
    """Invariant: each reading was signed by the city that serves the list, whoever carried it.

    While one presentation fetches a list, others that need the same list wait for that fetch.
    """

    def __init__(
        self,
        *,
        roster: Callable[[], Roster],
        signatures: Signatures,
        clock: Clock,
        grace: timedelta,
        whole_seconds: float = WHOLE_SECONDS,
    ) -> None:
        self._roster, self._signatures, self._clock = roster, signatures, clock
        self._grace, self._whole_seconds = grace, whole_seconds
        self._session = requests.Session()
        self._session.trust_env = False  # no proxy or netrc of the environment
        self._lists: dict[str, StatusToken] = {}
        self._left_alone_until: dict[str, datetime] = {}
        self._fetching: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    def read(self, entry: StatusEntry) -> StatusReading | None:
        """Say what is known of an entry; None when no list could be had or it has no such entry."""
        with self._fetching[entry.uri]:
            self._refresh(entry.uri)
        known = self._lists.get(entry.uri)
        if known is None or entry.index >= len(known.statuses):
            return None
        return StatusReading(
            value=known.statuses[entry.index],
            as_of=known.issued_at,
            fresh_until=known.fresh_until + self._grace,
        )

    def _refresh(self, uri: str) -> None:
        now, known = self._clock(), self._lists.get(uri)
        if known is not None and now < known.fresh_until:
            return
        if now < self._left_alone_until.get(uri, now):
            return
        city = _server(uri, self._roster())
        if city is None:
            return
        try:
            self._lists[uri] = self._fetch(uri, city)
            self._left_alone_until.pop(uri, None)
        except (requests.RequestException, HTTPError, OSError, ContractError) as error:
            self._left_alone_until[uri] = self._clock() + RETRY
            log.warning("status_list_not_fetched", city=city.code, error=_name(error))

    def _fetch(self, uri: str, city: City) -> StatusToken:
        """Fetch and check a list; raises ContractError, or what requests and urllib3 raise."""
        deadline = monotonic() + self._whole_seconds
        response = self._session.get(
            uri,
            headers={"Accept": f"application/{TYPE}", "Accept-Encoding": "identity"},
            timeout=(CONNECT_SECONDS, READ_SECONDS),
            allow_redirects=False,  # the roster says where a city is, nobody else
            stream=True,
        )
        with closing(response):
            if response.status_code != requests.codes.ok:
                raise Unavailable("unavailable", f"status {response.status_code}")
            text = bytearray()
            while piece := response.raw.read1(PIECE):  # what is there, without waiting for more
                text += piece
                if len(text) > LARGE:
                    raise Unavailable("unavailable", "more than a status list")
                if monotonic() > deadline:
                    raise Unavailable("unavailable", "too slow")
        return read_status_list(
            text.decode("ascii", "replace"),
            uri=uri,
            city=city,
            signatures=self._signatures,
            now=self._clock(),
        )


def _server(uri: str, roster: Roster) -> City | None:
    return next((city for city in roster.cities.values() if city.serves(uri)), None)


def _name(error: Exception) -> str:
    return str(error) if isinstance(error, ContractError) else type(error).__name__
