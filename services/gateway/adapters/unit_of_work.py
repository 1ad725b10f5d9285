"""One transaction of the gateway's consumers."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import Engine

from services.gateway.adapters.tables import messages
from services.plumbing.clock import Clock
from services.plumbing.unit_of_work import MessageContext, SqlUnitOfWork


def make_unit_of_work(
    engine: Engine, clock: Clock, message: MessageContext | None, wake: Callable[[], None]
) -> SqlUnitOfWork:
    """Return the unit of work of one message."""
    return SqlUnitOfWork(engine, messages, clock, message, wake)


class EventUnitOfWork(SqlUnitOfWork):
    """Knows the id of the event at hand, which names the deliveries that come of it."""

    event_id: UUID


def make_event_unit_of_work(
    engine: Engine, clock: Clock, message: MessageContext | None, wake: Callable[[], None]
) -> EventUnitOfWork:
    """Return the unit of work of one event."""
    uow = EventUnitOfWork(engine, messages, clock, message, wake)
    if message is not None:
        uow.event_id = message.id
    return uow
