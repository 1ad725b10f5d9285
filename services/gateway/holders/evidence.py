"""What is known here of the holder of a session."""

from contracts.evidence import EvidenceRecords, ListEvidence
from contracts.subjects import HolderSubject
from services.gateway.authentication.callers import Holder
from services.gateway.calls import Bus, Call


class OwnEvidence:
    """A holder sees the evidence about them, and nobody else's."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    def list_evidence(self, call: Call[Holder, None]) -> EvidenceRecords:
        command = ListEvidence(
            subject=HolderSubject(holder=call.caller.holder), after=call.query["after"]
        )
        records: EvidenceRecords = self._bus.call(command, cause=call.cause)
        return records
