"""One transaction of the gateway's consumers."""

from collections.abc import Callable

from sqlalchemy import Engine

from services.gateway.adapters.tables import messages
from services.plumbing.clock import Clock
from services.plumbing.unit_of_work import MessageContext, SqlUnitOfWork


def make_unit_of_work(
    engine: Engine, clock: Clock, message: MessageContext | None, wake: Callable[[], None]
) -> SqlUnitOfWork:
    """Return the unit of work of one message."""
    return SqlUnitOfWork(engine, messages, clock, message, wake)
