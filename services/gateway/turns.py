"""What is answered at once, and what has to wait: an event loop must never wait (ADR 0046)."""

import asyncio
import threading
from types import TracebackType
from typing import Final

MOMENT: Final = 0.005  # seconds; most turns are over in a hundredth of it


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
    """One thread at a time; on an event loop whoever would have to wait for long gets Later.

    SQLite gives up the interpreter's lock at each read.  Among threads that read side by side each
    read then costs a change of thread (docs/performance.md).
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def __enter__(self) -> None:
        if not self._lock.acquire(timeout=MOMENT):
            may_wait()
            self._lock.acquire()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._lock.release()

    def acquire(self) -> None:
        self._lock.acquire()

    def release(self) -> None:
        self._lock.release()
