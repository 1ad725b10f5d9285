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
from contracts.routes.headers import IF_MATCH, IF_NONE_MATCH, TAG_PATTERN
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


class Comparing:
    """An operation that changes something: whoever relies on what is not compared is told so.

    What is no tag is refused before anything else, also where an earlier answer was kept.  Nothing
    is made only if it is not there yet: the id that its maker chose says what is theirs.
    """

    def __init__(self, operation: Operation, *, guarded: bool) -> None:
        self._operation, self._guarded = operation, guarded
        self._unheeded = (IF_NONE_MATCH,) if guarded else (IF_MATCH, IF_NONE_MATCH)

    def __call__(self, call: Call[Any, Any]) -> Any:
        for name in self._unheeded:
            if call.request.get_header(name) is not None:
                raise Malformed(errors={f"header.{name}": "Nothing is compared here."})
        if self._guarded:
            seen(call)
        return self._operation(call)


def comparing(operations: Mapping[str, Operation]) -> dict[str, Operation]:
    """Let every change say which condition it does not compare."""
    changes = {route.operation_id: route for route in ROUTES if route.is_change}
    return {
        name: Comparing(operation, guarded=changes[name].guarded) if name in changes else operation
        for name, operation in operations.items()
    }
