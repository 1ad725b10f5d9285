"""What operators' terms, and any of this city's, would decide."""

from typing import Any

from contracts.http import TrialBody
from contracts.trials import TrialRecord, TryIncentive
from services.gateway.adapters.roster import Roster
from services.gateway.authentication.callers import Administrator, Operator
from services.gateway.calls import Bus, Call


class Trials:
    """An operator tries its own terms, an administrator all; the homes are those of the roster."""

    def __init__(self, bus: Bus, roster: Roster, city: str) -> None:
        self._bus, self._roster, self._city = bus, roster, city

    def try_incentive(self, call: Call[Operator, TrialBody]) -> TrialRecord:
        return self._try(call, call.caller.operator_id)

    def try_any_incentive(self, call: Call[Administrator, TrialBody]) -> TrialRecord:
        return self._try(call, None)

    def _try(self, call: Call[Any, TrialBody], operator_id: str | None) -> TrialRecord:
        command = TryIncentive(
            incentive_id=call.path["incentive_id"],
            operator_id=operator_id,
            terms=call.body.terms,
            samples=call.body.samples,
            homes=self._roster.homes(self._city),
        )
        record: TrialRecord = self._bus.call(command, cause=call.cause)
        return record
