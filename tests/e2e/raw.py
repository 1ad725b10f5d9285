"""Requests byte by byte, as no well-behaved client would send them, and what every answer owes."""

import json
import secrets
from dataclasses import dataclass
from functools import cached_property
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import requests

from contracts.problems import PROBLEMS
from services.gateway.authentication.signatures import sign
from services.gateway.keys import read_transport_key
from services.plumbing.clock import utc_now

TELLTALES = [
    *("Traceback", 'File "', "site-packages", "/cities/", "services/", "services.", ".py"),
    *("sqlalchemy", "psycopg", "sqlite", "falcon", "marshmallow", "joserfc", "jose"),
    *("cryptography", "nameko", "kombu", "amqp", "eventlet", "granian", "http_message_signatures"),
]


@dataclass(frozen=True)
class Reply:
    """An answer before anybody made sense of it."""

    status: int
    headers: dict[str, str]
    content: bytes

    @cached_property
    def body(self) -> Any:
        return json.loads(self.content)

    @property
    def fields(self) -> list[str]:
        return [error["field"] for error in self.body["errors"]]


def send(
    url: str, method: str, target: str, headers: dict[str, str], body: bytes | None = None
) -> Reply:
    """Send a request as it is; the target is not encoded, the headers are not checked."""
    connection = HTTPConnection(urlsplit(url).netloc, timeout=60)
    try:
        connection.putrequest(method, target, skip_host="Host" in headers)
        length = {} if body is None else {"Content-Length": str(len(body))}
        for name, value in (length | headers).items():
            connection.putheader(name, value)
        connection.endheaders(body)
        answer = connection.getresponse()
        named = {name.lower(): value for name, value in answer.getheaders()}
        return Reply(answer.status, named, answer.read())
    finally:
        connection.close()


def signed(
    url: str, method: str, target: str, keys: Any, body: bytes | None = None
) -> dict[str, str]:
    """Return the headers by which a city signs a request."""
    prepared = requests.Request(method, url + target, data=body).prepare()
    nonce = secrets.token_urlsafe(16)
    sign(prepared, key=read_transport_key(keys), now=utc_now(), nonce=nonce)
    wanted = {"signature", "signature-input", "content-digest"}
    return {name: value for name, value in prepared.headers.items() if name.lower() in wanted}


def objections(reply: Reply, *codes: str) -> list[str]:
    """Say what is wrong with a refusal: it must be a problem with one of these codes, and mute."""
    found = [f"tells {word!r}" for word in TELLTALES if word.encode() in reply.content]
    if "x-request-id" not in reply.headers:
        found.append("without X-Request-Id")
    if reply.headers.get("content-type") != "application/problem+json":
        return [*found, f"{reply.status} as {reply.headers.get('content-type')}"]
    code = reply.body["code"]
    if code not in codes or PROBLEMS[code].status != reply.status:
        found.append(f"{reply.status} {code}, not {codes}")
    return found
