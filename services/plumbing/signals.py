"""Wake whoever waits for work in a database of this process."""

import threading
from weakref import WeakKeyDictionary

from sqlalchemy import Engine


class Signal:
    """Invariant: a wake between two waits is not lost; several count as one."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def wake(self) -> None:
        self._event.set()

    def wait(self, seconds: float) -> bool:
        """Wait until somebody wakes, at most `seconds`; say whether somebody did."""
        woken = self._event.wait(seconds)
        self._event.clear()
        return woken


_outboxes: WeakKeyDictionary[Engine, Signal] = WeakKeyDictionary()


def outbox_signal(engine: Engine) -> Signal:
    """Return the signal that a transaction with announcements was committed."""
    return _outboxes.setdefault(engine, Signal())
