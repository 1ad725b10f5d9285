"""Holders' reservations: hold, look, confirm, cancel."""

from contracts.http import GrantBody
from contracts.quotas import (
    CancelReservation,
    ConfirmReservation,
    ReservationRecord,
    ReserveGrant,
    ShowReservation,
)
from contracts.scenarios import GrantRecord
from services.gateway.authentication.callers import Holder
from services.gateway.calls import Bus, Call
from services.gateway.holders.patience import PatientBus
from services.gateway.waiting import Waiters


class Reservations:
    """Each operation acts for the holder of the session and nobody else."""

    def __init__(self, bus: Bus, waiters: Waiters) -> None:
        self._bus, self._patience = bus, PatientBus(bus, waiters)

    def reserve_grant(self, call: Call[Holder, GrantBody]) -> ReservationRecord:
        command = ReserveGrant(
            reservation_id=call.path["reservation_id"],
            holder=call.caller.holder,
            recognition_id=call.caller.recognition_id,
            incentive_id=call.body.incentive_id,
            district=call.body.district,
        )
        record: ReservationRecord = self._patience.call(command, cause=call.cause)
        return record

    def show_reservation(self, call: Call[Holder, None]) -> ReservationRecord:
        command = ShowReservation(
            reservation_id=call.path["reservation_id"], holder=call.caller.holder
        )
        record: ReservationRecord = self._bus.call(command, cause=call.cause)
        return record

    def confirm_reservation(self, call: Call[Holder, None]) -> GrantRecord:
        command = ConfirmReservation(
            reservation_id=call.path["reservation_id"],
            holder=call.caller.holder,
            recognition_id=call.caller.recognition_id,
        )
        record: GrantRecord = self._patience.call(command, cause=call.cause)
        return record

    def cancel_reservation(self, call: Call[Holder, None]) -> ReservationRecord:
        command = CancelReservation(
            reservation_id=call.path["reservation_id"], holder=call.caller.holder
        )
        record: ReservationRecord = self._bus.call(command, cause=call.cause)
        return record
