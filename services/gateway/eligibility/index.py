"""The hot path: what may this holder take?  One row read, the rest is in memory."""

import json
import threading
import time
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

from contracts.errors import Refused, Unavailable
from contracts.periods import period_name
from contracts.words import Category, Period
from services.gateway.authentication.callers import Holder
from services.gateway.eligibility.catalogue import Entry, read_entries
from services.gateway.eligibility.evaluate import Standing
from services.gateway.eligibility.pages import Page, write_page
from services.gateway.eligibility.rows import Row, Rows
from services.plumbing.clock import Clock

WAIT_STEP: Final = 0.02
REMEMBERED_PAGES: Final = 512

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_SECOND: Final = 1_000_000  # microseconds


def to_microseconds(moment: datetime) -> int:
    """Count microseconds since 1970, exactly."""
    return (moment - _EPOCH) // _MICROSECOND


class EligibilityIndex:
    """Invariant: an answer rests on the newest row and the catalogue version read with it.

    Offers are judged as of the end of the running second, so that those of one tier and the same
    purposes share work, and what was published just now is on offer.
    """

    def __init__(self, rows: Rows, clock: Clock, turn: threading.Lock, longest_wait: float) -> None:
        """Take the lock that whoever asks holds for the whole request.

        `longest_wait` is how many seconds a recognition may take to arrive here.

        SQLite gives up the interpreter's lock at each read; among threads that read side by side
        each read then costs a change of thread (docs/performance.md).
        """
        self._rows, self._clock, self._turn = rows, clock, turn
        self._longest_wait = longest_wait
        self._catalogue: tuple[int, tuple[Entry, ...]] = (-1, ())
        self._page = lru_cache(REMEMBERED_PAGES)(self._write_page)

    def answer(self, holder: Holder, category: Category | None) -> bytes:
        """Return an EligibilityAnswer as JSON.

        Raise Unavailable("not_yet_visible") when the recognition behind the session has not
        arrived here in time, Refused("recognition_ended") when it stands no longer.
        """
        row = self._row(holder)
        version, tier, home, purposes, _, until_us, ended, usage, suspended, tiers = row
        now_us = to_microseconds(self._clock())
        if ended or now_us >= until_us:
            raise Refused("recognition_ended")
        standing = (tier, tiers, purposes, bool(suspended))
        page = self._page(version, -(-now_us // _SECOND), standing, category)
        offers = page.text if usage == "{}" else page.text_for(json.loads(usage))
        head = (
            f'{{"tier":{tier},"tiers":{_category_tiers(tiers)},'
            f'"home":"{home}","until":"{_text(until_us)}","offers":['
        )
        return head.encode() + offers + b"]}"

    def _row(self, holder: Holder) -> Row:
        """Return the holder's row as soon as it reflects the session's recognition."""
        needed = to_microseconds(holder.recognised_at)
        waited = 0.0
        while True:
            row = self._rows.holder(holder.holder)
            recognised_us = row[4]
            if recognised_us is not None and recognised_us >= needed:
                return row
            if waited >= self._longest_wait:
                raise Unavailable("not_yet_visible")
            self._rest(WAIT_STEP)
            waited += WAIT_STEP

    def _rest(self, seconds: float) -> None:
        """Sleep, and let others have their turn meanwhile."""
        self._turn.release()
        try:
            time.sleep(seconds)
        finally:
            self._turn.acquire()

    def _write_page(
        self,
        version: int,
        second: int,
        standing: tuple[int, str, str, bool],
        category: Category | None,
    ) -> Page:
        tier, tiers, purposes, suspended = standing
        at = datetime.fromtimestamp(second, UTC)
        return write_page(
            self._entries(version),
            Standing(
                tier=tier,
                tiers=json.loads(tiers),
                purposes=frozenset(json.loads(purposes)),
                suspended=suspended,
            ),
            category,
            at=at,
            periods={period: period_name(period, at) for period in Period},
        )

    def _entries(self, version: int) -> tuple[Entry, ...]:
        known, entries = self._catalogue
        if known != version:
            entries = read_entries(self._rows.catalogue())
            self._catalogue = (version, entries)
        return entries


@lru_cache(maxsize=4096)
def _text(microseconds: int) -> str:
    moment = _EPOCH + microseconds * _MICROSECOND
    return moment.isoformat().replace("+00:00", "Z")


@lru_cache(maxsize=4096)
def _category_tiers(tiers: str) -> str:
    """Write CategoryTiers of a holder's row."""
    written = [{"category": name, "tier": tier} for name, tier in json.loads(tiers).items()]
    return json.dumps(written, separators=(",", ":"))
