"""The catalogue: operators, their scenarios, and what they want to offer there."""

from dataclasses import fields
from datetime import datetime

from contracts import rules
from contracts.errors import Conflict, NotFound, Refused
from contracts.scenarios import (
    IncentiveRecord,
    OperatorRecord,
    PublishIncentive,
    RegisterOperator,
    RegisterScenario,
    ScenarioRecord,
)
from contracts.words import MoveKind, Mover, ScenarioKind
from services.scenarios.domain.incentive import Terms
from services.scenarios.domain.life import Life, Version
from services.scenarios.domain.limits import Limit
from services.scenarios.domain.operator import Operator
from services.scenarios.domain.scenario import Scenario
from services.scenarios.handlers.lives import check_seen, take_step
from services.scenarios.handlers.records import (
    incentive_published,
    incentive_record,
    scenario_record,
)
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


def register_scenario(
    command: RegisterScenario, *, uow: UnitOfWork, city: str, now: datetime
) -> ScenarioRecord:
    """Register a scenario of the operator, or take over its new names and district.

    New names are announced with every incentive that carries them.  Safe to repeat.  Raises
    NotFound for an unknown operator, Malformed for a district of another city, and
    Conflict("id_reused") when the id is another operator's or the kind or category would change.
    """
    scenario = Scenario(
        id=command.scenario_id,
        operator_id=command.operator_id,
        name=command.name,
        name_en=command.name_en,
        category=command.category,
        district=command.district,
        kind=command.kind,
    )
    scenario.check(city)
    with uow:
        if uow.operators.get(scenario.operator_id) is None:
            raise NotFound("not_found", "operator")
        known = uow.scenarios.get(scenario.id)
        if known is None:
            uow.scenarios.add(scenario)
        elif known != scenario:
            known.check_successor(scenario)
            uow.scenarios.save(scenario)
            for incentive in uow.incentives.on_offer(scenario.id, now):
                uow.outbox.add(incentive_published(incentive, scenario))
        uow.commit()
    return scenario_record(scenario)


def publish_incentive(
    command: PublishIncentive,
    *,
    uow: UnitOfWork,
    city: str,
    now: datetime,
    by: Mover = Mover.OPERATOR,
) -> IncentiveRecord:
    """Submit an incentive, or a new version of it when the terms differ, for the city to review.

    Without `offered_from` it is offered since it was submitted, and a further version since the one
    before.  Safe to repeat: the same terms are the same version.  Raises NotFound unless the
    scenario is the operator's own, Refused wrong_kind in one that gives no incentives and
    incentive_withdrawn, Conflict id_reused when the incentive is in another scenario and
    precondition_failed when it is not as `seen`, and Malformed for terms that contradict
    themselves.
    """
    with uow:
        known = uow.incentives.life(command.incentive_id)
        scenario = uow.scenarios.get(command.scenario_id)
        if scenario is None or scenario.operator_id != command.operator_id:
            raise NotFound("not_found", "scenario")
        if known and known.scenario_id != scenario.id:
            raise Conflict("id_reused", "incentive")
        if scenario.kind is not ScenarioKind.INCENTIVE:
            raise Refused("wrong_kind", scenario.id)
        terms = terms_of(command, since=known.newest.terms.offered_from if known else now)
        terms.check(city)
        life = known.submit(terms, hold=command.hold) if known else _first(command, terms)
        if life is not known:
            check_seen(command.seen, known)
            if known is None:
                uow.incentives.add(life)
            life = take_step(life, MoveKind.SUBMITTED, by, scenario=scenario, uow=uow, now=now)
            uow.commit()
    return incentive_record(life)


def _first(command: PublishIncentive, terms: Terms) -> Life:
    return Life(
        id=command.incentive_id,
        scenario_id=command.scenario_id,
        newest=Version(number=1, terms=terms, hold=command.hold),
    )


def terms_of(command: PublishIncentive, *, since: datetime) -> Terms:
    """Return the terms that a command states; `since` is when it is offered if it does not say."""
    said = {each.name: getattr(command, each.name) for each in fields(Terms)}
    said["per_holder"] = _limit(command.per_holder)
    said["quota"] = _limit(command.quota) if command.quota else None
    said["offered_from"] = command.offered_from or since
    return Terms(**said)


def _limit(limit: rules.Limit) -> Limit:
    return Limit(count=limit.count, period=limit.period)
