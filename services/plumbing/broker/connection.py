"""A client's connection to the broker: its channels, and the events that wake it."""

from collections.abc import Callable
from itertools import count

from amqp.exceptions import RecoverableConnectionError
from kombu.connection import Connection as Client

from services.plumbing.broker.broker import Broker
from services.plumbing.broker.channel import Channel
from services.plumbing.green import eventlet


class Connection:
    """Invariant: callbacks run only inside `drain_events`, one event a call, as with py-amqp."""

    def __init__(self, client: Client, broker: Broker, *, confirm_publish: bool) -> None:
        broker.check_thread()
        broker.sessions.add(self)
        self.client = client
        self.confirm_publish = confirm_publish
        self.channels: dict[int, Channel] = {}
        self.connected = True
        self._broker = broker
        self._channel_ids = count(1)
        self._events = eventlet.queue.LightQueue()

    @property
    def broker(self) -> Broker:
        """The broker, or RecoverableConnectionError when this connection has ended."""
        if not self.connected:
            raise RecoverableConnectionError("connection closed")
        self._broker.check_thread()
        return self._broker

    def channel(self) -> Channel:
        self.broker.check_thread()
        channel = Channel(self, next(self._channel_ids))
        self.channels[channel.channel_id] = channel
        return channel

    def notify(self, event: Callable[[], None] | None) -> None:
        """Queue an event for the client; None tells it that the connection has ended."""
        self._events.put(event)

    def drain_events(self, timeout: float | None = None) -> None:
        """Wait for one event and run it; TimeoutError (socket.timeout) after `timeout` seconds."""
        self.broker.check_thread()
        try:
            event = self._events.get(timeout=timeout)
        except eventlet.queue.Empty:
            raise TimeoutError from None
        if event is None:
            self.notify(None)  # for others who wait
            raise RecoverableConnectionError("connection closed")
        event()

    def close(self) -> None:
        """Give unanswered messages back and delete the queues that only this connection had."""
        if not self.connected:
            return
        broker = self.broker
        for channel in list(self.channels.values()):
            channel.close()
        for queue in [queue for queue in broker.queues.values() if queue.owner is self]:
            broker.delete_queue(queue)
        self.drop()

    def drop(self) -> None:
        """End without a word to the queues, as when the broker is gone."""
        self.connected = False
        self._broker.sessions.discard(self)
        for channel in list(self.channels.values()):
            channel.drop()
        self.notify(None)
