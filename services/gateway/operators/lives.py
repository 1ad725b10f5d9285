"""What an operator does with its incentives after it submitted them."""

from contracts.catalogue import (
    IncentiveRecords,
    ListIncentives,
    ListMoves,
    Moves,
    PauseIncentive,
    ReleaseIncentive,
    ResumeIncentive,
    ShowIncentive,
    WithdrawIncentive,
)
from contracts.http import NoteBody
from contracts.scenarios import IncentiveRecord
from services.gateway.authentication.callers import Operator
from services.gateway.calls import Bus, Call
from services.gateway.preconditions import seen


class OwnIncentives:
    """Every command names the operator: scenarios finds only what is its own."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    def list_own_incentives(self, call: Call[Operator, None]) -> IncentiveRecords:
        command = ListIncentives(
            operator_id=call.caller.operator_id,
            state=call.query["state"],
            after=call.query["after"],
        )
        found: IncentiveRecords = self._bus.call(command, cause=call.cause)
        return found

    def show_own_incentive(self, call: Call[Operator, None]) -> IncentiveRecord:
        command = ShowIncentive(
            incentive_id=call.path["incentive_id"],
            operator_id=call.caller.operator_id,
            version=call.query["version"],
        )
        record: IncentiveRecord = self._bus.call(command, cause=call.cause)
        return record

    def list_own_moves(self, call: Call[Operator, None]) -> Moves:
        command = ListMoves(
            incentive_id=call.path["incentive_id"],
            operator_id=call.caller.operator_id,
            after=call.query["after"],
        )
        moves: Moves = self._bus.call(command, cause=call.cause)
        return moves

    def release_incentive(self, call: Call[Operator, None]) -> IncentiveRecord:
        command = ReleaseIncentive(
            incentive_id=call.path["incentive_id"],
            version=call.path["version"],
            operator_id=call.caller.operator_id,
        )
        record: IncentiveRecord = self._bus.call(command, cause=call.cause)
        return record

    def pause_own_incentive(self, call: Call[Operator, NoteBody]) -> IncentiveRecord:
        command = PauseIncentive(
            incentive_id=call.path["incentive_id"],
            operator_id=call.caller.operator_id,
            note=call.body.note,
            seen=seen(call),
        )
        record: IncentiveRecord = self._bus.call(command, cause=call.cause)
        return record

    def resume_own_incentive(self, call: Call[Operator, None]) -> IncentiveRecord:
        command = ResumeIncentive(
            incentive_id=call.path["incentive_id"],
            operator_id=call.caller.operator_id,
            seen=seen(call),
        )
        record: IncentiveRecord = self._bus.call(command, cause=call.cause)
        return record

    def withdraw_own_incentive(self, call: Call[Operator, NoteBody]) -> IncentiveRecord:
        command = WithdrawIncentive(
            incentive_id=call.path["incentive_id"],
            operator_id=call.caller.operator_id,
            note=call.body.note,
            seen=seen(call),
        )
        record: IncentiveRecord = self._bus.call(command, cause=call.cause)
        return record
