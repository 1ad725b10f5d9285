"""The hot path: what may this holder take?  One row read, the rest is in memory."""

import json
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from contracts.errors import Refused, Unavailable
from contracts.periods import period_name
from contracts.words import Category, Period
from services.gateway.authentication.callers import Holder
from services.gateway.eligibility.catalogue import Entry, read_entries
from services.gateway.eligibility.evaluate import Standing, reasons_against
from services.gateway.eligibility.rows import Row, Rows
from services.plumbing.clock import Clock

LONGEST_WAIT: Final = 1.0  # seconds for a recognition to arrive here
WAIT_STEP: Final = 0.02

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def to_microseconds(moment: datetime) -> int:
    """Count microseconds since 1970, exactly."""
    return (moment - _EPOCH) // _MICROSECOND


class EligibilityIndex:
    """Invariant: an answer rests on the newest row and the catalogue version read with it."""

    def __init__(self, rows: Rows, clock: Clock, longest_wait: float = LONGEST_WAIT) -> None:
        self._rows, self._clock, self._longest_wait = rows, clock, longest_wait
        self._catalogue: tuple[int, tuple[Entry, ...]] = (-1, ())
        self._periods: tuple[int, Mapping[Period, str]] = (-1, {})

    def answer(self, holder: Holder, category: Category | None) -> bytes:
        """Return an EligibilityAnswer as JSON.

        Raise Unavailable("not_yet_visible") when the recognition behind the session has not
        arrived here in time, Refused("recognition_ended") when it stands no longer.
        """
        row = self._row(holder)
        version, tier, home, purposes, _, until_us, ended, usage = row
        now = self._clock()
        if ended or to_microseconds(now) >= until_us:
            raise Refused("recognition_ended")
        standing = Standing(
            tier=tier, purposes=frozenset(json.loads(purposes)), usage=json.loads(usage)
        )
        periods = self._periods_at(now)
        offers = [
            entry.offer(reasons_against(entry.terms, standing, now, periods))
            for entry in self._entries(version)
            if category is None or entry.terms.category == category
        ]
        until = (_EPOCH + until_us * _MICROSECOND).isoformat().replace("+00:00", "Z")
        head = f'{{"tier":{tier},"home":"{home}","until":"{until}","offers":['
        return head.encode() + b",".join(offers) + b"]}"

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
            time.sleep(WAIT_STEP)
            waited += WAIT_STEP

    def _entries(self, version: int) -> tuple[Entry, ...]:
        known, entries = self._catalogue
        if known != version:
            entries = read_entries(self._rows.catalogue())
            self._catalogue = (version, entries)
        return entries

    def _periods_at(self, now: datetime) -> Mapping[Period, str]:
        """Name the current periods; none changes within a minute."""
        minute = int(now.timestamp()) // 60
        known, periods = self._periods
        if known != minute:
            periods = {period: period_name(period, now) for period in Period}
            self._periods = (minute, periods)
        return periods
