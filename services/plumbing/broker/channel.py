"""The channel that kombu and nameko talk to."""

from kombu.transport.base import StdChannel

from services.plumbing.broker.consuming import Consuming
from services.plumbing.broker.publishing import Publishing
from services.plumbing.broker.topology import Topology


class Channel(Topology, Publishing, Consuming, StdChannel):
    """Names, signatures and errors are py-amqp's, so that callers need not tell the two apart."""

    def close(self) -> None:
        """Close in good order.  Safe to repeat."""
        if self.connection is not None:
            self.give_all_back()
            self.drop()

    def drop(self) -> None:
        """Close without a word to the queues, as when the broker is gone."""
        if self.connection is not None:
            self.connection.channels.pop(self.channel_id, None)
        self.connection = None
