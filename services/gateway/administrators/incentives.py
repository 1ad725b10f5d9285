"""What the city does with incentives: it reviews them, and may stop them."""

from contracts.catalogue import (
    IncentiveRecords,
    ListIncentives,
    ListMoves,
    Moves,
    PauseIncentive,
    ResumeIncentive,
    ReviewIncentive,
    ShowIncentive,
    WithdrawIncentive,
)
from contracts.http import NoteBody, ReviewBody
from contracts.scenarios import IncentiveRecord
from services.gateway.authentication.callers import Administrator
from services.gateway.calls import Bus, Call
from services.gateway.preconditions import seen


class IncentiveReviews:
    """An official sees the incentives of every operator, and acts for the city."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    def list_incentives(self, call: Call[Administrator, None]) -> IncentiveRecords:
        command = ListIncentives(state=call.query["state"], after=call.query["after"])
        found: IncentiveRecords = self._bus.call(command, cause=call.cause)
        return found

    def show_incentive(self, call: Call[Administrator, None]) -> IncentiveRecord:
        command = ShowIncentive(
            incentive_id=call.path["incentive_id"], version=call.query["version"]
        )
        record: IncentiveRecord = self._bus.call(command, cause=call.cause)
        return record

    def list_moves(self, call: Call[Administrator, None]) -> Moves:
        command = ListMoves(incentive_id=call.path["incentive_id"], after=call.query["after"])
        moves: Moves = self._bus.call(command, cause=call.cause)
        return moves

    def review_incentive(self, call: Call[Administrator, ReviewBody]) -> IncentiveRecord:
        command = ReviewIncentive(
            incentive_id=call.path["incentive_id"],
            version=call.path["version"],
            outcome=call.body.outcome,
            note=call.body.note,
        )
        record: IncentiveRecord = self._bus.call(command, cause=call.cause)
        return record

    def pause_incentive(self, call: Call[Administrator, NoteBody]) -> IncentiveRecord:
        command = PauseIncentive(
            incentive_id=call.path["incentive_id"], note=call.body.note, seen=seen(call)
        )
        record: IncentiveRecord = self._bus.call(command, cause=call.cause)
        return record

    def resume_incentive(self, call: Call[Administrator, None]) -> IncentiveRecord:
        command = ResumeIncentive(incentive_id=call.path["incentive_id"], seen=seen(call))
        record: IncentiveRecord = self._bus.call(command, cause=call.cause)
        return record

    def withdraw_incentive(self, call: Call[Administrator, NoteBody]) -> IncentiveRecord:
        command = WithdrawIncentive(
            incentive_id=call.path["incentive_id"], note=call.body.note, seen=seen(call)
        )
        record: IncentiveRecord = self._bus.call(command, cause=call.cause)
        return record
