"""One transaction: a change, its announcements and the mark that its message was handled."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from types import TracebackType
from typing import Any, Self
from uuid import UUID

from sqlalchemy import Connection, Engine, Insert, RootTransaction, insert

from contracts import wire
from services.plumbing.clock import Clock
from services.plumbing.database import at_once
from services.plumbing.message_tables import MessageTables
from services.plumbing.rows import insert_new


@dataclass(frozen=True)
class MessageContext:
    """The message being handled; `consumer` is the queue of an event, None for a command."""

    id: UUID
    name: str
    cause: UUID | None = None
    consumer: str | None = None


class AlreadyHandled(Exception):
    """The event was handled before; a second delivery changes nothing."""


class NotTogether(Exception):
    """An event has to be handled alone; nothing stands of those that were handled with it."""


class Outbox:
    """Invariant: what is added leaves if and only if the transaction commits."""

    def __init__(self, clock: Clock, cause: UUID | None) -> None:
        self._clock, self._cause = clock, cause
        self.added: list[Any] = []
        self.rows: list[dict[str, Any]] = []  # not stored before the end: one statement for all

    def add(self, event: Any) -> None:
        """Announce an event."""
        envelope = wire.encode(event, at=self._clock(), cause=self._cause)
        row = {
            "message_id": UUID(envelope["id"]),
            "name": envelope["name"],
            "envelope": json.dumps(envelope, ensure_ascii=False, separators=(",", ":")),
        }
        self.rows.append(row)
        self.added.append(event)


class Shared:
    """The transaction of several events: what they announced, and whether each committed."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []
        self.handled = 0
        self.committed = False
        self.spoilt = False  # somebody left without `commit`, and what they did is still there


@cache
def _insertion(tables: MessageTables) -> Insert:
    return insert(tables.outbox)


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
        self._shared: Shared | None = None

    def open(self) -> None:
        """Build repositories from `self.connection`; called at each entry."""

    @property
    def message_id(self) -> UUID:
        """The id of the message at hand, which names what comes of it; a timer has none."""
        if self._message is None:
            raise LookupError("no message is at hand")
        return self._message.id

    def __enter__(self) -> Self:
        """Begin; raise AlreadyHandled when the event at hand was handled before."""
        self.outbox = Outbox(self._clock, self._message.id if self._message else None)
        if self._shared:
            self._shared.committed = False
            self.open()
            return self
        self.connection = self._engine.connect()
        try:
            self._transaction = self.connection.begin()
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
        if self._shared:
            self._shared.spoilt |= not self._shared.committed
        else:
            self.connection.close()  # rolls back what was not committed

    @contextmanager
    def glance(self) -> Iterator[Self]:
        """Open for reading alone, in one round trip for each statement.

        Nothing that is seen stays as it is: what is decided on it has to be seen again.
        """
        if self._shared:
            self.open()
            yield self
            return
        with at_once(self._engine) as self.connection:
            self.open()
            yield self

    def commit(self) -> None:
        """Make everything since the entry lasting, and let the announcements leave."""
        if self._shared:
            self._shared.committed = True
            self._shared.rows += self.outbox.rows
            return
        self._store(self.outbox.rows)
        self._transaction.commit()
        self._recorded = True
        if self.outbox.added:
            self._wake()

    def alone(self) -> None:
        """Say that what follows is not to be done together with other events.

        Raises NotTogether where it would be; the event at hand is then handled again, alone.
        """
        if self._shared:
            raise NotTogether

    def together(self, events: Sequence[tuple[MessageContext, Callable[[], None]]]) -> int:
        """Handle events one after the other in one transaction; say how many were new.

        All of them stand afterwards, or, when anything is raised, none: NotTogether when a handler
        did not commit, and whatever a handler raises.  What was handled before is left out.
        """
        with self._engine.begin() as self.connection:
            shared = self._shared = Shared()
            try:
                new = self._record([context for context, _ in events])
                for context, handle in events:
                    if context.id in new:
                        new.remove(context.id)
                        shared.handled += 1
                        self._message, shared.committed = context, False
                        handle()
                        if shared.spoilt or not shared.committed:
                            raise NotTogether(context.name)
                self._store(shared.rows)
            finally:
                self._shared = None
        if shared.rows:
            self._wake()
        return shared.handled

    def _store(self, rows: list[dict[str, Any]]) -> None:
        if rows:
            self.connection.execute(_insertion(self._tables), rows)

    def _record_message(self) -> None:
        if self._recorded or self._message is None:
            return
        if not self._record([self._message]):
            raise AlreadyHandled(str(self._message.id))

    def _record(self, messages: Sequence[MessageContext]) -> set[UUID]:
        """Mark events as handled; return which of them are new.

        On PostgreSQL somebody else who is handling one of them is waited for.
        """
        now = self._clock()
        rows = [
            {"consumer": each.consumer, "message_id": each.id, "handled_at": now}
            for each in messages
        ]
        new = insert_new(self.connection, self._tables.inbox, rows)
        return {row.message_id for row in new}
