"""The gateway's door: one call as the table of routes describes it, with patience.

Method, path, body and reply of a call come from contracts/routes, so this client cannot differ from
what the gateway serves.  All calls are safe to repeat; one that is not answered, or answered 429,
502, 503 or 504, is repeated after a pause that grows and is never the same twice.  A door may be
shared by threads.
"""

import json
import random
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final, TypeVar
from urllib.parse import parse_qs, quote, urlsplit
from uuid import uuid4

import requests
from marshmallow import ValidationError
from requests.auth import AuthBase

from contracts.routes import ROUTES
from contracts.routes.headers import IDEMPOTENCY_KEY
from contracts.routes.route import FORM, JSON, Route
from contracts.schemas import schema_of
from huxin_client.answers import PATIENCE, Away, Problem, said, seconds

T = TypeVar("T")

NO_ANSWER: Final = (
    requests.ConnectionError,
    requests.Timeout,
    requests.exceptions.ChunkedEncodingError,
    requests.exceptions.ContentDecodingError,
)
STEP: Final = ContextVar("STEP", default="")
"""The key that a caller gave to the step at hand; of this thread alone."""
_ROUTES: Final = {route.operation_id: route for route in ROUTES}


class Renewed(AuthBase):
    """Credentials that are got anew when they are not believed any more."""

    def forget(self, request: requests.PreparedRequest) -> None:
        """Get others for the next call than those of this one."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How long to wait for an answer, and how often to ask again; in seconds."""

    attempts: int = 4
    first_pause: float = 0.2
    longest_pause: float = 5.0
    connect_timeout: float = 5.0
    read_timeout: float = 20.0

    def pause(self, attempt: int, asked: float | None) -> float:
        """Return the pause after an attempt (from 0): what the gateway asks for, or our own."""
        if asked is not None:
            return asked
        most = min(self.first_pause * 2.0**attempt, self.longest_pause)
        return random.uniform(most / 2, most)  # noqa: S311  spreads callers, keeps no secret


@dataclass(kw_only=True)
class Door:
    """One gateway, as one caller sees it.  Raise Problem for a no, Away without an answer.

    Raise ValueError for an address that is none.
    """

    url: str
    auth: AuthBase | None = field(default=None, repr=False)
    language: str = "zh"
    patience: Patience = field(default_factory=Patience)
    session: requests.Session = field(default_factory=requests.Session)
    sleep: Callable[[float], None] = time.sleep

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError(f"a gateway is http(s)://host, not {self.url!r} 网关地址无效")
        if parts.username or parts.query or parts.fragment:
            raise ValueError("the address of a gateway has no user, query or fragment 网关地址无效")

    def ask(
        self,
        kind: type[T],
        operation: str,
        body: Any = None,
        query: Mapping[str, Any] | None = None,
        **path: Any,
    ) -> T:
        """Call an operation and return its reply as the class that its route names."""
        route = _ROUTES[operation]
        if route.reply is not kind:
            raise TypeError(f"{operation} answers {route.reply}, not {kind}")
        content = self.call(route, body, query, path).content
        schema = schema_of(kind)  # type: ignore[arg-type]  # a class is hashable
        try:
            reply: T = schema.load(json.loads(content))
        except (ValueError, ValidationError) as error:
            what = f"{route.method} {self.url}: what answers there is no Huxin gateway, or another"
            raise Away(f"{what} version", named=path) from error
        return reply

    def fetch(
        self,
        operation: str,
        body: Any = None,
        query: Mapping[str, Any] | None = None,
        **path: Any,
    ) -> bytes:
        """Call an operation whose answer is no JSON message, and return it as it is."""
        return self.call(_ROUTES[operation], body, query, path).content

    def fetch_all(
        self, operation: str, query: Mapping[str, Any] | None = None, **path: Any
    ) -> Iterator[bytes]:
        """Yield what `fetch` returns, page by page, as each links to the next (RFC 8288)."""
        asked = dict(query or {})
        while True:
            response = self.call(_ROUTES[operation], None, asked, path)
            yield response.content
            link = response.links.get("next")
            if link is None:
                return
            asked["after"] = parse_qs(urlsplit(link["url"]).query)["after"][0]

    def call(
        self, route: Route, body: Any, query: Mapping[str, Any] | None, path: Mapping[str, Any]
    ) -> requests.Response:
        """Call a route; repeat while nobody answers or patience is asked for."""
        places = {name: quote(str(value), safe="") for name, value in path.items()}
        request = requests.Request(
            route.method,
            self.url.rstrip("/") + route.path.format(**places),
            params={
                name: _asked(value) for name, value in (query or {}).items() if value is not None
            },
            headers={"Accept-Language": self.language, **_type_of(route), **_key_of(route)},
            data=_written(route, body),
            auth=self.auth,
        )
        response = self._believed(request, path)
        if not HTTPStatus.OK <= response.status_code < HTTPStatus.MULTIPLE_CHOICES:
            raise Problem(
                response.status_code, said(response), headers=response.headers, named=path
            )
        return response

    def _believed(self, request: requests.Request, named: Mapping[str, Any]) -> requests.Response:
        """Ask once more by fresh credentials when those at hand are not believed any more."""
        response, sent = self._answered(request, named)
        if response.status_code == HTTPStatus.UNAUTHORIZED and isinstance(self.auth, Renewed):
            self.auth.forget(sent)
            response, _ = self._answered(request, named)
        return response

    def _answered(
        self, request: requests.Request, named: Mapping[str, Any]
    ) -> tuple[requests.Response, requests.PreparedRequest]:
        last = self.patience.attempts - 1
        for attempt in range(self.patience.attempts):
            sent = self.session.prepare_request(request)  # anew: a signature is for one sending
            response = self._attempt(sent, named, is_last=attempt == last)
            asked = None
            if response is not None:
                asked = seconds(response.headers.get("Retry-After"))
                too_long = asked is not None and asked > self.patience.longest_pause
                if response.status_code not in PATIENCE or attempt == last or too_long:
                    return response, sent
            self.sleep(self.patience.pause(attempt, asked))
        raise ValueError("a call takes at least one attempt")

    def _attempt(
        self, sent: requests.PreparedRequest, named: Mapping[str, Any], *, is_last: bool
    ) -> requests.Response | None:
        timeout = (self.patience.connect_timeout, self.patience.read_timeout)
        try:
            return self.session.send(sent, timeout=timeout, allow_redirects=False)
        except NO_ANSWER as error:
            if is_last:
                what = f"{sent.method} {sent.url}: {type(error).__name__}"
                raise Away(what, named=named) from error
            return None


def _asked(value: Any) -> str | list[str]:
    """Write a value of a query as the gateway reads it; of several, each for itself."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, Collection) and not isinstance(value, str):
        return [str(_asked(each)) for each in value]
    return str(value)


def _type_of(route: Route) -> dict[str, str]:
    return {"Content-Type": route.content_type} if route.takes_body else {}


def _key_of(route: Route) -> dict[str, str]:
    """Name a call whose repeat could undo what somebody else did meanwhile."""
    return {IDEMPOTENCY_KEY: STEP.get() or str(uuid4())} if route.kept else {}


def _written(route: Route, body: Any) -> bytes | dict[str, Any] | None:
    if not route.takes_body:
        return None
    if isinstance(body, bytes):
        return body
    said = schema_of(type(body)).dump(body)  # type: ignore[arg-type]  # a class is hashable
    if route.content_type == FORM:
        return {name: value for name, value in said.items() if value is not None}
    if route.content_type == JSON:
        return json.dumps(said, ensure_ascii=False).encode()
    raise TypeError(f"{route.operation_id} takes bytes of {route.content_type}")
