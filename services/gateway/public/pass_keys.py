"""The keys by which devices of operators check passes offline."""

from datetime import datetime, timedelta
from typing import Final

from contracts.errors import Unavailable
from contracts.passes import PassKeySet, ShowPassKeys
from services.gateway.authentication.callers import Anyone
from services.gateway.calls import Bus, Call, Content
from services.gateway.json_text import to_json
from services.plumbing.clock import Clock

KEPT: Final = timedelta(seconds=60)
_FOR_AN_HOUR: Final = {"Cache-Control": "public, max-age=3600"}


class PassKeys:
    """Asked for once a minute; while scenarios is away, the last answer serves on."""

    def __init__(self, bus: Bus, clock: Clock) -> None:
        self._bus, self._clock = bus, clock
        self._kept: tuple[PassKeySet, datetime] | None = None

    def show_pass_keys(self, call: Call[Anyone, None]) -> Content:
        return Content(to_json(self._find(call)), headers=_FOR_AN_HOUR)

    def _find(self, call: Call[Anyone, None]) -> PassKeySet:
        now, kept = self._clock(), self._kept
        if kept and now < kept[1]:
            return kept[0]
        try:
            asked: PassKeySet = self._bus.call(ShowPassKeys(), cause=call.cause)
        except Unavailable:
            if kept is None:
                raise
            return kept[0]
        self._kept = (asked, now + KEPT)
        return asked
