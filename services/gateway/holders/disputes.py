"""What a holder contests at this host; their home city decides."""

from contracts.disputes import (
    ContestRecognition,
    ListContested,
    RoutedDisputeRecord,
    RoutedDisputeRecords,
)
from contracts.http import ContestBody
from services.gateway.authentication.callers import Holder
from services.gateway.calls import Bus, Call


class RoutedDisputes:
    """A holder contests the attestation that their session rests on, and no other."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    def contest_recognition(self, call: Call[Holder, ContestBody]) -> RoutedDisputeRecord:
        command = ContestRecognition(
            dispute_id=call.path["dispute_id"],
            recognition_id=call.caller.recognition_id,
            ground=call.body.ground,
        )
        record: RoutedDisputeRecord = self._bus.call(command, cause=call.cause)
        return record

    def list_contested(self, call: Call[Holder, None]) -> RoutedDisputeRecords:
        command = ListContested(recognition_id=call.caller.recognition_id)
        records: RoutedDisputeRecords = self._bus.call(command, cause=call.cause)
        return records
