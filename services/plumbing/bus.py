"""The caller's side of the bus: send a command, wait for its reply.

It speaks nameko's RPC, works in plain threads and under eventlet alike, and may be used by many
callers at once.
"""

import os
import threading
import time
from typing import Any
from uuid import UUID

from contracts import wire
from contracts.errors import ContractError, Internal, Malformed, Unavailable
from services.plumbing import metrics
from services.plumbing.calls import Calls
from services.plumbing.clock import Clock
from services.plumbing.errors import error_from_reply
from services.plumbing.topology import BROKER_AWAY

AWAY_SECONDS = 1.0  # how long a failure to connect is remembered
ANSWER_SECONDS = 5.0  # how long a call waits for its reply


class Bus:
    """Invariant: connects when first needed, in each process, and anew after a lost connection.

    A call is over in its time.  While no broker answers one caller finds that out, and the others
    are told at once.
    """

    def __init__(self, url: str, clock: Clock, timeout: float = ANSWER_SECONDS) -> None:
        self._url, self._clock, self._timeout = url, clock, timeout
        self._opening = threading.Lock()
        self._calls: Calls | None = None
        self._away_until = 0.0

    def call(self, command: Any, *, cause: UUID | None = None) -> Any:
        """Return the reply to a command.

        Raise what its service raised of contracts.errors, Internal for anything else, and
        Unavailable after `timeout` seconds or without broker or service: asking again is safe.
        """
        contract = wire.contract_of(type(command))
        outcome = "ok"
        try:
            return self._call(contract, wire.encode(command, at=self._clock(), cause=cause))
        except ContractError as error:
            outcome = type(error).__name__
            raise
        finally:
            metrics.CALLS.labels(contract.name, outcome).inc()

    def close(self) -> None:
        """Close the connections; a later call opens new ones."""
        with self._opening:
            calls, self._calls = self._calls, None
        if calls is not None and calls.process == os.getpid():
            calls.end()

    def _call(self, contract: wire.Contract, envelope: dict[str, Any]) -> Any:
        address = f"{contract.owner}.{contract.method}"
        deadline = time.monotonic() + self._timeout
        calls = self._connected()
        reply = calls.send(address, [envelope], max(deadline - time.monotonic(), 0))
        if error := reply.get("error"):
            raise error_from_reply(error)
        assert contract.reply is not None  # noqa: S101  commands have replies
        try:
            return wire.load(contract.reply, reply.get("result"))
        except Malformed as error:
            raise Internal("internal", f"{address} broke its contract") from error

    def _connected(self) -> Calls:
        patience = 0 if self._away_until else self._timeout
        if not self._opening.acquire(timeout=patience):
            raise Unavailable("unavailable", "the broker is away")
        try:
            calls = self._calls
            if calls is None or not calls.alive or calls.process != os.getpid():
                calls = self._calls = self._connect()
            return calls
        finally:
            self._opening.release()

    def _connect(self) -> Calls:
        if time.monotonic() < self._away_until:
            raise Unavailable("unavailable", "the broker is away")
        try:
            calls = Calls(self._url, self._timeout)
        except BROKER_AWAY as error:
            self._away_until = time.monotonic() + AWAY_SECONDS
            raise Unavailable("unavailable", "the broker is away") from error
        self._away_until = 0.0
        return calls
