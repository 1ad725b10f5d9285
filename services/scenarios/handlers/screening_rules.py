"""Screening rules: registered by the city with their legal basis, activated, stopped.

A rule stops by itself when the law it rests on is in force no more; from then on its scenario has
no answers, which is no "no".
"""

from datetime import datetime

from contracts.errors import Conflict, NotFound, Refused
from contracts.screening import (
    ActivateScreeningRule,
    RegisterScreeningRule,
    ScreeningRuleActivated,
    ScreeningRuleRecord,
    ScreeningRuleStopped,
    ShowScreeningRule,
    StopScreeningRule,
)
from contracts.states import RuleEnd, RuleState
from contracts.words import ScenarioKind
from services.scenarios.domain.screening import ScreeningRule
from services.scenarios.handlers.looking_up import check_lists, own_scenario
from services.scenarios.handlers.screening_records import read_rule, rule_record
from services.scenarios.ports.screening import ScreeningWork


def register_screening_rule(
    command: RegisterScreeningRule, *, uow: ScreeningWork, now: datetime
) -> ScreeningRuleRecord:
    """Register a rule; its text never changes.  Safe to repeat.

    Raises Refused score_not_allowed or legal_basis_missing, Malformed, NotFound for the scenario,
    and Conflict("id_reused") when the id stands for another text.
    """
    rule = read_rule(command.rule_id, command)
    with uow:
        known = uow.screening_rules.get(rule.id)
        if known is not None:
            if rule_text(known) != rule_text(rule):
                raise Conflict("id_reused", "screening_rule")
            return rule_record(known)
        rule.check(now)
        own_scenario(rule.scenario_id, None, ScenarioKind.SCREENING, uow=uow)
        check_lists(rule.lists, uow=uow, now=now)
        uow.screening_rules.add(rule)
        uow.commit()
    return rule_record(rule)


def activate_screening_rule(
    command: ActivateScreeningRule, *, uow: ScreeningWork, now: datetime
) -> ScreeningRuleRecord:
    """Let a rule decide instead of the one before.  Safe to repeat.

    Raises NotFound, Refused("legal_basis_missing") when its law is in force no more, and
    Conflict("id_reused") for a rule that has stopped.
    """
    with uow:
        rule = _found(command.rule_id, uow=uow)
        if rule.life.state is RuleState.ACTIVE:
            return rule_record(rule)
        if not rule.legal_basis.in_force(now):
            raise Refused("legal_basis_missing", "the legal basis is not in force")
        active = rule.activated(now)
        if earlier := uow.screening_rules.to_replace(rule.scenario_id):
            _stop(earlier, RuleEnd.SUPERSEDED, uow=uow, now=now)
        uow.screening_rules.save(active)
        event = ScreeningRuleActivated(
            rule_id=rule.id,
            scenario_id=rule.scenario_id,
            operator_id=_operator_of(rule, uow=uow),
            activated_at=now,
        )
        uow.outbox.add(event)
        uow.commit()
    return rule_record(active)


def stop_screening_rule(
    command: StopScreeningRule, *, uow: ScreeningWork, now: datetime
) -> ScreeningRuleRecord:
    """Let a rule decide no more.  Safe to repeat; raises NotFound."""
    with uow:
        rule = _found(command.rule_id, uow=uow)
        if rule.life.state is not RuleState.STOPPED:
            rule = _stop(rule, RuleEnd.CITY_DECISION, uow=uow, now=now)
            uow.commit()
    return rule_record(rule)


def show_screening_rule(command: ShowScreeningRule, *, uow: ScreeningWork) -> ScreeningRuleRecord:
    """Show a rule to anybody; raises NotFound."""
    with uow:
        return rule_record(_found(command.rule_id, uow=uow))


def stop_rules_without_basis(*, uow: ScreeningWork, now: datetime) -> int:
    """Stop every rule whose legal basis is over; return how many.  Safe to repeat."""
    with uow:
        over = [rule for rule in uow.screening_rules.active() if not rule.legal_basis.in_force(now)]
        for rule in over:
            _stop(rule, RuleEnd.BASIS_OVER, uow=uow, now=now)
        uow.commit()
    return len(over)


def rule_text(rule: ScreeningRule) -> dict[str, object]:
    """Return what of a rule never changes."""
    return {name: value for name, value in vars(rule).items() if name != "life"}


def _found(rule_id: str, *, uow: ScreeningWork) -> ScreeningRule:
    rule = uow.screening_rules.get(rule_id)
    if rule is None:
        raise NotFound("not_found", "screening_rule")
    return rule


def _stop(rule: ScreeningRule, why: RuleEnd, *, uow: ScreeningWork, now: datetime) -> ScreeningRule:
    stopped = rule.stopped(why, now)
    uow.screening_rules.save(stopped)
    event = ScreeningRuleStopped(
        rule_id=rule.id,
        scenario_id=rule.scenario_id,
        operator_id=_operator_of(rule, uow=uow),
        reason=why,
        stopped_at=now,
    )
    uow.outbox.add(event)
    return stopped


def _operator_of(rule: ScreeningRule, *, uow: ScreeningWork) -> str:
    return own_scenario(rule.scenario_id, None, ScenarioKind.SCREENING, uow=uow).operator_id
