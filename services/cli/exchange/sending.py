"""Send a batch of attestations to a host, chunk by chunk, and go on wherever it was cut off."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from contracts import wire
from contracts.errors import Malformed, Unavailable
from contracts.exchange import (
    LARGEST_CHUNK,
    BatchBody,
    BatchProgress,
    LineVerdict,
    LineVerdicts,
)
from contracts.routes.route import JSON, NDJSON
from huxin_client.shell.language import spoken
from services.cli.exchange.selection import Lines
from services.gateway.courier.calling import Answer, CityCalls, NoAnswer
from services.gateway.json_text import to_json

CHUNK_BYTES: Final = 512 * 1024
ATTEMPTS: Final = 10  # in a row, without any progress
LONGEST_WAIT: Final = 30.0  # seconds
OK: Final = 200
PASSING: Final = frozenset({429, 500, 502, 503, 504})

Reply = TypeVar("Reply")


@dataclass(frozen=True, kw_only=True)
class BatchSender:
    """Invariant: goes on by what the host says it has received."""

    calls: CityCalls
    gateway: str
    sleep: Callable[[float], None]

    def send(self, lines: Lines, told: Callable[[BatchProgress], None]) -> BatchProgress:
        """Send lines until the host has all; tell of each step.

        Raise Unavailable when the host does not answer time and again, Malformed with what it says
        when it refuses.
        """
        url = f"{self.gateway.rstrip('/')}/v1/attestation-batches/{lines.batch_id}"
        body = to_json(BatchBody(total=len(lines.texts), digest=lines.digest))
        progress: BatchProgress = self._ask("PUT", url, BatchProgress, body, JSON)
        told(progress)
        while progress.received < progress.total:
            before = progress.received
            chunk = "\n".join(_chunk(lines.texts[before:])).encode()
            target = f"{url}/lines?from={before}"
            progress = self._ask("PUT", target, BatchProgress, chunk, NDJSON)
            if progress.received <= before:
                what = spoken(f"no progress beyond line {before}", f"第 {before} 行之后没有进展")
                raise Unavailable("unavailable", what)
            told(progress)
        return progress

    def verdicts(self, lines: Lines) -> Iterator[LineVerdict]:
        """Yield what became of each line."""
        url = f"{self.gateway.rstrip('/')}/v1/attestation-batches/{lines.batch_id}/verdicts"
        after = 0
        while True:
            page: LineVerdicts = self._ask("GET", f"{url}?after={after}", LineVerdicts)
            yield from page.verdicts
            if not page.verdicts:
                return
            after = page.verdicts[-1].line

    def _ask(
        self, method: str, url: str, reply: type[Reply], body: bytes = b"", content_type: str = ""
    ) -> Reply:
        """Ask until there is an answer; every request may be repeated."""
        reason = ""
        for attempt in range(ATTEMPTS):
            if attempt:
                self.sleep(min(2.0 ** (attempt - 1), LONGEST_WAIT))
            try:
                answer = self.calls.ask(method, url, body, content_type)
            except NoAnswer as error:
                reason = str(error)
                continue
            if answer.status not in PASSING:
                return _read(answer, reply)
            reason = f"HTTP {answer.status}"
        raise Unavailable("unavailable", f"{self.gateway}: {reason}")


def _chunk(texts: Sequence[str]) -> Sequence[str]:
    """Return as many of the next lines as go into one request, at least one."""
    size = 0
    for count, text in enumerate(texts[:LARGEST_CHUNK]):
        size += len(text.encode()) + 1
        if count and size > CHUNK_BYTES:
            return texts[:count]
    return texts[:LARGEST_CHUNK]


def _read(answer: Answer, reply: type[Reply]) -> Reply:
    try:
        said: Any = json.loads(answer.body)
    except ValueError as error:
        what = spoken(f"HTTP {answer.status} without JSON", f"HTTP {answer.status}，应答不是 JSON")
        raise Malformed("malformed", what) from error
    if answer.status != OK:
        code = said.get("code") if isinstance(said, dict) else None
        detail = said.get("detail") if isinstance(said, dict) else None
        why = f"HTTP {answer.status} {code} {detail}"
        raise Malformed("malformed", spoken(f"the host refuses: {why}", f"到访城市拒绝：{why}"))
    read: Reply = wire.load(reply, said)
    return read
