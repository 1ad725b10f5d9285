"""What operators' incentives gave, and what is left of them."""

from contracts.quotas import IncentiveUsage, MeasureIncentive
from services.gateway.authentication.callers import Operator
from services.gateway.calls import Bus, Call


class Usage:
    """An operator sees the numbers of its own incentives, which name nobody."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    def measure_incentive(self, call: Call[Operator, None]) -> IncentiveUsage:
        command = MeasureIncentive(
            incentive_id=call.path["incentive_id"], operator_id=call.caller.operator_id
        )
        usage: IncentiveUsage = self._bus.call(command, cause=call.cause)
        return usage
