"""Operators' scenarios and incentives."""

from contracts.http import IncentiveBody, ScenarioBody
from contracts.scenarios import (
    IncentiveRecord,
    PublishIncentive,
    RegisterScenario,
    ScenarioRecord,
)
from services.gateway.authentication.callers import Operator
from services.gateway.calls import Bus, Call
from services.gateway.preconditions import seen


class Scenarios:
    """An operator changes only what is its own: the command names it, scenarios checks."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    def register_scenario(self, call: Call[Operator, ScenarioBody]) -> ScenarioRecord:
        command = RegisterScenario(
            scenario_id=call.path["scenario_id"],
            operator_id=call.caller.operator_id,
            name=call.body.name,
            name_en=call.body.name_en,
            category=call.body.category,
            district=call.body.district,
            kind=call.body.kind,
        )
        record: ScenarioRecord = self._bus.call(command, cause=call.cause)
        return record

    def publish_incentive(self, call: Call[Operator, IncentiveBody]) -> IncentiveRecord:
        command = PublishIncentive(
            incentive_id=call.path["incentive_id"],
            operator_id=call.caller.operator_id,
            seen=seen(call),
            **vars(call.body),
        )
        record: IncentiveRecord = self._bus.call(command, cause=call.cause)
        return record
