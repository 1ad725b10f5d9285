"""Between granian and the application: reads on the event loop, all else in threads (ADR 0046).

One read after another on one thread needs no change of threads.  Whatever has to wait, for a
service or for a database at the other end of a socket, raises Later there and is asked again in a
thread, as everything is that does not only read.  Bodies are collected before that, so that one
that does not arrive holds no thread.
"""

import asyncio
import io
import sys
from collections.abc import Container
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any, Final
from wsgiref.types import WSGIApplication, WSGIEnvironment

from granian.rsgi import HTTPProtocol, Scope  # type: ignore[attr-defined]  # theirs to give out

from contracts.errors import ContractError, Malformed, Unavailable
from services.gateway.bodies import LARGEST, LARGEST_BODY
from services.gateway.turns import Later

THREADS: Final = 48  # of each worker; places.py says how many may wait for services
READS: Final = frozenset({"GET", "HEAD"})
BODY_SECONDS: Final = 10.0  # for the whole of a body to arrive
MOST_ARRIVING: Final = 64 * 1024 * 1024  # bytes that bodies on their way may come to, in a worker

Answer = tuple[int, list[tuple[str, str]], bytes]

NO_BODY: Final = io.BytesIO()


class Missing(io.RawIOBase):
    """A body that did not arrive: whoever reads it is told why."""

    def __init__(self, why: ContractError) -> None:
        self._why = why

    def read(self, _size: int = -1) -> bytes:
        raise self._why


class Front:
    """A WSGI application as granian's RSGI interface calls it.

    `quick` are the paths whose GET and HEAD are answered on the event loop, if that needs no
    waiting.
    """

    def __init__(
        self,
        application: WSGIApplication,
        quick: Container[str],
        body_seconds: float = BODY_SECONDS,
    ) -> None:
        self._application, self._quick, self._body_seconds = application, quick, body_seconds
        self._threads = ThreadPoolExecutor(THREADS, "request")
        self._arriving = 0  # bytes

    async def __rsgi__(self, scope: Scope, protocol: HTTPProtocol) -> None:
        """Answer a request (RSGI 1.6)."""
        environ = environ_of(scope)
        if environ["PATH_INFO"] in self._quick and environ["REQUEST_METHOD"] in READS:
            try:
                protocol.response_bytes(*self._answer(environ))
            except Later:
                pass
            else:
                return
        if "HTTP_TRANSFER_ENCODING" in environ or environ.get("CONTENT_LENGTH", "0") != "0":
            environ["wsgi.input"] = await self._body(environ, protocol)
        loop = asyncio.get_running_loop()
        protocol.response_bytes(*await loop.run_in_executor(self._threads, self._answer, environ))

    def _answer(self, environ: WSGIEnvironment) -> Answer:
        started: list[tuple[int, list[tuple[str, str]]]] = []

        def start(status: str, headers: list[tuple[str, str]], _error: Any = None) -> Any:
            started.append((int(status[:3]), headers))

        parts = self._application(environ, start)
        return (*started[-1], b"".join(parts))

    async def _body(self, environ: WSGIEnvironment, protocol: HTTPProtocol) -> io.IOBase:
        """Collect a body, or what says why it is missing; of one too large, the beginning."""
        declared = environ.get("CONTENT_LENGTH", "")
        length, most = int(declared) if declared.isdecimal() else None, _most(environ)
        if length is not None and length > most and "HTTP_EXPECT" in environ:
            return NO_BODY  # it need not even be sent
        body = Body(most)
        try:
            async with asyncio.timeout(self._body_seconds):
                await self._collect(body, protocol)
        except TimeoutError:
            if length is None or length <= most:
                return Missing(Malformed("too_slow", f"more than {self._body_seconds:g} s"))
        except Unavailable as error:
            return Missing(error)
        finally:
            self._arriving -= len(body.text)
        if body.is_cut or (length is not None and len(body.text) < length <= most):
            return Missing(Malformed(errors={"body": "Cut short."}))
        if length is None:
            environ["CONTENT_LENGTH"] = str(len(body.text))
        return io.BytesIO(body.text)

    async def _collect(self, body: "Body", protocol: HTTPProtocol) -> None:
        async for piece in protocol:
            if self._arriving + len(piece) > MOST_ARRIVING:
                raise Unavailable("unavailable", "too many bodies are on their way")
            self._arriving += len(piece)
            if body.is_enough_with(piece):
                return


def _most(environ: WSGIEnvironment) -> int:
    """Return how much is read of a body, so that whoever still sends hears what was wrong."""
    kind = environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
    return 2 * LARGEST.get(kind, LARGEST_BODY)


class Body:
    """What has arrived of a body, up to `most` bytes or a little more."""

    def __init__(self, most: int) -> None:
        self.text, self._most, self._ends = bytearray(), most, 0

    def is_enough_with(self, piece: bytes) -> bool:
        """Add a piece; say whether more is not wanted."""
        self.text += piece
        self._ends += not piece
        return len(self.text) >= self._most

    @property
    def is_cut(self) -> bool:
        """Say whether the sender broke off: granian gives an empty piece for that, and at the end.

        It gives one for trailers, too, which nobody sends here.
        """
        return self._ends > 1


def environ_of(scope: Scope) -> WSGIEnvironment:
    """Say in WSGI's words (PEP 3333) what was asked, and nothing of who is at the other end."""
    path, (name, port) = scope.path, _name_and_port(scope.server)
    environ = {
        "SCRIPT_NAME": "",
        "REQUEST_METHOD": scope.method,
        "PATH_INFO": path if path.isascii() else path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "SERVER_NAME": name,
        "SERVER_PORT": port,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": NO_BODY,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for field, value in scope.headers.items():
        if "_" in field:
            continue  # it would pass for another field (as in CVE-2015-0219)
        key = _key(field)
        environ[key] = f"{environ[key]},{value}" if key in environ else value  # RFC 9110 §5.3
    return environ


@lru_cache(maxsize=256)
def _name_and_port(address: str) -> tuple[str, str]:
    name, _, port = address.rpartition(":")
    return name, port


@lru_cache(maxsize=256)
def _key(field: str) -> str:
    name = field.replace("-", "_").upper()
    return name if name in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{name}"
