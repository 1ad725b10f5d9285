"""Partners' status lists, fetched over HTTP and cached for as long as they say.

A partner that does not answer must not stop the city: its last list is believed for a bounded
grace, and it is not asked again at every presentation meanwhile: the longer it is away, the less.
How old the word was stays visible in each recognition.
"""

import re
import threading
from collections import OrderedDict, defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import structlog

from contracts.errors import ContractError
from services.plumbing.clock import Clock
from services.recognition.adapters.downloads import WHOLE_SECONDS, Downloads
from services.recognition.domain.attestation import StatusEntry
from services.recognition.domain.jws import Signatures
from services.recognition.domain.roster import City, Roster
from services.recognition.domain.status_list import (
    TYPE,
    StatusReading,
    StatusToken,
    read_status_list,
)

SHORTEST: Final = timedelta(seconds=1)  # how long a city that failed is left alone at first
LONGEST: Final = timedelta(seconds=30)  # and when it has failed again and again
LISTS_KEPT: Final = 256  # of 32 KiB each as our own nodes make them, of at most MAX_BYTES
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
        renewed_after: timedelta | None = None,
        whole_seconds: float = WHOLE_SECONDS,
    ) -> None:
        self._roster, self._signatures, self._clock = roster, signatures, clock
        self._grace, self._renewed_after = grace, renewed_after
        self._downloads = Downloads(whole_seconds)
        self._lists: OrderedDict[str, StatusToken] = OrderedDict()  # used last comes last
        self._left_alone: dict[str, tuple[datetime, timedelta]] = {}  # by city: till when, how long
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
            fresh_until=known.fresh_until,
            grace=self._grace,
        )

    def _is_believed(self, uri: str) -> bool:
        known = self._lists.get(uri)
        return known is not None and self._clock() < known.fresh_until + self._grace

    def _refresh(self, uri: str, city: City) -> None:
        now, known = self._clock(), self._lists.get(uri)
        if known is not None and now < self._renewed_at(known):
            return
        until, pause = self._left_alone.get(city.code, (now, timedelta()))
        if now < until:
            return
        try:
            self._keep(uri, self._fetch(uri, city))
            self._left_alone.pop(city.code, None)
        except ContractError as error:
            pause = min(max(2 * pause, SHORTEST), LONGEST)
            self._left_alone[city.code] = self._clock() + pause, pause
            log.warning("status_list_not_fetched", city=city.code, error=str(error))

    def _renewed_at(self, known: StatusToken) -> datetime:
        """Say when a list is asked for anew: at its end, or before it is too old for a rule."""
        if self._renewed_after is None:
            return known.fresh_until
        return min(known.fresh_until, known.issued_at + self._renewed_after)

    def _keep(self, uri: str, known: StatusToken) -> None:
        self._lists[uri] = known
        while len(self._lists) > LISTS_KEPT:
            self._lists.popitem(last=False)

    def _fetch(self, uri: str, city: City) -> StatusToken:
        """Fetch and check a list; raises ContractError."""
        fetched = self._downloads.get(uri, accept=f"application/{TYPE}")
        return read_status_list(
            fetched.text, uri=uri, city=city, signatures=self._signatures, now=self._clock()
        )


def _server(uri: str, roster: Roster) -> City | None:
    """Find the city whose list this is, by the one way in which every gateway names its lists."""
    for city in roster.cities.values():
        if city.serves(uri) and _LIST.fullmatch(uri.removeprefix(city.gateway.rstrip("/"))):
            return city
    return None
