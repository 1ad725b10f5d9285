"""Rows of holders that are remembered until they change (ADR 0043, ADR 0046)."""

import math
from collections.abc import Sequence
from typing import Any, Final

CATALOGUE: Final = "catalogue"  # what changed, when it is no holder's row
MOST: Final = 20_000  # holders; some 20 MB
LONGEST: Final = 60.0  # seconds, even if nothing is told

Row = Sequence[Any]

_UNKNOWN: Final[tuple[float, Row]] = (-math.inf, ())


class Remembered:
    """Invariant: what was told to have changed since it was asked for is not answered with.

    A row begins with the catalogue's version, which is the same for all and changes by itself.
    """

    def __init__(self) -> None:
        self._rows: dict[str, tuple[float, Row]] = {}  # and when they were asked for
        self._version: int | None = None
        self._changed: set[str] = set()

    def find(self, holder: str, now: float) -> Row | None:
        """Return a row, unless it has to be read."""
        asked_at, row = self._rows.get(holder, _UNKNOWN)
        if self._version is None or now - asked_at > LONGEST:
            return None
        return (self._version, *row)

    def ask(self) -> None:
        """Note from now on what changes, as that may be told before an answer is here."""
        self._changed.clear()

    def keep(self, holder: str, row: Row, asked_at: float) -> None:
        """Remember a row, unless it has changed since it was asked for."""
        if CATALOGUE not in self._changed:
            self._version = row[0]
        if holder not in self._changed:
            if len(self._rows) >= MOST:
                del self._rows[next(iter(self._rows))]
            self._rows[holder] = asked_at, row[1:]

    def forget(self, changed: str) -> None:
        """Forget a holder's row, or the catalogue's version."""
        self._changed.add(changed)
        if changed == CATALOGUE:
            self._version = None
        self._rows.pop(changed, None)

    def forget_all(self) -> None:
        self._rows.clear()
        self._version = None
