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
        )
        record: ScenarioRecord = self._bus.call(command, cause=call.cause)
        return record

    def publish_incentive(self, call: Call[Operator, IncentiveBody]) -> IncentiveRecord:
        terms = call.body
        command = PublishIncentive(
            incentive_id=call.path["incentive_id"],
            scenario_id=terms.scenario_id,
            operator_id=call.caller.operator_id,
            title=terms.title,
            title_en=terms.title_en,
            benefit=terms.benefit,
            minimum_tier=terms.minimum_tier,
            per_holder=terms.per_holder,
            quota=terms.quota,
            budget_fen=terms.budget_fen,
            on_withdrawal=terms.on_withdrawal,
            offered_from=terms.offered_from,
            offered_until=terms.offered_until,
            grant_days=terms.grant_days,
            on_correction=terms.on_correction,
        )
        record: IncentiveRecord = self._bus.call(command, cause=call.cause)
        return record
