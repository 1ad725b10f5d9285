"""Eventlet, imported in one place so that its maintenance notice is met once and knowingly.

docs/decisions tells why the services run on it all the same.
"""

import select
import selectors
import warnings
from collections.abc import Generator
from typing import TYPE_CHECKING, TypeVar

with warnings.catch_warnings():
    warnings.filterwarnings("ignore", r"\s*Eventlet is deprecated")
    import eventlet

if TYPE_CHECKING:
    from psycopg.waiting import Ready, Wait

T = TypeVar("T")

__all__ = ["eventlet", "patch"]


def patch() -> None:
    """Make this process green.  Call it first of all, before anything opens a socket.

    psycopg waits in C, which stops every green thread of the process; it has to wait by `wait`.
    """
    eventlet.monkey_patch()

    from psycopg import waiting  # noqa: PLC0415  it picks its selector when it is imported

    waiting.DefaultSelector = selectors.DefaultSelector  # type: ignore[attr-defined]  # psycopg's own import, bound before the patch if it came first
    waiting.wait = wait


def wait(
    gen: Generator["Wait", "Ready | int", T],
    fileno: int,
    interval: float = 0.0,
    timeout: float | None = None,
) -> T:
    """Take psycopg's steps until they come to a result, and let others run in between.

    Nearly always a statement waits once, to read its answer: that asks eventlet's hub and nobody
    else.  psycopg's own wait in Python makes a selector for each statement.
    """
    from psycopg import waiting  # noqa: PLC0415  only who uses PostgreSQL loads it

    if timeout is not None:
        return waiting.wait_selector(gen, fileno, interval, timeout)
    try:
        wanted = next(gen)
        while True:
            if wanted == waiting.WAIT_R:
                eventlet.hubs.trampoline(fileno, read=True)
                wanted = gen.send(waiting.READY_R)
                continue
            reads = [fileno] if wanted & waiting.WAIT_R else []
            readable, writable, _ = select.select(reads, [fileno], [])
            ready = waiting.READY_R if readable else waiting.READY_NONE
            wanted = gen.send(ready | waiting.READY_W if writable else ready)
    except StopIteration as done:
        result: T = done.value
        return result
