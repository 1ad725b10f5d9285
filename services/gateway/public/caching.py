"""Answers that caches may keep, and that need not be sent again (RFC 9110 §13)."""

import hashlib
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import falcon

from services.gateway.calls import Call, Content


def cacheable(call: Call[Any, None], data: bytes, headers: Mapping[str, str]) -> Content:
    """Answer with a document, or that it is still the one the caller has."""
    etag = f'"{hashlib.sha256(data).hexdigest()[:32]}"'
    marked = {**headers, "ETag": etag}
    if _has(call.request, etag):
        return Content(b"", HTTPStatus.NOT_MODIFIED, marked)
    return Content(data, headers=marked)


def _has(request: falcon.Request, etag: str) -> bool:
    return any(known == "*" or f'"{known}"' == etag for known in request.if_none_match or ())
