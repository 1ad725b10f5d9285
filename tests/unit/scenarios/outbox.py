"""What an SQL unit of work has announced, read from its table."""

import json

from sqlalchemy import select

from contracts import wire
from services.scenarios.adapters.tables import messages


def events_of(uow, kind):
    """Return the announced events of a class, oldest first."""
    with uow:
        found = uow.connection.execute(select(messages.outbox.c.envelope)).scalars().all()
    bodies = [wire.decode(json.loads(envelope)).body for envelope in found]
    return [body for body in bodies if type(body) is kind]
