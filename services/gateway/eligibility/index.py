"""The hot path: what may this holder take?  One row read, the rest is in memory."""

import json
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

from contracts.errors import Refused, Unavailable
from contracts.periods import period_name
from contracts.words import Category, Period
from services.gateway.authentication.callers import Holder
from services.gateway.eligibility.catalogue import Catalogue, read_catalogue
from services.gateway.eligibility.conditions import Asked, Circumstances, Held
from services.gateway.eligibility.evaluate import Standing
from services.gateway.eligibility.pages import Page, write_page
from services.gateway.eligibility.rows import Row, Rows
from services.plumbing.clock import Clock

WAIT_STEP: Final = 0.02
REMEMBERED_PAGES: Final = 512

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_SECOND: Final = 1_000_000  # microseconds
_DAY: Final = 24 * 3600 * _SECOND


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
        self._catalogue = Catalogue(version=-1, entries=(), asked=Asked())
        self._page = lru_cache(REMEMBERED_PAGES)(self._write_page)

    def answer(
        self, holder: Holder, category: Category | None, district: str | None = None
    ) -> bytes:
        """Return an EligibilityAnswer as JSON, for use in a district where one is named.

        Raise Unavailable("not_yet_visible") when the recognition behind the session has not
        arrived here in time, Refused("recognition_ended") when it stands no longer.
        """
        row = self._row(holder)
        version, tier, home, purposes, recognised_us, until_us, ended = row[:7]
        usage, suspended, tiers, attested_us, held = row[7:]
        now_us = to_microseconds(self._clock())
        if ended or now_us >= until_us:
            raise Refused("recognition_ended")
        asked = self._entries(version).asked
        age_days = max(0, now_us - (attested_us or recognised_us)) // _DAY
        seen = asked.narrow(home, age_days, district)
        standing = (tier, tiers, purposes, bool(suspended), seen.home, seen.age_days, seen.district)
        page = self._page(version, -(-now_us // _SECOND), standing, category)
        if usage == held == "{}":
            offers: Sequence[bytes | memoryview] = (page.text,)
        else:
            offers = page.parts_for(json.loads(usage), _read_held(held, now_us))
        head = (
            f'{{"tier":{tier},"tiers":{_category_tiers(tiers)},'
            f'"home":"{home}","until":"{_text(until_us)}","offers":['
        )
        return b"".join((head.encode(), *offers, b"]}"))

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
        standing: tuple[int, str, str, bool, str, int, str | None],
        category: Category | None,
    ) -> Page:
        tier, tiers, purposes, suspended, home, age_days, district = standing
        at = datetime.fromtimestamp(second, UTC)
        known = self._entries(version)
        return write_page(
            known.entries,
            Standing(
                tier=tier,
                tiers=json.loads(tiers),
                purposes=frozenset(json.loads(purposes)),
                suspended=suspended,
                seen=Circumstances(home=home, age_days=age_days, district=district),
            ),
            category,
            by_grants=known.asked.by_grants,
            at=at,
            periods={period: period_name(period, at) for period in Period},
        )

    def _entries(self, version: int) -> Catalogue:
        if self._catalogue.version != version:
            self._catalogue = read_catalogue(version, self._rows.catalogue(), self._rows.counts())
        return self._catalogue


def _read_held(text: str, now_us: int) -> Held:
    """Read which open grants a holder has whose time is not up; held.py writes them."""
    written: dict[str, tuple[int, list[str]]] = json.loads(text)
    return {
        incentive_id: frozenset(excludes)
        for incentive_id, (until_us, excludes) in written.items()
        if until_us > now_us
    }


@lru_cache(maxsize=4096)
def _text(microseconds: int) -> str:
    moment = _EPOCH + microseconds * _MICROSECOND
    return moment.isoformat().replace("+00:00", "Z")


@lru_cache(maxsize=4096)
def _category_tiers(tiers: str) -> str:
    """Write CategoryTiers of a holder's row."""
    written = [{"category": name, "tier": tier} for name, tier in json.loads(tiers).items()]
    return json.dumps(written, separators=(",", ":"))
