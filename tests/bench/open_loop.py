"""Send requests at a fixed rate, whatever the answers take: arrivals do not wait for a slow door.

A client that asks again only when it was answered slows down with the server and never overloads
it.  Times here count from when a request was to be sent, so that a late start is not forgiven.
"""

import asyncio
import contextlib
import json
import random
import time
from asyncio import IncompleteReadError, StreamReader, StreamWriter, open_connection
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

GONE = (OSError, IncompleteReadError, asyncio.LimitOverrunError, ValueError)
SERVED = range(200, 300)
PAUSE = 0.05  # seconds, of a caller that was turned away
NO_ANSWER = 0  # the status of a request whose connection failed, or whose time was over


class LongClosed(OSError):
    """A connection that the other side closed without a word of an answer."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """One HTTP request; what has the same `id` is the same request, asked again."""

    id: str
    method: str
    path: str
    token: str
    body: Any = None

    def encoded(self, host: str) -> bytes:
        body = b"" if self.body is None else json.dumps(self.body).encode()
        head = (
            f"{self.method} {self.path} HTTP/1.1\r\nHost: {host}\r\n"
            f"Authorization: Bearer {self.token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of a request: its status, or NO_ANSWER, and seconds since it was due."""

    request: Request
    status: int
    seconds: float
    retry_after: str | None = None
    body: bytes = b""


@dataclass
class Client:
    """Invariant: a connection carries one request at a time; idle ones are used again."""

    url: str
    timeout: float = 15.0
    _idle: deque[tuple[StreamReader, StreamWriter]] = field(default_factory=deque)

    async def ask(self, request: Request, due: float) -> Outcome:
        """Send one request and read its answer."""
        status, headers, body = NO_ANSWER, dict[str, str](), b""
        with contextlib.suppress(*GONE, TimeoutError):
            async with asyncio.timeout(self.timeout):
                status, headers, body = await self._exchange(request)
        return Outcome(
            request=request,
            status=status,
            seconds=time.monotonic() - due,
            retry_after=headers.get("retry-after"),
            body=body,
        )

    async def _exchange(self, request: Request) -> tuple[int, dict[str, str], bytes]:
        """Ask over an idle connection, or over a new one.

        One that the server closed while it lay idle is no answer: whoever may repeat a request asks
        again over another (RFC 9112 §9.3.1).
        """
        while self._idle:
            with contextlib.suppress(LongClosed):
                return await self._over(*self._idle.pop(), request)
        place = urlsplit(self.url)
        return await self._over(*await open_connection(place.hostname, place.port), request)

    async def _over(
        self, reader: StreamReader, writer: StreamWriter, request: Request
    ) -> tuple[int, dict[str, str], bytes]:
        try:
            head = await self._head(reader, writer, request)
            headers = {
                name.lower(): value.strip()
                for name, _, value in (line.partition(":") for line in head[1:] if line)
            }
            body = await reader.readexactly(int(headers.get("content-length", "0")))
        except BaseException:
            writer.close()
            raise
        if headers.get("connection") == "close":
            writer.close()
        else:
            self._idle.append((reader, writer))
        return int(head[0].split(" ", 2)[1]), headers, body

    async def _head(
        self, reader: StreamReader, writer: StreamWriter, request: Request
    ) -> list[str]:
        try:
            writer.write(request.encoded(urlsplit(self.url).netloc))
            head = await reader.readuntil(b"\r\n\r\n")
        except ConnectionError as error:
            raise LongClosed from error
        except IncompleteReadError as error:
            if error.partial:
                raise
            raise LongClosed from error
        return head.decode("latin-1").split("\r\n")

    def close(self) -> None:
        while self._idle:
            self._idle.pop()[1].close()


async def arrive(
    client: Client, requests: Iterator[Request], *, rate: float, seconds: float
) -> list[Outcome]:
    """Send `rate` requests a second at random moments (Poisson), and wait for all answers."""
    moments = random.Random(1)  # noqa: S311  the same arrivals in each run
    began = due = time.monotonic()
    asked: list[asyncio.Task[Outcome]] = []
    while due < began + seconds:
        await asyncio.sleep(max(due - time.monotonic(), 0))
        asked.append(asyncio.create_task(client.ask(next(requests), due)))
        due += moments.expovariate(rate)
    return list(await asyncio.gather(*asked))


async def press(
    client: Client, requests: Iterator[Request], *, callers: int, seconds: float
) -> list[Outcome]:
    """Let some callers ask one request after the other, which finds what is served at most."""
    end = time.monotonic() + seconds
    found: list[Outcome] = []

    async def call() -> None:
        while (now := time.monotonic()) < end:
            found.append(outcome := await client.ask(next(requests), now))
            if outcome.status not in SERVED:
                await asyncio.sleep(PAUSE)

    await asyncio.gather(*(call() for _ in range(callers)))
    return found


def share(outcomes: list[Outcome], which: Callable[[Outcome], bool]) -> float:
    """Return how many of the outcomes are such, from 0 to 1."""
    return sum(map(which, outcomes)) / max(len(outcomes), 1)


def percentile(outcomes: list[Outcome], part: float) -> float:
    """Return milliseconds that `part` of the outcomes took at most; 0 when there are none."""
    times = sorted(outcome.seconds for outcome in outcomes)
    return times[min(int(len(times) * part), len(times) - 1)] * 1000 if times else 0.0
