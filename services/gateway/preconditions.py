"""Conditional requests (RFC 9110 §13; ADR 0040).

An answer to a GET is tagged by its bytes, and not sent again to whoever has it.  A change that
names what its caller saw is made only if that is still so; whoever makes it compares.
"""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

import falcon

from contracts.errors import Malformed
from contracts.routes import ROUTES
from contracts.routes.headers import IF_MATCH, TAG_PATTERN
from contracts.tags import tag
from services.gateway.calls import Call, Operation

_TAG: Final = re.compile(TAG_PATTERN.removesuffix("$") + r"\Z")


def revalidate(request: falcon.Request, response: falcon.Response) -> None:
    """Tag the answer, and leave it out when the caller has it (If-None-Match)."""
    if response.status_code != HTTPStatus.OK:
        return
    etag = f'"{tag(response.data or b"")}"'
    response.set_header("ETag", etag)
    if any(known == "*" or f'"{known}"' == etag for known in request.if_none_match or ()):
        response.status, response.data = HTTPStatus.NOT_MODIFIED, None
        del response.content_type  # it has no content


def seen(call: Call[Any, Any]) -> str | None:
    """Return the tag of what the caller saw, if they say; raise Malformed for anything else."""
    given = call.request.get_header(IF_MATCH)
    if given is None:
        return None
    if _TAG.match(given) is None:
        raise Malformed(errors={f"header.{IF_MATCH}": "Name the one ETag that was seen."})
    return given[1:-1]


class Unconditional:
    """An operation that compares nothing: whoever relies on it is told, and not passed over."""

    def __init__(self, operation: Operation) -> None:
        self._operation = operation

    def __call__(self, call: Call[Any, Any]) -> Any:
        if call.request.get_header(IF_MATCH) is not None:
            raise Malformed(errors={f"header.{IF_MATCH}": "Nothing is compared here."})
        return self._operation(call)


def comparing(operations: Mapping[str, Operation]) -> dict[str, Operation]:
    """Let every change that compares nothing say so."""
    blind = {route.operation_id for route in ROUTES if route.is_change and not route.guarded}
    return {
        name: Unconditional(operation) if name in blind else operation
        for name, operation in operations.items()
    }
