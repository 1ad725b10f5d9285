"""Name every request, and write one line about it: no token, no id of a person, no query.

A line tells the route's template, not the path, because paths hold ids.
"""

import json
import re
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final, TextIO
from uuid import UUID, uuid4

import falcon
from prometheus_client import Histogram

from services.plumbing.clock import Clock

HEADER: Final = "X-Request-Id"
_SANE = re.compile(r"[A-Za-z0-9._-]{8,64}")
_UUID_LENGTH = 36

REQUEST_SECONDS = Histogram(
    "huxin_http_request_seconds",
    "From a request's arrival to its answer, by operation and status class",
    ["operation", "status"],
)


class Access:
    """Falcon middleware: request id in and out, duration, access line."""

    def __init__(self, clock: Clock, write: Callable[[str], None] | None) -> None:
        self._clock, self._write = clock, write
        self._timers: dict[tuple[str, int], Any] = {}

    def process_request(self, request: falcon.Request, response: falcon.Response) -> None:
        given = request.get_header(HEADER)
        sane = given is not None and _SANE.fullmatch(given) is not None
        request.context.id = given if sane else str(uuid4())
        request.context.started = time.perf_counter()
        response.set_header(HEADER, request.context.id)

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
        self._timer(operation, status // 100).observe(seconds)
        if self._write is not None:
            line = {
                "ts": _text(self._clock()),
                "event": "request",
                "request_id": request.context.id,
                "method": request.method,
                "route": request.uri_template or "none",
                "operation": operation,
                "status": status,
                "ms": round(seconds * 1000, 2),
            }
            self._write(json.dumps(line) + "\n")

    def _timer(self, operation: str, kind: int) -> Any:
        """Return a histogram by a dictionary: prometheus-client's own look-up costs a lock."""
        key = (operation, kind)
        if key not in self._timers:
            self._timers[key] = REQUEST_SECONDS.labels(operation, f"{kind}xx")
        return self._timers[key]


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
    """Return a writer of whole lines."""

    def write(line: str) -> None:
        stream.write(line)
        stream.flush()

    return write


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
