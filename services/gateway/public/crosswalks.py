"""Crosswalks, as their parties signed them; each is asked for once and kept for a moment."""

from datetime import timedelta
from typing import Final

from contracts.crosswalks import CrosswalkDocument, ShowCrosswalk
from services.gateway.authentication.callers import Anyone
from services.gateway.calls import Bus, Call, Content
from services.plumbing.clock import Clock

ALLIANCE: Final = "alliance"
KEPT: Final = timedelta(seconds=30)
MOST_KEPT: Final = 64

_BRIEFLY = {"Cache-Control": "public, max-age=60"}


class Crosswalks:
    """Serves what recognition keeps."""

    def __init__(self, bus: Bus, clock: Clock) -> None:
        self._bus, self._clock = bus, clock
        self._kept: dict[ShowCrosswalk, CrosswalkDocument] = {}
        self._until = clock()

    def show_crosswalk(self, call: Call[Anyone, None]) -> Content:
        found = self._find(ShowCrosswalk(table=ALLIANCE), call)
        return Content(found.document.encode("ascii") + b"\n", headers=_BRIEFLY)

    def show_crosswalk_text(self, call: Call[Anyone, None]) -> Content:
        found = self._find(ShowCrosswalk(table=ALLIANCE), call)
        return Content(found.draft.encode(), headers=_BRIEFLY)

    def show_crosswalk_version(self, call: Call[Anyone, None]) -> Content:
        wanted = ShowCrosswalk(table=call.path["crosswalk"], version=call.query["version"])
        found = self._find(wanted, call)
        return Content(found.document.encode("ascii") + b"\n", headers=_BRIEFLY)

    def _find(self, wanted: ShowCrosswalk, call: Call[Anyone, None]) -> CrosswalkDocument:
        now = self._clock()
        if now >= self._until or len(self._kept) >= MOST_KEPT:
            self._kept, self._until = {}, now + KEPT
        if wanted not in self._kept:
            self._kept[wanted] = self._bus.call(wanted, cause=call.cause)
        return self._kept[wanted]
