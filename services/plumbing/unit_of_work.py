"""One transaction: a change, its announcements and the mark that its message was handled."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self
from uuid import UUID

from sqlalchemy import Connection, Engine, RootTransaction, insert
from sqlalchemy.exc import IntegrityError

from contracts import wire
from services.plumbing.clock import Clock
from services.plumbing.database import at_once
from services.plumbing.message_tables import MessageTables


@dataclass(frozen=True)
class MessageContext:
    """The message being handled; `consumer` is the queue of an event, None for a command."""

    id: UUID
    name: str
    cause: UUID | None = None
    consumer: str | None = None


class AlreadyHandled(Exception):
    """The event was handled before; a second delivery changes nothing."""


class Outbox:
    """Invariant: what is added leaves if and only if the transaction commits."""

    def __init__(
        self, connection: Connection, tables: MessageTables, clock: Clock, cause: UUID | None
    ) -> None:
        self._connection, self._table, self._clock = connection, tables.outbox, clock
        self._cause = cause
        self.added: list[Any] = []

    def add(self, event: Any) -> None:
        """Announce an event."""
        envelope = wire.encode(event, at=self._clock(), cause=self._cause)
        row = {
            "message_id": UUID(envelope["id"]),
            "name": envelope["name"],
            "envelope": json.dumps(envelope, ensure_ascii=False, separators=(",", ":")),
        }
        self._connection.execute(insert(self._table), row)
        self.added.append(event)


def _nobody_waits() -> None:
    """Wake nobody: a relay that polls finds the rows all the same."""


class SqlUnitOfWork:
    """Invariant: leaving without `commit` leaves nothing behind.

    One `with` at a time; it may be entered again.  The first transaction that commits while an
    event is handled also records the event as handled, so all effects of an event belong there.
    """

    connection: Connection
    outbox: Outbox

    def __init__(
        self,
        engine: Engine,
        tables: MessageTables,
        clock: Clock,
        message: MessageContext | None = None,
        wake: Callable[[], None] = _nobody_waits,
    ) -> None:
        self._engine, self._tables, self._clock = engine, tables, clock
        self._message, self._wake = message, wake
        self._recorded = message is None or message.consumer is None
        self._transaction: RootTransaction

    def open(self) -> None:
        """Build repositories from `self.connection`; called at each entry."""

    def __enter__(self) -> Self:
        """Begin; raise AlreadyHandled when the event at hand was handled before."""
        self.connection = self._engine.connect()
        try:
            self._transaction = self.connection.begin()
            cause = self._message.id if self._message else None
            self.outbox = Outbox(self.connection, self._tables, self._clock, cause)
            self._record_message()
            self.open()
        except BaseException:
            self.connection.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.connection.close()  # rolls back what was not committed

    @contextmanager
    def glance(self) -> Iterator[Self]:
        """Open for reading alone, in one round trip for each statement.

        Nothing that is seen stays as it is: what is decided on it has to be seen again.
        """
        with at_once(self._engine) as self.connection:
            self.open()
            yield self

    def commit(self) -> None:
        """Make everything since the entry lasting, and let the announcements leave."""
        self._transaction.commit()
        self._recorded = True
        if self.outbox.added:
            self._wake()

    def _record_message(self) -> None:
        if self._recorded or self._message is None:
            return
        row = {
            "consumer": self._message.consumer,
            "message_id": self._message.id,
            "handled_at": self._clock(),
        }
        try:
            self.connection.execute(insert(self._tables.inbox), row)
        except IntegrityError as error:
            raise AlreadyHandled(str(self._message.id)) from error
