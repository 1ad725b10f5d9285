"""The catalogue: operators, their scenarios, and what they offer there."""

from dataclasses import fields
from datetime import datetime

from contracts import rules
from contracts.errors import Conflict, NotFound
from contracts.scenarios import (
    IncentiveRecord,
    OperatorRecord,
    PublishIncentive,
    RegisterOperator,
    RegisterScenario,
    ScenarioRecord,
)
from services.scenarios.domain.incentive import Incentive, Terms
from services.scenarios.domain.limits import Limit
from services.scenarios.domain.operator import Operator
from services.scenarios.domain.scenario import Scenario
from services.scenarios.handlers.records import incentive_published, incentive_record
from services.scenarios.ports import UnitOfWork


def register_operator(command: RegisterOperator, *, uow: UnitOfWork) -> OperatorRecord:
    """Admit an operator, or take over its new names.  Safe to repeat."""
    operator = Operator(id=command.operator_id, name=command.name, name_en=command.name_en)
    with uow:
        if uow.operators.get(operator.id) is None:
            uow.operators.add(operator)
        else:
            uow.operators.save(operator)
        uow.commit()
    return OperatorRecord(operator_id=operator.id, name=operator.name, name_en=operator.name_en)


def register_scenario(command: RegisterScenario, *, uow: UnitOfWork) -> ScenarioRecord:
    """Register a scenario of the operator, or take over its new names and district.

    New names are announced with every incentive that carries them.  Safe to repeat.  Raises
    NotFound for an unknown operator, and Conflict("id_reused") when the id is another operator's
    or the category would change.
    """
    scenario = Scenario(
        id=command.scenario_id,
        operator_id=command.operator_id,
        name=command.name,
        name_en=command.name_en,
        category=command.category,
        district=command.district,
    )
    with uow:
        if uow.operators.get(scenario.operator_id) is None:
            raise NotFound("not_found", "operator")
        known = uow.scenarios.get(scenario.id)
        if known is None:
            uow.scenarios.add(scenario)
        elif known != scenario:
            known.check_successor(scenario)
            uow.scenarios.save(scenario)
            for incentive in uow.incentives.of(scenario.id):
                uow.outbox.add(incentive_published(incentive, scenario))
        uow.commit()
    return ScenarioRecord(
        scenario_id=scenario.id,
        operator_id=scenario.operator_id,
        name=scenario.name,
        name_en=scenario.name_en,
        category=scenario.category,
        district=scenario.district,
    )


def publish_incentive(
    command: PublishIncentive, *, uow: UnitOfWork, now: datetime
) -> IncentiveRecord:
    """Offer an incentive, or a new version of it when the terms differ.

    Without `offered_from` it is offered at once, and a further version from when it was.  Safe to
    repeat: the same terms are the same version.  Raises NotFound unless the scenario is the
    operator's own, Conflict("id_reused") when the incentive is in another scenario, and Malformed
    for terms that contradict themselves.
    """
    with uow:
        known = uow.incentives.get(command.incentive_id)
        scenario = uow.scenarios.get(command.scenario_id)
        if scenario is None or scenario.operator_id != command.operator_id:
            raise NotFound("not_found", "scenario")
        if known and known.scenario_id != scenario.id:
            raise Conflict("id_reused", "incentive")
        terms = _terms(command, since=known.terms.offered_from if known else now)
        terms.check()
        incentive = known.revised(terms) if known else _first(command, terms)
        if incentive is not known:
            store = uow.incentives.save if known else uow.incentives.add
            store(incentive)
            uow.outbox.add(incentive_published(incentive, scenario))
            uow.commit()
    return incentive_record(incentive)


def _first(command: PublishIncentive, terms: Terms) -> Incentive:
    return Incentive(
        id=command.incentive_id, scenario_id=command.scenario_id, version=1, terms=terms
    )


def _terms(command: PublishIncentive, *, since: datetime) -> Terms:
    said = {each.name: getattr(command, each.name) for each in fields(Terms)}
    said["per_holder"] = _limit(command.per_holder)
    said["quota"] = _limit(command.quota) if command.quota else None
    said["offered_from"] = command.offered_from or since
    return Terms(**said)


def _limit(limit: rules.Limit) -> Limit:
    return Limit(count=limit.count, period=limit.period)
