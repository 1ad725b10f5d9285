"""The facts behind a resident's score."""

from contracts.disputes import FactRecords, ListFacts
from services.gateway.authentication.callers import Citizen
from services.gateway.calls import Bus, Call


class Facts:
    """A resident sees their own facts, and no fact's points."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    def list_facts(self, call: Call[Citizen, None]) -> FactRecords:
        command = ListFacts(resident=call.caller.resident)
        facts: FactRecords = self._bus.call(command, cause=call.cause)
        return facts
