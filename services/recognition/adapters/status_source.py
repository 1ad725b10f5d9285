"""Partners' status lists, fetched over HTTP and cached for as long as they say.

A partner that does not answer must not stop the city: its last list is believed for a bounded
grace, and it is not asked again at every presentation meanwhile.  How old the word was stays
visible in each recognition.
"""

import re
import threading
from collections import OrderedDict, defaultdict
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from typing import Final

import requests
import structlog
from urllib3.exceptions import HTTPError

from contracts.errors import ContractError, Unavailable
from services.plumbing.clock import Clock
from services.plumbing.green import eventlet
from services.recognition.domain.attestation import StatusEntry
from services.recognition.domain.jws import LARGE, Signatures
from services.recognition.domain.roster import City, Roster
from services.recognition.domain.status_list import TYPE, StatusToken, read_status_list
from services.recognition.domain.verification import StatusReading

CONNECT_SECONDS: Final = 2.0
READ_SECONDS: Final = 3.0  # between two pieces
WHOLE_SECONDS: Final = 5.0  # for all of it, so that a drip does not hold anybody up
PIECE: Final = 64 * 1024
RETRY: Final = timedelta(seconds=30)  # how long a city that failed is left alone
LISTS_KEPT: Final = 256  # of at most 128 KiB each
_LIST: Final = re.compile(r"/v1/status-lists/(0|[1-9][0-9]{0,8})")

log = structlog.get_logger()


class HttpStatuses:
    """Invariant: each reading was signed by the city that serves the list, whoever carried it.

    A city is asked by one presentation at a time.  Others go by the list that is known, if it is
    still believed; otherwise they wait for that answer.
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
        self._lists: OrderedDict[str, StatusToken] = OrderedDict()  # used last comes last
        self._left_alone_until: dict[str, datetime] = {}  # by city
        self._asking: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)  # by city

    def read(self, entry: StatusEntry) -> StatusReading | None:
        """Say what is known of an entry; None when no list could be had or it has no such entry."""
        city = _server(entry.uri, self._roster())
        if city is None:
            return None
        asking = self._asking[city.code]
        if asking.acquire(blocking=not self._is_believed(entry.uri)):
            try:
                self._refresh(entry.uri, city)
            finally:
                asking.release()
        known = self._lists.get(entry.uri)
        if known is None or entry.index >= len(known.statuses):
            return None
        self._lists.move_to_end(entry.uri)
        return StatusReading(
            value=known.statuses[entry.index],
            as_of=known.issued_at,
            fresh_until=known.fresh_until + self._grace,
        )

    def _is_believed(self, uri: str) -> bool:
        known = self._lists.get(uri)
        return known is not None and self._clock() < known.fresh_until + self._grace

    def _refresh(self, uri: str, city: City) -> None:
        now, known = self._clock(), self._lists.get(uri)
        if known is not None and now < known.fresh_until:
            return
        if now < self._left_alone_until.get(city.code, now):
            return
        try:
            self._keep(uri, self._fetch(uri, city))
            self._left_alone_until.pop(city.code, None)
        except (requests.RequestException, HTTPError, OSError, ContractError) as error:
            self._left_alone_until[city.code] = self._clock() + RETRY
            log.warning("status_list_not_fetched", city=city.code, error=_name(error))

    def _keep(self, uri: str, known: StatusToken) -> None:
        self._lists[uri] = known
        while len(self._lists) > LISTS_KEPT:
            self._lists.popitem(last=False)

    def _fetch(self, uri: str, city: City) -> StatusToken:
        """Fetch and check a list; raises ContractError, or what requests and urllib3 raise."""
        # Not `timeout` alone: that counts from byte to byte, and headers may come drop by drop.
        with eventlet.Timeout(self._whole_seconds, Unavailable("unavailable", "too slow")):
            text = self._download(uri)
        return read_status_list(
            text, uri=uri, city=city, signatures=self._signatures, now=self._clock()
        )

    def _download(self, uri: str) -> str:
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
        return text.decode("ascii", "replace")


def _server(uri: str, roster: Roster) -> City | None:
    """Find the city whose list this is, by the one way in which every gateway names its lists."""
    for city in roster.cities.values():
        if city.serves(uri) and _LIST.fullmatch(uri.removeprefix(city.gateway.rstrip("/"))):
            return city
    return None


def _name(error: Exception) -> str:
    return str(error) if isinstance(error, ContractError) else type(error).__name__
