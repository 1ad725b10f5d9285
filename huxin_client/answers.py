"""What comes of a call that is not what was asked for: a no, or no answer."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

import requests

PATIENCE: Final = frozenset(
    {
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
    }
)


class Problem(Exception):
    """The gateway says no (RFC 9457); `code` is stable, `next_step` is for people.

    `errors` names what is wrong with each field of a malformed request, `request_id` what to tell
    the city about it, `retry_after` the seconds after which to ask again, `named` the ids of the
    call, also those that were made up.
    """

    def __init__(
        self,
        status: int,
        body: Mapping[str, Any],
        *,
        headers: Mapping[str, str] = {},
        named: Mapping[str, Any] = {},
    ) -> None:
        self.status = status
        self.code = str(body.get("code") or body.get("error") or body.get("err") or status)
        self.title = str(body.get("title", ""))
        self.next_step = str(body.get("next_step", ""))
        self.detail = str(body.get("detail") or body.get("error_description") or "")
        self.errors = _fields(body.get("errors"))
        self.request_id = headers.get("X-Request-Id", "")
        self.retry_after = seconds(headers.get("Retry-After"))
        self.named = dict(named)
        super().__init__(" ".join(filter(None, (self.code, self.title, self.detail))))

    @property
    def is_passing(self) -> bool:
        """Whether the same call may get another answer later."""
        return self.status in PATIENCE


class Away(Exception):
    """No answer, after every attempt; whether the call was done is not known, so repeat it.

    `named` has the ids of the call, also those that were made up: repeat it by the same.
    """

    def __init__(self, what: str, *, named: Mapping[str, Any] = {}) -> None:
        self.named = dict(named)
        super().__init__(what)


def said(response: requests.Response) -> Mapping[str, Any]:
    try:
        body = response.json()
    except ValueError:
        body = {}
    return body if isinstance(body, dict) else {}


def seconds(text: str | None) -> float | None:
    return float(text) if text is not None and text.isascii() and text.isdigit() else None


def _fields(errors: Any) -> dict[str, str]:
    """Read what is wrong by field; what stands before a gateway may say it otherwise."""
    listed = errors if isinstance(errors, list) else []
    return {
        str(each["field"]): str(each.get("message", ""))
        for each in listed
        if isinstance(each, dict) and "field" in each
    }
