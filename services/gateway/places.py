"""How many may wait for one service, so that a silent one takes no thread from the rest.

Threads are few.  While a service does not answer, each call to it holds one until its time is
over; without a limit the gateway would soon do nothing else.
"""

import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any
from uuid import UUID

from contracts.errors import ContractError, Unavailable
from contracts.wire import contract_of
from services.gateway.calls import Bus

PATIENCE = 0.5  # seconds without an answer from a service before nobody more waits for it


class Places:
    """Invariant: at most `most` are inside; who finds it full waits while answers come, only."""

    def __init__(self, most: int, now: Callable[[], float] = time.monotonic) -> None:
        self._most, self._now = most, now
        self._change = threading.Condition()
        self._taken, self._answered_at = 0, 0.0

    def __enter__(self) -> None:
        """Take a place; raise Unavailable when it is full and nothing moves."""
        with self._change:
            if self._taken == 0:
                self._answered_at = self._now()
            while self._taken >= self._most:
                left = self._answered_at + PATIENCE - self._now()
                if left <= 0:
                    raise Unavailable("unavailable", "too many wait for it already")
                self._change.wait(left)
            self._taken += 1

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with self._change:
            self._taken -= 1
            if not (isinstance(error, ContractError) and error.code == "unavailable"):
                self._answered_at = self._now()
            self._change.notify()


class BusWithPlaces:
    """A bus on which at most so many callers wait for the same service."""

    def __init__(self, bus: Bus, most: int) -> None:
        self._bus, self._most = bus, most
        self._places: dict[str, Places] = {}

    def call(self, command: Any, *, cause: UUID | None = None) -> Any:
        """Return the reply; raise contracts.errors, Unavailable also when too many wait."""
        owner = contract_of(type(command)).owner
        with self._places.setdefault(owner, Places(self._most)):
            return self._bus.call(command, cause=cause)
