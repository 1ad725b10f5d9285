"""Commands under way over one pair of connections, until the first of them fails."""

import contextlib
import json
import os
import threading
import time
from concurrent.futures import Future
from typing import Any
from uuid import uuid4

import structlog
from kombu.entity import Queue
from kombu.messaging import Consumer, Producer

from contracts.errors import Internal, Unavailable
from services.plumbing.topology import BROKER_AWAY, RPC, connection_to, open_within

DRAIN_SECONDS = 0.2  # how soon a close is noticed
HEARTBEAT_SECONDS = 10
LEAST_SECONDS = 1.0  # for the broker: a caller short of time must not make it seem away

log = structlog.get_logger(__name__)


class Calls:
    """Invariant: every call ends: with its reply, or Unavailable when time or connection is over.

    Two connections, since two threads cannot share one: callers publish under a lock, and one
    thread takes the replies from a queue that dies with its connection.
    """

    def __init__(self, url: str, timeout: float) -> None:
        self.process = os.getpid()
        self.alive = True
        self._pending: dict[str, Future[Any]] = {}
        self._publishing = threading.Lock()
        self._address = uuid4().hex
        self._requests = connection_to(url, confirm=True)
        self._replies = connection_to(url, heartbeat=HEARTBEAT_SECONDS)
        try:
            self._producer = self._open(timeout)
        except BROKER_AWAY:
            self._requests.collect()
            self._replies.collect()
            raise
        threading.Thread(target=self._listen, name="bus replies", daemon=True).start()

    def _open(self, timeout: float) -> Producer:
        deadline = time.monotonic() + timeout
        open_within(self._requests, timeout)
        open_within(self._replies, max(deadline - time.monotonic(), LEAST_SECONDS))
        self._open_replies()
        return self._open_requests()

    def _open_requests(self) -> Producer:
        channel = self._requests.channel()
        RPC(channel).declare()
        channel.events["basic_return"].add(self._on_return)
        return Producer(channel, auto_declare=False)

    def _open_replies(self) -> None:
        queue = Queue(
            f"replies.{self._address}",
            exchange=RPC,
            routing_key=self._address,
            durable=False,
            exclusive=True,
            auto_delete=True,
        )
        channel = self._replies.channel()
        Consumer(channel, [queue], on_message=self._on_reply, no_ack=True).consume()

    def send(self, address: str, arguments: list[Any], timeout: float) -> dict[str, Any]:
        """Send a request and return nameko's reply to it; raise Unavailable."""
        deadline = time.monotonic() + timeout
        correlation_id, future = uuid4().hex, Future[Any]()
        self._pending[correlation_id] = future
        try:
            self._publish(address, arguments, correlation_id, deadline)
            reply: dict[str, Any] = json.loads(future.result(deadline - time.monotonic()))
        except TimeoutError:
            raise Unavailable("unavailable", f"no reply from {address}") from None
        except ValueError as error:
            raise Internal("internal", f"the reply from {address} is not JSON") from error
        finally:
            self._pending.pop(correlation_id, None)
        return reply

    def end(self) -> None:
        """Close the connections and fail what waits.  Safe to repeat, from any thread."""
        self.alive = False
        for correlation_id in list(self._pending):
            self._fail(correlation_id, "the broker is away")

    def _publish(
        self, address: str, arguments: list[Any], correlation_id: str, deadline: float
    ) -> None:
        if not self._publishing.acquire(timeout=max(deadline - time.monotonic(), 0)):
            raise Unavailable("unavailable", "the broker is slow")
        try:
            if self.alive:
                left = max(deadline - time.monotonic(), LEAST_SECONDS)
                self._producer.publish(
                    {"args": arguments, "kwargs": {}},
                    exchange=RPC,
                    routing_key=address,
                    serializer="json",
                    reply_to=self._address,
                    correlation_id=correlation_id,
                    delivery_mode="transient",
                    mandatory=True,
                    expiration=left,  # nobody waits for a reply to it any longer
                    confirm_timeout=left,
                )
        except BROKER_AWAY as error:
            log.warning("request_lost", error=type(error).__name__)
            self.end()
        finally:
            self._publishing.release()
        if not self.alive:
            raise Unavailable("unavailable", "the broker is away")

    def _on_return(self, _error: Exception, _exchange: str, key: str, message: Any) -> None:
        self._fail(message.properties["correlation_id"], f"nobody answers {key}")

    def _fail(self, correlation_id: str, why: str) -> None:
        if future := self._pending.pop(correlation_id, None):
            future.set_exception(Unavailable("unavailable", why))

    def _on_reply(self, message: Any) -> None:
        if future := self._pending.pop(message.properties.get("correlation_id"), None):
            future.set_result(message.body)

    def _listen(self) -> None:
        """Take replies until the end; then close what this thread and the callers used."""
        check_at = 0.0
        try:
            while self.alive:
                if time.monotonic() >= check_at:
                    self._replies.heartbeat_check()
                    check_at = time.monotonic() + 1
                with contextlib.suppress(TimeoutError):
                    self._replies.drain_events(timeout=DRAIN_SECONDS)
        except BROKER_AWAY as error:
            log.warning("replies_lost", error=type(error).__name__)
        finally:
            self.end()
            with self._publishing:
                self._requests.release()
            self._replies.release()
