"""What every part of a channel stands on: its connection, as long as there is one."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from amqp.exceptions import RecoverableConnectionError

if TYPE_CHECKING:
    from services.plumbing.broker.broker import Broker
    from services.plumbing.broker.connection import Connection


class Link:
    """Invariant: `connection` is None once the channel is closed; nameko looks at it."""

    def __init__(self, connection: "Connection", channel_id: int) -> None:
        self.connection: Connection | None = connection
        self.channel_id = channel_id

    @property
    def is_open(self) -> bool:
        return self.connection is not None

    @property
    def broker(self) -> "Broker":
        """The broker; RecoverableConnectionError when closed, WrongThread from another thread."""
        if self.connection is None:
            raise RecoverableConnectionError("channel closed")
        return self.connection.broker

    def notify(self, event: Callable[[], None]) -> None:
        """Let the client run an event when it next drains; a closed channel has no more."""
        if self.connection is not None:
            self.connection.notify(event)
