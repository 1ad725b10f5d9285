"""Eventlet, imported in one place so that its maintenance notice is met once and knowingly.

docs/decisions tells why the services run on it all the same.
"""

import selectors
import warnings

with warnings.catch_warnings():
    warnings.filterwarnings("ignore", r"\s*Eventlet is deprecated")
    import eventlet

__all__ = ["eventlet", "patch"]


def patch() -> None:
    """Make this process green.  Call it first of all, before anything opens a socket.

    psycopg waits in C, which stops every green thread of the process; its wait in Python goes
    through the patched selectors.
    """
    eventlet.monkey_patch()

    from psycopg import waiting  # noqa: PLC0415  it picks its selector when it is imported

    waiting.DefaultSelector = selectors.DefaultSelector  # type: ignore[attr-defined]  # psycopg's own import, bound before the patch if it came first
    waiting.wait = waiting.wait_selector
