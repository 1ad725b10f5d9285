"""Serve exactly the routes of contracts/routes/.

Each request passes the same steps, in this order: who is calling, how often, whether it has the
scope, the parameters, the body, the operation, the answer.  An operation cannot be reached around
them: nothing else is registered, and an audience without an authenticator stops the start.
"""

import json
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from email.utils import format_datetime
from http import HTTPStatus
from typing import Any, Final

import falcon

from contracts.routes import ROUTES
from contracts.routes.route import FORM, JSON, Audience, Retirement, Route
from contracts.schemas import schema_of
from services.gateway import bodies
from services.gateway.authentication.callers import Caller
from services.gateway.authentication.scopes import check_scope
from services.gateway.calls import Authenticator, Call, Content, Operation
from services.gateway.parameters import read_path, read_query
from services.gateway.preconditions import revalidate
from services.gateway.rates import Rate, Standing, UsedUp
from services.gateway.turns import Later

UNCACHED: Final = "no-store"


class Endpoint:
    """One route, ready to be called by Falcon."""

    def __init__(
        self,
        route: Route,
        authenticate: Authenticator,
        operation: Operation,
        turn: AbstractContextManager[object],
        rate: Rate | None = None,
    ) -> None:
        self._route, self._authenticate, self._operation = route, authenticate, operation
        self._turn, self._rate = turn, rate
        self._reply = schema_of(route.reply) if route.reply else None
        self._parameters, self._is_tagged = bool(route.parameters), route.revalidated
        self._let_in = route.let_in
        self._retirement = _headers_of(route.retirement) if route.retirement else {}

    def __call__(self, request: falcon.Request, response: falcon.Response, **path: str) -> None:
        route = self._route
        request.context.operation, request.context.route = route.operation_id, route
        if route.audience is not Audience.PUBLIC:
            response.set_header("Cache-Control", UNCACHED)
        if self._retirement:
            response.set_headers(self._retirement)
        with self._turn:
            self._serve(request, response, path)

    def _serve(
        self, request: falcon.Request, response: falcon.Response, path: dict[str, str]
    ) -> None:
        route = self._route
        caller = self._authenticate(request)
        if self._rate is not None:
            _admit(self._rate, caller, response)
        if self._let_in:
            check_scope(caller, self._let_in)
        call = Call(
            caller=caller,
            path=read_path(path) if self._parameters else path,
            query=read_query(request, route.query),
            body=self._read_body(request),
            request=request,
        )
        try:
            self._answer(response, self._operation(call))
        except Later:
            if self._rate is not None:
                self._rate.forget(caller)  # it is counted when it comes again
            raise
        if self._is_tagged:
            revalidate(request, response)

    def _read_body(self, request: falcon.Request) -> Any:
        route = self._route
        if route.content_type == FORM:
            return bodies.read_form(request)
        if route.body is not None:
            return bodies.read_json(request, route.body)
        if route.content_type != JSON:
            return bodies.read_bytes(request, route.content_type)
        return None

    def _answer(self, response: falcon.Response, result: Any) -> None:
        response.status = self._route.status
        if self._route.status == HTTPStatus.NO_CONTENT:
            return
        response.content_type = self._route.reply_content_type
        if isinstance(result, Content):
            response.data = result.data
            if result.status is not None:
                response.status = result.status
            if result.headers:
                response.set_headers(dict(result.headers))
        elif self._reply is not None:
            body = self._reply.dump(result)
            response.data = json.dumps(body, ensure_ascii=False).encode()


def _admit(rate: Rate, caller: Caller, response: falcon.Response) -> None:
    """Count a request, and tell how the caller stands; raise UsedUp."""
    try:
        _tell(rate.admit(caller), response)
    except UsedUp as error:
        _tell(error.standing, response)
        raise


def _tell(standing: Standing, response: falcon.Response) -> None:
    response.set_header("RateLimit-Policy", standing.policy)
    response.set_header("RateLimit", standing.limit)


def _headers_of(retirement: Retirement) -> dict[str, str]:
    return {
        "Deprecation": f"@{int(retirement.deprecated_at.timestamp())}",
        "Sunset": format_datetime(retirement.sunset_at, usegmt=True),
        "Link": f'<{retirement.successor}>; rel="successor-version"',
    }


def register(
    app: "falcon.App[Any, Any]",
    authenticators: Mapping[Audience, Authenticator],
    operations: Mapping[str, Operation],
    turns: Mapping[str, AbstractContextManager[object]],
    rates: Mapping[Audience, Rate],
) -> None:
    """Register every route; raise LookupError when routes and operations differ.

    `turns` are entered around whole requests of an operation, for those that want it; `rates` bound
    the requests of each caller of an audience.
    """
    wanted = {route.operation_id for route in ROUTES}
    if wanted != operations.keys():
        raise LookupError(f"routes and operations differ: {sorted(wanted ^ operations.keys())}")
    for path in dict.fromkeys(route.path for route in ROUTES):
        endpoints = {
            f"on_{route.method.lower()}": Endpoint(
                route,
                authenticators[route.audience],
                operations[route.operation_id],
                turns.get(route.operation_id, nullcontext()),
                rates.get(route.audience),
            )
            for route in ROUTES
            if route.path == path
        }
        if (shown := endpoints.get("on_get")) is not None:
            endpoints["on_head"] = shown  # Falcon leaves the content out
        app.add_route(path, _resource(endpoints))


def _resource(endpoints: Mapping[str, Endpoint]) -> object:
    """Make what Falcon calls a resource: an object with an `on_<method>` for each endpoint."""
    resource = type("Resource", (), {})()
    for name, endpoint in endpoints.items():
        setattr(resource, name, _responder(endpoint))
    return resource


def _responder(endpoint: Endpoint) -> Any:
    """Falcon wants functions, and looks at their names of arguments."""

    def respond(request: falcon.Request, response: falcon.Response, **path: str) -> None:
        endpoint(request, response, **path)

    return respond


def operations_of(resources: Iterable[object]) -> dict[str, Operation]:
    """Collect the public methods of resource objects: a method bears its operation's name."""
    return {
        name: getattr(resource, name)
        for resource in resources
        for name in vars(type(resource))
        if not name.startswith("_")
    }
