"""Fetch what other cities have to tell (RFC 8936): how a node catches up after it was away.

A notice that was fetched takes the same way in as one that was pushed, and is acknowledged when
recognition has taken it in; who dies in between gets it again, and recognition knows it.

Cities are asked beside one another, some at a time: one that is slow keeps nobody from the rest.
"""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Final

import structlog
from sqlalchemy import Engine

from contracts import wire
from contracts.errors import (
    Conflict,
    ContractError,
    Forbidden,
    Malformed,
    NotFound,
    Unavailable,
)
from contracts.exchange import PollAnswer, PollBody, SetError
from contracts.recognition import ReceiveNotice
from contracts.routes.route import JSON
from services.gateway.adapters.roster import online_peers
from services.gateway.calls import Bus
from services.gateway.courier.calling import CityCalls, NoAnswer
from services.gateway.courier.counting import POLLED
from services.gateway.json_text import to_json

AT_A_TIME: Final = 100
CITIES_AT_ONCE: Final = 4
LONGEST: Final = timedelta(minutes=2)  # with one city in one go; then others have its place
OK: Final = 200
NEVER: Final = (Malformed, Forbidden, NotFound, Conflict)
NEVER_BY_RULE: Final = frozenset({"wrong_type", "expired"})
"""What the same notice will get again, and the refusals that it will."""
LONGEST_REPORT: Final = 200  # characters; a page of them has to fit into the next poll

_log = structlog.get_logger("polling")


@dataclass
class Verdicts:
    """What to tell a city of the notices it gave: taken in, or never to be."""

    ack: list[str] = field(default_factory=list)
    errors: dict[str, SetError] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.ack or self.errors)


Work = Callable[[], None]


class AtOnce:
    """Invariant: at most so many pieces of work are under way; who brings the next one waits."""

    def __init__(self, number: int, spawn: Callable[[Work], object]) -> None:
        self._number, self._spawn = number, spawn
        self._free = threading.Semaphore(number)

    def __call__(self, work: Work) -> None:
        self._free.acquire()
        self._spawn(partial(self._do, work))

    def wait(self) -> None:
        """Wait until nothing is under way; afterwards nothing more is begun."""
        for _ in range(self._number):
            self._free.acquire()

    def _do(self, work: Work) -> None:
        try:
            work()
        finally:
            self._free.release()


@dataclass(frozen=True, kw_only=True)
class Poller:
    """Invariant: acknowledges only what recognition has taken in; asks a city once at a time."""

    engine: Engine
    calls: CityCalls
    bus: Bus
    city: str
    spawn: Callable[[Work], object]
    stopping: Callable[[], bool]
    _asked: set[str] = field(default_factory=set)

    def poll_all(self) -> None:
        """Begin to fetch from every online city but those that are still being asked."""
        with self.engine.connect() as connection:
            peers = online_peers(connection, self.city)
        for code, url in peers.items():
            if self.stopping():
                return
            if code not in self._asked:
                self._asked.add(code)
                self.spawn(partial(self._poll_one, code, url))

    def _poll_one(self, city: str, url: str) -> None:
        """Fetch from a city; one that fails is asked another time."""
        try:
            self.poll(city, url)
        except (NoAnswer, Unavailable) as error:
            _log.info("not_polled", city=city, error=str(error))
        finally:
            self._asked.discard(city)

    def poll(self, city: str, url: str) -> None:
        """Fetch from one city until it has nothing more that can be taken in now, or long enough.

        Raise NoAnswer when it does not answer, Unavailable when recognition here does not.
        """
        verdicts, began = Verdicts(), self.calls.clock()
        while True:
            answer = self._ask(url, verdicts)
            verdicts = Verdicts()
            try:
                for name, token in answer.sets.items():
                    self._take_in(city, name, token, verdicts)
            except Unavailable:
                if verdicts:
                    self._ask(url, verdicts, wanted=0)
                raise
            if not verdicts:
                return
            if self.stopping() or self.calls.clock() - began > LONGEST:
                self._ask(url, verdicts, wanted=0)
                return

    def _ask(self, url: str, verdicts: Verdicts, wanted: int = AT_A_TIME) -> PollAnswer:
        body = PollBody(
            maxEvents=wanted,
            returnImmediately=True,
            ack=tuple(verdicts.ack),
            setErrs=verdicts.errors,
        )
        answer = self.calls.ask("POST", f"{url.rstrip('/')}/v1/notices/poll", to_json(body), JSON)
        if answer.status != OK:
            raise NoAnswer(f"HTTP {answer.status}")
        try:
            read: PollAnswer = wire.load(PollAnswer, json.loads(answer.body))
        except (ValueError, RecursionError, Malformed) as error:
            raise NoAnswer("not an answer to a poll") from error
        return read

    def _take_in(self, city: str, name: str, token: str, verdicts: Verdicts) -> None:
        """Hand a notice to recognition and note the verdict; raise Unavailable without one."""
        outcome = "taken"
        try:
            receipt = self.bus.call(ReceiveNotice(sender=city, token=token))
            outcome = "repeated" if receipt.repeated else "taken"
            verdicts.ack.append(name)
        except Unavailable:
            raise
        except ContractError as error:
            # What passes, such as a roster that is older here, is asked for again at the next poll;
            # so is what broke something here, and it does not keep others from being taken in.
            outcome, why = "left", str(error)[:LONGEST_REPORT]
            if isinstance(error, NEVER) or error.code in NEVER_BY_RULE:
                outcome = "refused"
                verdicts.errors[name] = SetError(err="invalid_request", description=why)
            _log.warning("notice_not_taken", city=city, notice_id=name[:36], error=why)
        POLLED.labels(city, outcome).inc()
