"""Screening rules: registered by the city with their legal basis, activated, stopped.

A rule stops by itself when the law it rests on is in force no more; from then on its scenario has
no answers, which is no "no".
"""

from datetime import datetime
from typing import Final

from contracts.errors import Conflict, Refused
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
from services.scenarios.handlers.rule_lives import Lives, rule_text
from services.scenarios.handlers.screening_records import read_rule, rule_record
from services.scenarios.ports.screening import ScreeningWork

LIVES: Final = Lives[ScreeningRule](
    kind=ScenarioKind.SCREENING, activated=ScreeningRuleActivated, stopped=ScreeningRuleStopped
)


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
        rule = LIVES.found(command.rule_id, rules=uow.screening_rules)
        if rule.life.state is RuleState.ACTIVE:
            return rule_record(rule)
        if not rule.legal_basis.in_force(now):
            raise Refused("legal_basis_missing", "the legal basis is not in force")
        active = LIVES.activate(rule, rules=uow.screening_rules, uow=uow, now=now)
        uow.commit()
    return rule_record(active)


def stop_screening_rule(
    command: StopScreeningRule, *, uow: ScreeningWork, now: datetime
) -> ScreeningRuleRecord:
    """Let a rule decide no more.  Safe to repeat; raises NotFound."""
    with uow:
        found = LIVES.found(command.rule_id, rules=uow.screening_rules)
        rule = LIVES.stop(found, RuleEnd.CITY_DECISION, rules=uow.screening_rules, uow=uow, now=now)
        uow.commit()
    return rule_record(rule)


def show_screening_rule(command: ShowScreeningRule, *, uow: ScreeningWork) -> ScreeningRuleRecord:
    """Show a rule to anybody; raises NotFound."""
    with uow:
        return rule_record(LIVES.found(command.rule_id, rules=uow.screening_rules))


def stop_rules_without_basis(*, uow: ScreeningWork, now: datetime) -> int:
    """Stop every rule whose legal basis is over; return how many.  Safe to repeat."""
    with uow:
        over = [rule for rule in uow.screening_rules.active() if not rule.legal_basis.in_force(now)]
        for rule in over:
            LIVES.stop(rule, RuleEnd.BASIS_OVER, rules=uow.screening_rules, uow=uow, now=now)
        uow.commit()
    return len(over)
