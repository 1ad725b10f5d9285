"""What the alliance signed, handed on to whoever asks, and where its cities stand."""

from datetime import datetime, timedelta
from typing import Final

from contracts.errors import Unavailable
from contracts.http import CitiesAnswer
from contracts.membership import AllianceDocument, DocumentKind, ShowAllianceDocument
from contracts.words import CityState
from services.gateway.adapters.memberships import MembershipLog
from services.gateway.authentication.callers import Anyone
from services.gateway.calls import Bus, Call, Content
from services.plumbing.clock import Clock

KEPT: Final = timedelta(seconds=60)
_BRIEFLY: Final = {"Cache-Control": "public, max-age=60"}


class Alliance:
    """Serves documents to the letter, as this node goes by them.

    A document is asked for once a minute; while recognition is away, the last one serves on.
    """

    def __init__(self, bus: Bus, log: MembershipLog, clock: Clock) -> None:
        self._bus, self._log, self._clock = bus, log, clock
        self._kept: dict[DocumentKind, tuple[AllianceDocument, datetime]] = {}

    def show_roster(self, call: Call[Anyone, None]) -> Content:
        return self._show(DocumentKind.ROSTER, call)

    def show_pseudonym_keys(self, call: Call[Anyone, None]) -> Content:
        return self._show(DocumentKind.PSEUDONYM_KEYS, call)

    def list_cities(self, call: Call[Anyone, None]) -> CitiesAnswer:
        at = call.query["at"] or self._clock()
        cities = self._log.at(at)
        online = sum(city.state is CityState.ONLINE for city in cities)
        return CitiesAnswer(at=at, online=online, cities=cities)

    def _show(self, kind: DocumentKind, call: Call[Anyone, None]) -> Content:
        text = self._find(kind, call).text
        return Content(text.encode("ascii") + b"\n", headers=_BRIEFLY)

    def _find(self, kind: DocumentKind, call: Call[Anyone, None]) -> AllianceDocument:
        now, (known, until) = self._clock(), self._kept.get(kind, (None, None))
        if known is not None and until is not None and now < until:
            return known
        try:
            asked: AllianceDocument = self._bus.call(
                ShowAllianceDocument(kind=kind), cause=call.cause
            )
        except Unavailable:
            if known is None:
                raise
            return known
        self._kept[kind] = (asked, now + KEPT)
        return asked
