"""Send prepared HTTP requests over many connections, each as soon as the one before is answered.

A process of its own, `python -m tests.bench.sender`: it reads a job from its input and writes a
report.  It does little for each request, as it shares the processor with what it measures.
"""

import asyncio
import json
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from subprocess import run
from typing import Any, Self
from uuid import uuid4

from services.plumbing.clock import utc_now
from services.recognition.adapters.keys import PrivateKey
from services.recognition.domain.attestation import MANDATORY, present

ROOT = Path(__file__).parents[2]
OK = range(200, 300)
BUSY, BUSY_SECONDS = 503, 0.5
PERCENTILES = 100

Bearer = str | None


def request(method: str, path: str, body: Any = None, bearer: Bearer = None) -> str:
    """Write a request of HTTP/1.1 as it goes over the line."""
    content = "" if body is None else json.dumps(body, separators=(",", ":"))
    lines = [f"{method} {path} HTTP/1.1", "Host: bench", f"Content-Length: {len(content)}"]
    if body is not None:
        lines.append("Content-Type: application/json")
    if bearer:
        lines.append(f"Authorization: Bearer {bearer}")
    return "\r\n".join(lines) + "\r\n\r\n" + content


@dataclass(frozen=True)
class Entry:
    """A holder about to open a challenge and to answer it."""

    credential: str
    key: dict[str, str]

    def answer(self, challenge: Any) -> str:
        """Write the request that answers a challenge, signed by the holder's key."""
        presentation = present(
            self.credential,
            MANDATORY,
            gateway=challenge["audience"],
            challenge=challenge["nonce"],
            now=utc_now(),
            signer=PrivateKey("ES256", self.key),
        )
        body = {"challenge_id": challenge["challenge_id"], "presentation": presentation}
        return request("PUT", f"/v1/recognitions/{uuid4()}", body)


@dataclass(frozen=True)
class Report:
    """What became of a job; latencies in milliseconds, seconds of time and of the sender's CPU.

    A latency ends with the last answer: `again` counts how often one was told to come back later.
    """

    seconds: float
    processor_seconds: float
    statuses: dict[str, int]
    latencies_ms: list[float]
    answers: list[Any]
    again: int

    @property
    def done(self) -> int:
        return sum(count for status, count in self.statuses.items() if int(status) in OK)

    @property
    def rate(self) -> float:
        """Successes a second."""
        return self.done / self.seconds

    def percentile(self, which: int) -> float:
        return statistics.quantiles(self.latencies_ms, n=PERCENTILES)[which - 1]

    @classmethod
    def of(cls, text: str) -> Self:
        return cls(**json.loads(text))


def send(port: int, tasks: list[Any], *, connections: int, keep: bool = False) -> Report:
    """Do tasks in a process of its own: each a request, or an Entry; `keep` returns the answers.

    Raise RuntimeError when one is not answered by 2xx.
    """
    written = [asdict(task) if isinstance(task, Entry) else task for task in tasks]
    job = {"port": port, "tasks": written, "connections": connections, "keep": keep}
    done = run(
        [sys.executable, "-m", "tests.bench.sender"],
        input=json.dumps(job),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    report = Report.of(done.stdout)
    if report.done != len(tasks):
        raise RuntimeError(f"of {len(tasks)} requests: {report.statuses} {report.answers[:1]}")
    return report


class Client(asyncio.Protocol):
    """One connection: does task after task of those that all share, until none is left."""

    def __init__(self, tasks: Iterator[Any], log: "Log") -> None:
        self._tasks, self._log = tasks, log
        self._received = b""
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self._begin()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(exc or ConnectionError("closed"))

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, found, body = self._received.partition(b"\r\n\r\n")
        if found and len(body) >= length_of(head):
            self._received = b""
            self._answered(int(head[9:12]), body)

    def _begin(self) -> None:
        task = next(self._tasks, None)
        if task is None:
            self.done.set_result(None)
            self._transport.close()
            return
        self._entry = Entry(**task) if isinstance(task, dict) else None
        self._began = time.perf_counter()
        self._write(request("POST", "/v1/challenges") if self._entry else task)

    def _write(self, text: str) -> None:
        self._sent = text.encode()
        self._transport.write(self._sent)

    def _answered(self, status: int, body: bytes) -> None:
        if status == BUSY:
            self._log.again += 1
            asyncio.get_running_loop().call_later(BUSY_SECONDS, self._transport.write, self._sent)
            return
        entry, self._entry = self._entry, None
        if entry and status in OK:
            self._write(entry.answer(json.loads(body)))
            return
        self._log.note(status, time.perf_counter() - self._began, body)
        self._begin()


def length_of(head: bytes) -> int:
    """Read the Content-Length; 0 without."""
    _, found, rest = head.lower().partition(b"content-length:")
    return int(rest.partition(b"\r\n")[0]) if found else 0


class Log:
    """What was answered."""

    def __init__(self, *, keep: bool) -> None:
        self._keep, self.again = keep, 0
        self.statuses: dict[str, int] = {}
        self.latencies_ms: list[float] = []
        self.answers: list[Any] = []

    def note(self, status: int, seconds: float, body: bytes) -> None:
        self.statuses[str(status)] = self.statuses.get(str(status), 0) + 1
        self.latencies_ms.append(seconds * 1000)
        if self._keep or status not in OK:
            self.answers.append(json.loads(body))


async def work(job: dict[str, Any]) -> Report:
    """Do every task; return what became of them."""
    loop, log, tasks = asyncio.get_running_loop(), Log(keep=job["keep"]), iter(job["tasks"])
    began, used = time.perf_counter(), time.process_time()
    clients = []
    for _ in range(job["connections"]):
        _transport, client = await loop.create_connection(
            lambda: Client(tasks, log), "127.0.0.1", job["port"]
        )
        clients.append(client.done)
    await asyncio.gather(*clients)
    return Report(
        time.perf_counter() - began,
        time.process_time() - used,
        log.statuses,
        log.latencies_ms,
        log.answers,
        log.again,
    )


if __name__ == "__main__":
    json.dump(asdict(asyncio.run(work(json.load(sys.stdin)))), sys.stdout)
