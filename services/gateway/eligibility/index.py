"""The hot path: what may this holder take?  At most one row is read, the rest is in memory."""

import json
import threading
import time
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final, NamedTuple
from uuid import UUID

from contracts.errors import Refused, Unavailable
from contracts.periods import period_name
from contracts.words import Category, Period
from services.gateway.authentication.callers import Holder
from services.gateway.eligibility.catalogue import Catalogue, read_catalogue
from services.gateway.eligibility.conditions import Asked, Circumstances
from services.gateway.eligibility.evaluate import Standing
from services.gateway.eligibility.moments import DAY, SECOND, to_microseconds, to_text
from services.gateway.eligibility.pages import Page, write_page
from services.gateway.eligibility.remembered import Row
from services.gateway.eligibility.rows import Rows
from services.gateway.turns import Turn, may_wait
from services.gateway.waiting import Waiters
from services.plumbing.clock import Clock

WAIT_STEP: Final = 0.005  # for a row that is remembered until it changes: that costs nothing
ASK_STEP: Final = 0.02  # for what the database has to be asked each time
REMEMBERED_PAGES: Final = 512


class Group(NamedTuple):
    """What holders who are offered the same have in common; what no condition asks for is blank."""

    tier: int
    tiers: str
    purposes: str
    suspended: bool
    home: str
    age_days: int
    district: str | None


class After(NamedTuple):
    """What the holder did a moment ago that an answer is to count in."""

    grant_id: UUID | None = None
    reservation_id: UUID | None = None


NOTHING: Final = After()


class EligibilityIndex:
    """Invariant: an answer rests on one row, and on the catalogue of the version that came with it.

    Both are as new as the rows tell: on PostgreSQL as of a moment ago (ADR 0043).
    Offers are judged as of the end of the running second, so that those of one tier and the same
    purposes share work, and what was published just now is on offer.
    """

    def __init__(
        self,
        rows: Rows,
        later: Rows,
        clock: Clock,
        turn: Turn,
        *,
        longest_wait: float,
        waiters: Waiters,
    ) -> None:
        """Take the turn that whoever asks has for the whole request.

        `longest_wait` is how many seconds a recognition or a write may take to arrive here.  Who
        waits looks for it by rows of their own, `later`, past the turns of all others.
        """
        self._rows, self._clock, self._turn = rows, clock, turn
        self._later, self._looking = later, threading.Lock()
        self._longest_wait, self._waiters = longest_wait, waiters
        self._catalogue = Catalogue(version=-1, entries=(), asked=Asked())
        self._page, self._second = lru_cache(REMEMBERED_PAGES)(self._write_page), 0

    def answer(
        self,
        holder: Holder,
        category: Category | None,
        district: str | None = None,
        after: After = NOTHING,
    ) -> bytes:
        """Return an EligibilityAnswer as JSON, for use in a district where one is named.

        Raise Unavailable("not_yet_visible") when the recognition behind the session, or what the
        answer is to come `after`, has not arrived here in time, Refused("recognition_ended") when
        the recognition stands no longer.
        """
        row = self._rows.holder(holder.holder)
        if after != NOTHING or not _reflects(row, holder):
            row = self._wait(holder, after)
        version, tier, home, purposes, recognised_us, until_us, ended = row[:7]
        usage, suspended, tiers, attested_us, held = row[7:]
        now_us = to_microseconds(self._clock())
        if ended or now_us >= until_us:
            raise Refused("recognition_ended")
        asked = self._entries(version).asked
        group = Group(
            tier,
            tiers,
            purposes,
            bool(suspended),
            home if asked.home else "",
            max(0, now_us - (attested_us or recognised_us)) // DAY if asked.age else 0,
            district if asked.district else None,
        )
        page = self._page_of(version, -(-now_us // SECOND), group, category)
        head = _head(tier, tiers, home, until_us)
        return b"".join((head, *page.parts_for(usage, held), b"]}"))

    def _wait(self, holder: Holder, after: After) -> Row:
        """Return the row as soon as it reflects the session's recognition and what came after."""
        may_wait()
        deadline = time.monotonic() + self._longest_wait
        with self._waiters.wait(holder.holder), self._turn.given_away():
            while True:
                with self._looking:
                    row = self._row_after(after, holder)
                if row is not None and _reflects(row, holder):
                    return row
                if time.monotonic() >= deadline:
                    raise Unavailable("not_yet_visible")
                time.sleep(WAIT_STEP if after == NOTHING else ASK_STEP)

    def _row_after(self, after: After, holder: Holder) -> Row | None:
        """Return the row as soon as it counts in what the holder did."""
        if after == NOTHING:
            return self._later.holder(holder.holder)
        return self._later.newest(holder.holder) if self._has(after, holder) else None

    def _has(self, after: After, holder: Holder) -> bool:
        grant_id, reservation_id = after
        return (grant_id is None or self._later.has_grant(grant_id, holder.holder)) and (
            reservation_id is None or self._later.has_reservation(reservation_id)
        )

    def _page_of(self, version: int, second: int, group: Group, category: Category | None) -> Page:
        if second != self._second:
            self._page.cache_clear()  # nobody asks for them again
            self._second = second
        return self._page(version, second, group, category)

    def _write_page(
        self,
        version: int,
        second: int,
        group: Group,
        category: Category | None,
    ) -> Page:
        tier, tiers, purposes, suspended, home, age_days, district = group
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


def _reflects(row: Row, holder: Holder) -> bool:
    """Say whether a row was made by the session's recognition, or a later one."""
    recognised_us = row[4]
    return recognised_us is not None and recognised_us >= to_microseconds(holder.recognised_at)


@lru_cache(maxsize=4096)
def _head(tier: int, tiers: str, home: str, until_us: int) -> bytes:
    """Write what comes before the offers."""
    head = {
        "tier": tier,
        "tiers": [{"category": name, "tier": tier} for name, tier in json.loads(tiers).items()],
        "home": home,
        "until": to_text(until_us),
    }
    return json.dumps(head, separators=(",", ":"))[:-1].encode() + b',"offers":['
