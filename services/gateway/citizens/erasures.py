"""Erasure: asked for by a resident, and followed by whoever holds the receipt."""

from contracts.erasures import EraseResident, ErasureRecord, ShowErasure
from contracts.errors import NotFound
from contracts.http import ErasureAnswer
from services.gateway.authentication.callers import Citizen, Erased
from services.gateway.authentication.receipts import Receipts
from services.gateway.calls import Bus, Call


class Erasures:
    """A resident erases themselves and nobody else."""

    def __init__(self, bus: Bus, receipts: Receipts) -> None:
        self._bus, self._receipts = bus, receipts

    def erase_resident(self, call: Call[Citizen, None]) -> ErasureAnswer:
        command = EraseResident(erasure_id=call.path["erasure_id"], resident=call.caller.resident)
        erasure: ErasureRecord = self._bus.call(command, cause=call.cause)
        receipt = self._receipts.give(erasure.erasure_id, erasure.erased_at)
        return ErasureAnswer(erasure=erasure, receipt=receipt)

    def show_erasure(self, call: Call[Erased, None]) -> ErasureRecord:
        if call.caller.erasure_id != call.path["erasure_id"]:
            raise NotFound("not_found", "erasure")
        command = ShowErasure(erasure_id=call.caller.erasure_id)
        erasure: ErasureRecord = self._bus.call(command, cause=call.cause)
        return erasure
