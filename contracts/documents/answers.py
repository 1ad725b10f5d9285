"""What follows from an answer, for openapi.json: its header fields, and where its id leads."""

from dataclasses import fields
from http import HTTPStatus
from typing import Any, Final

from contracts.routes import ROUTES
from contracts.routes.route import Audience, Route


def _header(meaning: str, example: str, **schema: Any) -> dict[str, Any]:
    return {
        "description": meaning,
        "required": True,
        "schema": {"type": "string", "minLength": 1, **schema},
        "example": example,
    }


HEADERS: Final[dict[str, dict[str, Any]]] = {
    "X-Request-Id": _header(
        "The name of the request, the caller's own or a new one.",
        "7d5e2f0c-93a1-4c1e-8a55-0000000000a7",
        pattern="^[A-Za-z0-9._-]{8,64}$",
    ),
    "RateLimit-Policy": _header(
        "How many requests a caller may make, in how many seconds.", '"operator";q=6000;w=60'
    ),
    "RateLimit": _header(
        "How many are left, and in how many seconds there will be all.", '"operator";r=5999;t=1'
    ),
    "ETag": _header("What to ask with next time, as If-None-Match.", '"3f786850e387550f"'),
    "Retry-After": _header("After how many seconds to try again.", "2", pattern="^[0-9]{1,5}$"),
    "WWW-Authenticate": _header("How to prove who is asking (RFC 9110).", "Bearer"),
    "Content-Language": _header("The language of the texts.", "zh", enum=["zh", "en"]),
}
"""By name; each is there whenever an answer is said to have it."""

_OF_PROBLEMS: Final[dict[int, tuple[str, ...]]] = {
    HTTPStatus.UNAUTHORIZED: ("WWW-Authenticate",),
    HTTPStatus.TOO_MANY_REQUESTS: ("Retry-After", "RateLimit-Policy", "RateLimit"),
    HTTPStatus.SERVICE_UNAVAILABLE: ("Retry-After",),
}


def headers_of(route: Route) -> dict[str, Any]:
    """Return the header fields of a route's own answer."""
    rated = () if route.audience is Audience.PUBLIC else ("RateLimit-Policy", "RateLimit")
    return _references("X-Request-Id", *rated, *(("ETag",) if route.revalidated else ()))


def headers_of_problem(status: int) -> dict[str, Any]:
    """Return the header fields of a refusal."""
    return _references("X-Request-Id", *_OF_PROBLEMS.get(status, ()))


def _references(*names: str) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def links_of(route: Route) -> dict[str, Any]:
    """Return where one may go with what a PUT made: every operation on the thing of its id."""
    if route.method != "PUT" or route.reply is None or not route.path.endswith("}"):
        return {}
    known = {field.name: f"$response.body#/{field.name}" for field in fields(route.reply)}
    known |= {name: f"$request.path.{name}" for name in route.parameters}
    collection = "/".join(route.path.split("/")[-2:])
    return {
        other.operation_id: {
            "operationId": other.operation_id,
            "parameters": {name: known[name] for name in other.parameters},
        }
        for other in ROUTES
        if other is not route
        and f"/{collection}" in other.path
        and set(other.parameters) <= known.keys()
    }
