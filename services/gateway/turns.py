"""What is answered at once, and what has to wait: an event loop must never wait (ADR 0046)."""

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Final

from contracts.errors import Unavailable

MOMENT: Final = 0.005  # seconds; most turns are over in a hundredth of it
STUCK: Final = 0.5
LONGEST_WAIT: Final = 2.0


class Later(BaseException):
    """Not to be had without waiting, so not here: ask again in a thread.

    Nothing is wrong, and whoever handles errors must not take it for one.
    """


def is_on_loop() -> bool:
    """Say whether an event loop runs in this thread."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def may_wait() -> None:
    """Raise Later on an event loop: what follows may take its time."""
    if is_on_loop():
        raise Later


class Turn:
    """One thread at a time; nobody waits for long.

    On an event loop that is a moment, and then it is Later.  In a thread it is LONGEST_WAIT, and
    nothing when somebody has had the turn for STUCK already: then the database does not answer.

    SQLite gives up the interpreter's lock at each read.  Among threads that read side by side each
    read then costs a change of thread (docs/performance.md).
    """

    def __init__(self) -> None:
        self._lock, self._began = threading.Lock(), 0.0

    def __enter__(self) -> None:
        """Raise Unavailable, or Later."""
        if not self._lock.acquire(timeout=MOMENT):
            may_wait()
            is_stuck = time.monotonic() - self._began > STUCK
            if is_stuck or not self._lock.acquire(timeout=LONGEST_WAIT):
                raise Unavailable("unavailable", "the read side does not answer")
        self._began = time.monotonic()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._lock.release()

    @contextmanager
    def given_away(self) -> Iterator[None]:
        """Let others have it for a while; then wait for it as long as it takes."""
        self._lock.release()
        try:
            yield
        finally:
            self._lock.acquire()
            self._began = time.monotonic()
