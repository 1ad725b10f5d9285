"""A notice in the hands of the handler that obeys it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from contracts import wire
from services.recognition.domain.notice import Notice
from services.recognition.ports import Node, UnitOfWork

Body = TypeVar("Body")


@dataclass(frozen=True)
class Heard:
    """Invariant: the notice was checked to be `sender`'s own, and `uow`'s transaction is open."""

    sender: str
    notice: Notice
    uow: UnitOfWork
    node: Node
    now: datetime

    def read(self, kind: type[Body]) -> Body:
        """Read the body of its event; raises Malformed."""
        body: Any = wire.load(kind, self.notice.body)
        assert isinstance(body, kind)  # noqa: S101 - what wire.load promises
        return body
