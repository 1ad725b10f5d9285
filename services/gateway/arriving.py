"""Bodies that do not arrive hold nobody for long (ADR 0040).

A server's thread cannot be freed from a read, so somebody else reads and the thread only waits.
Who still reads when time is over is let go with the connection; there are only so many of them.
"""

import threading
from typing import Any, Final

from contracts.errors import Malformed, Unavailable

LONGEST_WAIT: Final = 10.0  # seconds, for the whole of a body
MOST_WAITED_FOR: Final = 256  # in a process; each is a thread that sleeps

_places: Final = threading.BoundedSemaphore(MOST_WAITED_FOR)


def read_in_time(stream: Any, most: int, seconds: float = LONGEST_WAIT) -> bytes:
    """Read at most so many bytes; raise Malformed too_slow when they do not come in time.

    Raise Unavailable when too many others do not come either.
    """
    if not _places.acquire(blocking=False):
        raise Unavailable("unavailable", "too many bodies are still on their way")
    read: list[bytes | OSError] = []
    reader = threading.Thread(target=_read, args=(stream, most, read), daemon=True)
    reader.start()
    reader.join(seconds)
    if not read:
        raise Malformed("too_slow", f"the body took more than {seconds:g} s")
    if isinstance(read[0], OSError):
        raise read[0]
    return read[0]


def _read(stream: Any, most: int, read: list[bytes | OSError]) -> None:
    try:
        read.append(stream.read(most))
    except OSError as error:  # whoever waits raises it
        read.append(error)
    finally:
        _places.release()
