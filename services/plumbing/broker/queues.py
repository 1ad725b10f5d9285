"""A queue and its consumers: turns, credit, returns, expiry, limits.  No sockets, no clock."""

import math
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import count
from typing import Protocol

from services.plumbing.broker.messages import (
    EXPIRED,
    OVERFLOWED,
    REJECTED,
    RETURNED_TOO_OFTEN,
    Copy,
)
from services.plumbing.broker.terms import Terms


class Timer(Protocol):
    def cancel(self) -> object: ...


class Timers(Protocol):
    """The clock that queues run by; seconds."""

    def now(self) -> float: ...

    def after(self, seconds: float, action: Callable[[], None]) -> Timer: ...


@dataclass(eq=False)
class Consumer:
    """Invariant: never holds more unacknowledged copies than `prefetch`; 0 means no limit."""

    deliver: Callable[[Copy], None]
    cancelled: Callable[[], None]
    prefetch: int = 0
    no_ack: bool = False
    unacked: int = 0

    @property
    def has_credit(self) -> bool:
        return self.no_ack or not self.prefetch or self.unacked < self.prefetch


class Queue:
    """Invariant: a copy is either ready in its place, held by one consumer, or gone from here."""

    def __init__(
        self,
        name: str,
        terms: Terms,
        timers: Timers,
        *,
        bury: Callable[["Queue", Copy, str], None],
        delete: Callable[["Queue"], object],
        owner: object | None = None,
    ) -> None:
        self.name, self.terms, self.owner = name, terms, owner
        self.ready: deque[Copy] = deque()
        self.consumers: deque[Consumer] = deque()
        self._timers, self._bury, self._delete = timers, bury, delete
        self._places = count()
        self._closed = False
        self._head_timer: Timer | None = None
        self._head_expires_at = math.inf
        self._unused_timer: Timer | None = None
        self.touch()

    def put(self, copy: Copy) -> bool:
        """Take a copy, or say that the queue is full and refuses more."""
        if len(self.ready) >= self.terms.max_length:
            if self.terms.refuses_when_full:
                return False
            self._bury(self, self.ready.popleft(), OVERFLOWED)
        copy.place = next(self._places)
        ttl = min(self.terms.message_ttl, copy.message.time_to_live)
        copy.expires_at = self._timers.now() + ttl if ttl < math.inf else math.inf
        self.ready.append(copy)
        self.pump()
        return True

    def take(self) -> Copy | None:
        """Take the first ready copy out, if there is one that has not expired."""
        while self.ready:
            copy = self.ready.popleft()
            if copy.expires_at > self._timers.now():
                return copy
            self._bury(self, copy, EXPIRED)
        return None

    def pump(self) -> None:
        """Hand ready copies to the consumers in turn, each within its credit."""
        while self.ready and (consumer := self._next_consumer()):
            copy = self.take()
            if copy is None:
                break
            consumer.deliver(copy)
            if consumer.no_ack:
                copy.receipt.settle()
            else:
                consumer.unacked += 1
        self._watch_head()

    def _next_consumer(self) -> Consumer | None:
        for _ in range(len(self.consumers)):
            consumer = self.consumers[0]
            self.consumers.rotate(-1)
            if consumer.has_credit:
                return consumer
        return None

    def give_back(self, copies: Iterable[Copy]) -> None:
        """Put copies back in their places; bury one that came back beyond the delivery limit."""
        for copy in copies:
            copy.returns += 1
            if self._closed:
                copy.receipt.settle()
            elif copy.returns > self.terms.delivery_limit:
                self._bury(self, copy, RETURNED_TOO_OFTEN)
            else:
                later = (i for i, other in enumerate(self.ready) if other.place > copy.place)
                self.ready.insert(next(later, len(self.ready)), copy)
        self.pump()

    def reject(self, copy: Copy) -> None:
        """Drop a copy that a consumer does not want again, into the dead letters if it has any."""
        if self._closed:
            copy.receipt.settle()
        else:
            self._bury(self, copy, REJECTED)
            self.pump()

    def add(self, consumer: Consumer) -> None:
        """Start a consumer."""
        self.consumers.append(consumer)
        self.touch()
        self.pump()

    def remove(self, consumer: Consumer) -> None:
        """Stop a consumer; the last one takes an auto-delete queue along."""
        if self._closed:
            return
        self.consumers.remove(consumer)
        if not self.consumers and self.terms.auto_delete:
            self._delete(self)
        else:
            self.touch()

    def touch(self) -> None:
        """Start the time after which the unused queue deletes itself (`x-expires`) anew."""
        if self._unused_timer:
            self._unused_timer.cancel()
        self._unused_timer = None
        if self.terms.expires is not None and not self.consumers:
            self._unused_timer = self._timers.after(self.terms.expires, self._expire)

    def _expire(self) -> None:
        self._delete(self)

    def _watch_head(self) -> None:
        """Only the head expires, as in RabbitMQ: a short-lived copy may wait behind a long one."""
        expires_at = self.ready[0].expires_at if self.ready else math.inf
        if expires_at == self._head_expires_at:
            return
        if self._head_timer:
            self._head_timer.cancel()
        self._head_timer, self._head_expires_at = None, expires_at
        if expires_at < math.inf:
            seconds = max(0.0, expires_at - self._timers.now())
            self._head_timer = self._timers.after(seconds, self._expire_head)

    def _expire_head(self) -> None:
        self._head_expires_at = math.inf
        while self.ready and self.ready[0].expires_at <= self._timers.now():
            self._bury(self, self.ready.popleft(), EXPIRED)
        self._watch_head()

    def close(self) -> int:
        """End the queue: settle what is ready, tell the consumers; return how many were ready."""
        self._closed = True
        for timer in (self._head_timer, self._unused_timer):
            if timer:
                timer.cancel()
        ready, self.ready = self.ready, deque()
        for copy in ready:
            copy.receipt.settle()
        for consumer in self.consumers:
            consumer.cancelled()
        self.consumers.clear()
        return len(ready)
