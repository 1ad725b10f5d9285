"""A notice in the hands of the handler that obeys it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from contracts import wire
from contracts.errors import Malformed
from contracts.words import RevocationReason
from services.recognition.domain.notice import Notice
from services.recognition.ports import Node, UnitOfWork

Body = TypeVar("Body")


@dataclass(frozen=True)
class Heard:
    """Invariant: the notice was checked to be `sender`'s own, and `uow`'s transaction is open.

    `found` is what was found out before it was opened, for events that need it.
    """

    sender: str
    notice: Notice
    uow: UnitOfWork
    node: Node
    now: datetime
    found: Any = None

    def read(self, kind: type[Body]) -> Body:
        """Read the body of its event; raises Malformed."""
        body: Any = wire.load(kind, self.notice.body)
        assert isinstance(body, kind)  # noqa: S101 - what wire.load promises
        return body

    def read_for_any_reason(self, kind: type[Body]) -> Body:
        """Read a body that gives a reason, to be obeyed even for one that is no word here."""
        try:
            return self.read(kind)
        except Malformed as error:
            if error.errors.keys() != {"reason"}:
                raise
            body: Any = wire.load(
                kind, {**self.notice.body, "reason": RevocationReason.CITY_DECISION}
            )
            assert isinstance(body, kind)  # noqa: S101 - what wire.load promises
            return body
