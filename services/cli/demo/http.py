"""One HTTP call as a person reads it: status, body, and the problem code when refused."""

from dataclasses import dataclass
from typing import Any

import requests

TIMEOUT_SECONDS = 15


@dataclass(frozen=True)
class Answer:
    """What a gateway said."""

    status: int
    content: bytes
    body: Any

    @property
    def code(self) -> str:
        """The stable problem code (RFC 9457 extension member), or empty."""
        return str(self.body.get("code", "")) if isinstance(self.body, dict) else ""

    @property
    def ok(self) -> bool:
        """Whether the gateway did what it was asked (2xx)."""
        return self.status // 100 == 2  # noqa: PLR2004  the class of success, RFC 9110 §15.3

    def __getitem__(self, name: str) -> Any:
        return self.body[name]


def read(response: requests.Response) -> Answer:
    """Read a response whose body is JSON, or something else left as text."""
    kind = response.headers.get("Content-Type", "")
    body = response.json() if "json" in kind else response.text
    return Answer(response.status_code, response.content, body)


class Door:
    """One city's gateway, as somebody with one bearer token (or none) sees it."""

    def __init__(self, url: str, token: str | None = None, language: str = "zh") -> None:
        self.url = url
        self._session = requests.Session()
        self._session.headers["Accept-Language"] = language
        if token:
            self._session.headers["Authorization"] = f"Bearer {token}"

    def get(self, path: str, **query: str) -> Answer:
        return read(self._session.get(self.url + path, params=query, timeout=TIMEOUT_SECONDS))

    def put(self, path: str, body: Any = None) -> Answer:
        return read(self._session.put(self.url + path, json=body, timeout=TIMEOUT_SECONDS))

    def post(self, path: str, body: Any = None, form: dict[str, str] | None = None) -> Answer:
        response = self._session.post(
            self.url + path, json=body, data=form, timeout=TIMEOUT_SECONDS
        )
        return read(response)

    def delete(self, path: str) -> Answer:
        return read(self._session.delete(self.url + path, timeout=TIMEOUT_SECONDS))
