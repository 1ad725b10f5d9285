"""The registry of messages and their envelope.

Names are `owner.subject.fact.vN` (ADR 0002).  A published version only gains optional fields;
anything else is a new version.  The envelope is `{id, name, at, cause, body}`.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID, uuid4

from marshmallow import ValidationError

from contracts.errors import Malformed
from contracts.fields import Identifier, Moment
from contracts.schemas import schema_of

_NAME = re.compile(r"\A[a-z]+(\.[a-z_]+){2}\.v[1-9][0-9]*\Z")
_CAPITAL = re.compile(r"(?<!\A)(?=[A-Z])")

Message = TypeVar("Message", bound=type)


class Kind(StrEnum):
    """What a message is for."""

    COMMAND = "command"
    REPLY = "reply"
    EVENT = "event"


@dataclass(frozen=True)
class Contract:
    """One registered message version; a command also names the reply it gets."""

    name: str
    kind: Kind
    message: type
    reply: type | None = None

    @property
    def owner(self) -> str:
        """The service that owns the message."""
        return self.name.split(".", 1)[0]

    @property
    def method(self) -> str:
        """The handler's name: `IssueGrant` is answered by `issue_grant`."""
        return _CAPITAL.sub("_", self.message.__name__).lower()


@dataclass(frozen=True, kw_only=True)
class _Header:
    """What every envelope carries beside its body."""

    id: Identifier
    name: str
    at: Moment
    cause: Identifier | None = None


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """A message on its way; `cause` is the id of the message that led to it."""

    id: UUID
    name: str
    at: datetime
    cause: UUID | None
    body: Any


_BY_NAME: dict[str, Contract] = {}
_BY_CLASS: dict[type, Contract] = {}


def event(name: str) -> Callable[[Message], Message]:
    """Register an event class."""
    return _registrar(name, Kind.EVENT)


def reply(name: str) -> Callable[[Message], Message]:
    """Register a reply class."""
    return _registrar(name, Kind.REPLY)


def command(name: str, *, reply: type) -> Callable[[Message], Message]:
    """Register a command class with the reply its sender waits for."""
    return _registrar(name, Kind.COMMAND, reply)


def _registrar(name: str, kind: Kind, reply: type | None = None) -> Callable[[Message], Message]:
    def register(message: Message) -> Message:
        if not _NAME.match(name):
            raise ValueError(f"{name} is not owner.subject.fact.vN")
        if name in _BY_NAME or message in _BY_CLASS:
            raise ValueError(f"{name} is registered already")
        _BY_NAME[name] = _BY_CLASS[message] = Contract(name, kind, message, reply)
        return message

    return register


def catalogue() -> Iterator[Contract]:
    """Yield every registered contract, by name."""
    for name in sorted(_BY_NAME):
        yield _BY_NAME[name]


def contract_of(message: type) -> Contract:
    """Return the contract of a message class."""
    return _BY_CLASS[message]


def contract_named(name: str) -> Contract:
    """Return the contract of that name; raise Malformed when nobody registered it."""
    try:
        return _BY_NAME[name]
    except KeyError:
        raise Malformed("malformed", f"no message is named {name[:100]!r}") from None


def dump(message: Any) -> dict[str, Any]:
    """Return the JSON-ready body of a message."""
    body: dict[str, Any] = schema_of(message.__class__).dump(message)
    return body


def load(message: type, body: Any) -> Any:
    """Read a body tolerantly: unknown fields are ignored.  Raise Malformed with each bad field."""
    try:
        return schema_of(message).load(body)
    except ValidationError as error:
        raise Malformed(errors=flatten(error.messages)) from error


def encode(
    message: Any, *, at: datetime, id: UUID | None = None, cause: UUID | None = None
) -> dict[str, Any]:
    """Put a message into its envelope."""
    header = _Header(id=id or uuid4(), name=contract_of(type(message)).name, at=at, cause=cause)
    return {**schema_of(_Header).dump(header), "body": dump(message)}


def decode(data: Any) -> Envelope:
    """Open an envelope.  Raise Malformed when it or its body breaks the contract."""
    if not isinstance(data, Mapping):
        raise Malformed("malformed", "an envelope is an object")
    header = load(_Header, dict(data))
    body = load(contract_named(header.name).message, data.get("body"))
    return Envelope(id=header.id, name=header.name, at=header.at, cause=header.cause, body=body)


def flatten(messages: Any, path: str = "") -> dict[str, str]:
    """Turn nested validation messages into `{"limits.quota": "Not a valid integer."}`."""
    if isinstance(messages, Mapping):
        flat: dict[str, str] = {}
        for key, inner in messages.items():
            step = "" if key == "_schema" else str(key)
            flat |= flatten(inner, ".".join(part for part in (path, step) if part))
        return flat
    lines = messages if isinstance(messages, list) else [messages]
    return {path or "body": " ".join(str(line) for line in lines)}
