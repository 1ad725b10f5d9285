"""What an operation is given and may give back; HTTP ends here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

import falcon

from services.gateway.access import cause_of

C = TypeVar("C")
B = TypeVar("B")


@dataclass(frozen=True, kw_only=True)
class Call(Generic[C, B]):
    """One request, authenticated and read: the caller, the parameters and the body."""

    caller: C
    path: Mapping[str, Any]
    query: Mapping[str, Any]
    body: B
    request: falcon.Request

    @property
    def cause(self) -> UUID | None:
        """The id of the request, as the cause of what it leads to."""
        return cause_of(self.request)


@dataclass(frozen=True)
class Content:
    """An answer that is not simply the route's reply as JSON with the route's status."""

    data: bytes
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


class Bus(Protocol):
    """Sends a command to the service that owns it."""

    def call(self, command: Any, *, cause: UUID | None = None) -> Any:
        """Return the reply; raise contracts.errors."""


class Authenticator(Protocol):
    """Finds out who is calling; raises Unauthenticated or Forbidden."""

    def __call__(self, request: falcon.Request) -> Any: ...


class Operation(Protocol):
    """Does what one route says: returns the route's reply, Content or nothing."""

    def __call__(self, call: Call[Any, Any]) -> Any: ...
