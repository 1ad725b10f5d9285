"""How many may wait for one service, so that a slow one takes no thread from the rest (ADR 0045).

Threads are few.  While a service does not answer, each call to it holds one until its time is
over; and a service that is given more than it can do answers nobody in time.  So only some go in,
some wait at the door, and all others are told at once to come again: work that is turned away
costs nearly nothing.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Final
from uuid import UUID

from contracts.errors import ContractError, Unavailable
from contracts.wire import contract_of
from services.gateway.calls import Bus
from services.gateway.shedding import PLACES, SHED, TAKEN, Notes
from services.gateway.urgency import Urgency, urgency_of
from services.plumbing.bus import ANSWER_SECONDS

MOST_INSIDE: Final = 8  # callers of one service
LEAST_INSIDE: Final = 2  # so that it is found out when the service is well again
MOST_WAITING: Final = 16  # at the doors of all services together
PATIENCE: Final = 0.5  # seconds that one waits at a door
SLOW: Final = 1.0  # seconds; a service that takes so long has too many inside
SILENT: Final = ANSWER_SECONDS  # seconds; a service is away that answered nobody for so long
SHRINK: Final = 0.7


class Crowded(Unavailable):
    """Turned away: there are too many, but the service answers."""


@dataclass
class Door:
    """One service: how many may be inside now, and who is."""

    service: str
    most: float = MOST_INSIDE
    inside: int = 0
    bulk: int = 0
    answers: bool = True  # the last one who left had an answer
    answered_at: float = 0.0
    shrunk_at: float = 0.0

    def has_room(self, urgency: Urgency) -> bool:
        if urgency is Urgency.BULK and self.bulk >= self.most // 2:
            return False
        return self.inside < int(self.most)

    def take(self, urgency: Urgency, by: int = 1) -> None:
        self.inside += by
        self.bulk += by if urgency is Urgency.BULK else 0

    def shrink(self, began: float, now: float) -> None:
        """Let fewer in; once for all who were inside together."""
        if began >= self.shrunk_at:
            self.most, self.shrunk_at = max(self.most * SHRINK, LEAST_INSIDE), now

    def grow(self) -> None:
        """Let one more in for each time that all inside were answered."""
        self.most = min(self.most + 1 / self.most, MOST_INSIDE)


@dataclass(eq=False)
class Waiter:
    """Who waits at a door; told when it may go in, or that it may not."""

    door: Door
    urgency: Urgency
    admitted: bool = False
    told: threading.Event = field(default_factory=threading.Event)


class Places:
    """Invariant: of each service at most `most` are inside, and few wait, none for long.

    `most` falls when a service answers late or not, and rises again while it answers in time.
    The more urgent goes in first, and takes the place of the least urgent at the door.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._doors: dict[str, Door] = {}
        self._waiting: list[Waiter] = []
        self._notes = Notes(now)

    def enter(self, service: str, urgency: Urgency) -> float:
        """Take a place and return when that was; raise Unavailable without one in time."""
        with self._lock:
            door = self._door(service)
            waiter = self._let_in_or_wait(door, urgency)
        if waiter is not None:
            waiter.told.wait(PATIENCE)
            with self._lock:
                if not waiter.admitted:
                    if waiter in self._waiting:
                        self._waiting.remove(waiter)
                    raise self._turned_away(door, urgency)
        return self._now()

    def leave(
        self, service: str, urgency: Urgency, began: float, error: BaseException | None
    ) -> None:
        """Give a place back, and say by `error` what came of it."""
        with self._lock:
            door, now = self._door(service), self._now()
            door.take(urgency, -1)
            door.answers = not (isinstance(error, ContractError) and error.code == "unavailable")
            if door.answers:
                door.answered_at = now
            if door.answers and now - began <= SLOW:
                door.grow()
            elif urgency is not Urgency.BULK:  # which may take its time
                door.shrink(began, now)
            self._admit(door)

    def _door(self, service: str) -> Door:
        if service not in self._doors:
            door = self._doors[service] = Door(service)
            PLACES.labels(service).set_function(lambda: int(door.most))
            TAKEN.labels(service).set_function(lambda: door.inside)
        return self._doors[service]

    def _let_in_or_wait(self, door: Door, urgency: Urgency) -> Waiter | None:
        if door.inside == 0 and door.answers:
            door.answered_at = self._now()  # nobody asked it for an answer until now
        ahead = any(w.door is door and w.urgency <= urgency for w in self._waiting)
        if door.has_room(urgency) and not ahead:
            door.take(urgency)
            return None
        if urgency is Urgency.BULK or self._is_silent(door) or not self._make_way(urgency):
            raise self._turned_away(door, urgency)
        waiter = Waiter(door, urgency)
        self._waiting.append(waiter)
        return waiter

    def _make_way(self, urgency: Urgency) -> bool:
        """Say whether there is room to wait; the least urgent who came last has to yield."""
        if len(self._waiting) < MOST_WAITING:
            return True
        last = max(reversed(self._waiting), key=lambda waiter: waiter.urgency)
        if last.urgency <= urgency:
            return False
        self._waiting.remove(last)
        last.told.set()
        return True

    def _admit(self, door: Door) -> None:
        """Let in whoever may go in now, the most urgent first, of those the first to come."""
        for waiter in sorted(self._waiting, key=lambda waiter: waiter.urgency):
            if waiter.door is door and door.has_room(waiter.urgency):
                self._waiting.remove(waiter)
                door.take(waiter.urgency)
                waiter.admitted = True
                waiter.told.set()

    def _is_silent(self, door: Door) -> bool:
        """Say whether nobody had an answer for as long as a call waits for one."""
        return self._now() - door.answered_at >= SILENT

    def _turned_away(self, door: Door, urgency: Urgency) -> Unavailable:
        SHED.labels(door.service, urgency.name.lower()).inc()
        self._notes.turned_away(door.service, int(door.most))
        kind = Unavailable if self._is_silent(door) else Crowded
        return kind("unavailable", "too many wait for it already")


class Visit:
    """A place at a service, for as long as a `with` lasts."""

    def __init__(self, places: Places, service: str, urgency: Urgency) -> None:
        self._places, self._service, self._urgency = places, service, urgency

    def __enter__(self) -> None:
        self._began = self._places.enter(self._service, self._urgency)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._places.leave(self._service, self._urgency, self._began, error)


class BusWithPlaces:
    """A bus on which only so many callers wait for the same service."""

    def __init__(self, bus: Bus, places: Places | None = None) -> None:
        self._bus, self._places = bus, places or Places()

    def call(self, command: Any, *, cause: UUID | None = None) -> Any:
        """Return the reply; raise contracts.errors, Unavailable also when too many wait."""
        service = contract_of(type(command)).owner
        with Visit(self._places, service, urgency_of(command)):
            return self._bus.call(command, cause=cause)
