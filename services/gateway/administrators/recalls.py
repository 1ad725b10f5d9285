"""Recalling a grant of any operator."""

from contracts.http import RecallBody
from contracts.passes import RecallGrant, RecallRecord
from services.gateway.authentication.callers import Administrator
from services.gateway.calls import Bus, Call


class Recalls:
    """The city acts for no operator: the command names none."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    def recall_any_grant(self, call: Call[Administrator, RecallBody]) -> RecallRecord:
        command = RecallGrant(grant_id=call.path["grant_id"], operator_id=None, **vars(call.body))
        record: RecallRecord = self._bus.call(command, cause=call.cause)
        return record
