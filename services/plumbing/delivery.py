"""A message as it came from a queue, before anybody knows whether it can be read."""

import base64
import hashlib
import json
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

from contracts import wire
from contracts.errors import Malformed

JSON = "application/json"
UTF_8 = "utf-8"
BASE64 = "base64"


@dataclass(frozen=True)
class Delivery:
    """Invariant: nothing of what came is lost; a body that is no text is kept in base64."""

    body: str
    encoding: str
    content_type: str | None
    name: str | None

    @classmethod
    def of(cls, message: Any) -> Self:
        """Take a kombu message that nobody has decoded."""
        raw = message.body if isinstance(message.body, bytes) else str(message.body).encode()
        try:
            body, encoding = raw.decode(UTF_8), UTF_8
        except UnicodeDecodeError:
            body, encoding = base64.b64encode(raw).decode("ascii"), BASE64
        if "\x00" in body:  # PostgreSQL's text cannot hold it
            body, encoding = base64.b64encode(raw).decode("ascii"), BASE64
        kind, name = message.content_type, message.properties.get("type")
        return cls(body, encoding, kind and str(kind)[:128], name and str(name)[:128])

    def open(self) -> wire.Envelope:
        """Read the envelope; raise Malformed when it breaks the contract."""
        if self.content_type != JSON or self.encoding != UTF_8:
            raise Malformed("malformed", "not JSON in UTF-8")
        try:
            data = json.loads(self.body)
        except (ValueError, RecursionError):
            raise Malformed("malformed", "not JSON") from None
        return wire.decode(data)

    @property
    def raw(self) -> bytes:
        """The body as it came."""
        return base64.b64decode(self.body) if self.encoding == BASE64 else self.body.encode()

    @property
    def digest(self) -> str:
        """Name a message that has no id."""
        return hashlib.sha256(self.body.encode()).hexdigest()


class Arrival(NamedTuple):
    """A message that came, with its envelope, or with what is wrong with it."""

    message: Any
    delivery: Delivery
    envelope: wire.Envelope | None
    error: Malformed | None

    @classmethod
    def of(cls, message: Any) -> Self:
        """Take a kombu message that nobody has decoded."""
        delivery = Delivery.of(message)
        try:
            return cls(message, delivery, delivery.open(), None)
        except Malformed as malformed:
            return cls(message, delivery, None, malformed)

    @property
    def key(self) -> str:
        """Name it, even if it has no id."""
        return str(self.envelope.id) if self.envelope else self.delivery.digest
