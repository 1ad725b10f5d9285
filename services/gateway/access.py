"""Name every request, and write one line about it: no token, no id of a person, no query.

A request is named by its X-Request-Id, else by the trace it is part of (W3C Trace Context), as a
UUID; the name is the cause of every message it leads to.  A line tells the route's template, not
the path, because paths hold ids.
"""

import itertools
import json
import re
import time
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Final, TextIO
from uuid import UUID, uuid4

import falcon

from services.gateway.durations import REQUEST_SECONDS
from services.plumbing.clock import Clock

HEADER: Final = "X-Request-Id"
_HEADER_OF_WSGI: Final = "HTTP_X_REQUEST_ID"
_SANE: Final = re.compile(r"[A-Za-z0-9._-]{8,64}")
_TRACE: Final = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-.+")
_UUID_LENGTH: Final = 36
FLUSH_SECONDS: Final = 0.2


class Access:
    """Falcon middleware: request id in and out, duration, access line."""

    def __init__(self, clock: Clock, write: Callable[[str], None] | None) -> None:
        self._clock, self._write = clock, write
        self._head, self._counter = str(uuid4())[:24], itertools.count()

    def process_request(self, request: falcon.Request, response: falcon.Response) -> None:
        given = request.env.get(_HEADER_OF_WSGI)
        sane = given is not None and _SANE.fullmatch(given) is not None
        request.context.id = given if sane else _trace_of(request) or self._name()
        request.context.started = time.perf_counter()
        response.set_header(HEADER, request.context.id)

    def _name(self) -> str:
        """Make a UUID: the process's own random head, and a count; one random draw for all."""
        return f"{self._head}{next(self._counter):012x}"

    def process_response(
        self,
        request: falcon.Request,
        response: falcon.Response,
        resource: object,
        req_succeeded: bool,  # noqa: FBT001  Falcon's signature
    ) -> None:
        seconds = time.perf_counter() - request.context.started
        operation = getattr(request.context, "operation", "none")
        status = response.status_code
        REQUEST_SECONDS.observe(operation, status // 100, seconds)
        if self._write is not None:
            ts, name = _text(self._clock()), request.context.id
            fixed = _fixed(request.method, request.uri_template, operation, status)
            ms = f"{seconds * 1000:.2f}"
            self._write(f'{{"ts": "{ts}", "request_id": "{name}", "ms": {ms}, {fixed}')


def _trace_of(request: falcon.Request) -> str | None:
    given = request.env.get("HTTP_TRACEPARENT")
    trace = _TRACE.fullmatch(given) if given else None
    return str(UUID(trace.group(1))) if trace else None


def cause_of(request: falcon.Request) -> UUID | None:
    """Return the request id as the cause of what the request leads to, when it is a UUID."""
    text: str = request.context.id
    if len(text) != _UUID_LENGTH:
        return None
    try:
        return UUID(text)
    except ValueError:
        return None


def lines_to(stream: TextIO) -> Callable[[str], None]:
    """Return a writer of whole lines; under load it flushes them together, a few times a second."""
    flushed = 0.0

    def write(line: str) -> None:
        nonlocal flushed
        stream.write(line)
        now = time.monotonic()
        if now - flushed > FLUSH_SECONDS:
            stream.flush()
            flushed = now

    return write


@lru_cache(maxsize=1024)
def _fixed(method: str, route: str | None, operation: str, status: int) -> str:
    """Return what many lines have in common, as the end of a JSON object."""
    fields = {
        "event": "request",
        "method": method[:16],
        "route": route or "none",
        "operation": operation,
        "status": status,
    }
    return json.dumps(fields)[1:] + "\n"


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
