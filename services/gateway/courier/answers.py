"""Answers of those whom nobody vouches for: bounded in time and size, whatever they send."""

import io
import time
from http.client import HTTPResponse
from socket import socket
from typing import Any, Final

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

WHOLE: Final = 3  # timeouts that a whole answer may take
MOST_BYTES: Final = 16 * 1024 * 1024  # more than the longest that anybody reads (calling.py)
USUAL_TIMEOUT: Final = 10.0  # seconds, where the socket has none


class Metered(io.RawIOBase):
    """Reads for so long and so much, and lets others run in between.

    A timeout of the socket begins anew with each byte; and green threads change only where one has
    to wait, which one that reads what always comes never does.
    """

    def __init__(self, raw: io.RawIOBase, *, seconds: float, most: int) -> None:
        super().__init__()
        self._raw, self._left = raw, most
        self._deadline = time.monotonic() + seconds

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        """Read some; raise TimeoutError when time or size is used up."""
        if self._left <= 0 or time.monotonic() > self._deadline:
            raise TimeoutError("the answer is too long")
        time.sleep(0)
        number = self._raw.readinto(buffer)
        self._left -= number or 0
        return number

    def close(self) -> None:
        self._raw.close()
        super().close()


class Answer(HTTPResponse):
    """http.client's answer, read through a meter from its first byte on."""

    def __init__(self, sock: socket, *arguments: Any, **options: Any) -> None:
        super().__init__(sock, *arguments, **options)
        seconds = WHOLE * (sock.gettimeout() or USUAL_TIMEOUT)
        self.fp = io.BufferedReader(Metered(self.fp.detach(), seconds=seconds, most=MOST_BYTES))


class Plain(HTTPConnection):
    response_class = Answer


class Secure(HTTPSConnection):
    response_class = Answer


class PlainPool(HTTPConnectionPool):
    ConnectionCls = Plain


class SecurePool(HTTPSConnectionPool):
    ConnectionCls = Secure


class Bounded(HTTPAdapter):
    """Hears no longer and no more than is bounded."""

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        super().init_poolmanager(*arguments, **options)
        self.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}
