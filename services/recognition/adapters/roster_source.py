"""The roster this node goes by, and how old that word is: two gauges tell of it."""

from dataclasses import replace
from typing import Final

from prometheus_client import Gauge

from services.plumbing.clock import Clock
from services.recognition.adapters.alliance_source import AllianceSource
from services.recognition.domain.document import Document
from services.recognition.domain.roster import Roster

ENDS_SECONDS: Final = Gauge(
    "huxin_roster_ends_seconds", "Until the roster's end; below 0 its grace carries it", ["city"]
)
READ_AGE_SECONDS: Final = Gauge(
    "huxin_roster_read_age_seconds", "Since a source last had the roster in use", ["city"]
)


class RosterGauges:
    """Sets the gauges of a city whenever its sources were asked."""

    def __init__(self, city: str, clock: Clock) -> None:
        self._ends, self._read_age = ENDS_SECONDS.labels(city), READ_AGE_SECONDS.labels(city)
        self._clock = clock

    def __call__(self, document: Document[Roster]) -> None:
        now = self._clock()
        self._ends.set((document.content.valid_until - now).total_seconds())
        self._read_age.set((now - document.as_of).total_seconds())


class RosterInUse:
    """Answers with the roster the node goes by, and as of when that is the alliance's word."""

    def __init__(self, source: AllianceSource[Roster]) -> None:
        self._source = source

    def __call__(self) -> Roster:
        document = self._source.start()
        return replace(document.content, as_of=document.as_of)
