"""Asking again while what the session rests on is still on its way."""

import time
from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from contracts.errors import Unavailable
from services.gateway.calls import Bus

LONGEST_WAIT: Final = 3.0  # seconds for a recognition to arrive at scenarios
WAIT_STEP: Final = 0.1


class PatientBus:
    """Waits for a recognition that scenarios has not heard of yet, up to a limit."""

    def __init__(
        self,
        bus: Bus,
        longest_wait: float = LONGEST_WAIT,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._bus, self._longest_wait, self._sleep = bus, longest_wait, sleep

    def call(self, command: Any, *, cause: UUID | None) -> Any:
        """Return the reply; raise contracts.errors."""
        waited = 0.0
        while True:
            try:
                return self._bus.call(command, cause=cause)
            except Unavailable as error:
                if error.code != "not_yet_visible" or waited >= self._longest_wait:
                    raise
                self._sleep(WAIT_STEP)
                waited += WAIT_STEP
