"""Asking again while what the session rests on is still on its way."""

import time
from typing import Any, Final
from uuid import UUID

from contracts.errors import Unavailable
from services.gateway.calls import Bus
from services.gateway.waiting import Waiters

LONGEST_WAIT: Final = 3.0  # seconds for a recognition to arrive at scenarios
WAIT_STEP: Final = 0.1


class PatientBus:
    """Waits for a recognition that scenarios has not heard of yet, up to a limit."""

    def __init__(self, bus: Bus, waiters: Waiters) -> None:
        self._bus, self._waiters = bus, waiters

    def call(self, command: Any, *, cause: UUID | None) -> Any:
        """Return the reply to a holder's command; raise contracts.errors."""
        try:
            return self._bus.call(command, cause=cause)
        except Unavailable as error:
            if error.code != "not_yet_visible":
                raise
        deadline = time.monotonic() + LONGEST_WAIT
        with self._waiters.wait(command.holder):
            while True:
                time.sleep(WAIT_STEP)
                try:
                    return self._bus.call(command, cause=cause)
                except Unavailable as error:
                    if error.code != "not_yet_visible" or time.monotonic() >= deadline:
                        raise
