"""How many may wait for what has not arrived yet (ADR 0045)."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from contracts.errors import Unavailable

MOST_WAITING: Final = 3  # of a worker's threads, beside those that wait for services (places.py)


class Waiters:
    """Invariant: few wait at once, and of one holder one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._holders: set[str] = set()

    @contextmanager
    def wait(self, holder: str) -> Iterator[None]:
        """Let a holder wait for as long as a `with` lasts; raise Unavailable at once if not."""
        with self._lock:
            if holder in self._holders or len(self._holders) >= MOST_WAITING:
                raise Unavailable("not_yet_visible", "too many wait already")
            self._holders.add(holder)
        try:
            yield
        finally:
            with self._lock:
                self._holders.remove(holder)
