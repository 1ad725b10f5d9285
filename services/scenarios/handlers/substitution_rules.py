"""Substitution rules: registered by the city, activated, stopped.

What a rule gave stands under that rule, also after it stopped.
"""

from datetime import datetime
from typing import Final

from contracts.errors import Conflict
from contracts.states import RuleEnd, RuleState
from contracts.substitutions import (
    ActivateSubstitutionRule,
    RegisterSubstitutionRule,
    ShowSubstitutionRule,
    StopSubstitutionRule,
    SubstitutionRuleActivated,
    SubstitutionRuleRecord,
    SubstitutionRuleStopped,
)
from contracts.words import ScenarioKind
from services.scenarios.domain.substitution import SubstitutionRule
from services.scenarios.handlers.looking_up import check_items, own_scenario
from services.scenarios.handlers.rule_lives import Lives, rule_text
from services.scenarios.handlers.substitution_records import read_rule, rule_record
from services.scenarios.ports.screening import RuleWork

LIVES: Final = Lives[SubstitutionRule](
    kind=ScenarioKind.SUBSTITUTION,
    activated=SubstitutionRuleActivated,
    stopped=SubstitutionRuleStopped,
)


def register_substitution_rule(
    command: RegisterSubstitutionRule, *, uow: RuleWork, now: datetime
) -> SubstitutionRuleRecord:
    """Register a rule; its text never changes.  Safe to repeat.

    Raises Malformed, NotFound for the scenario, and Conflict("id_reused") when the id stands for
    another text.
    """
    rule = read_rule(command.rule_id, command)
    rule.check()
    with uow:
        known = uow.substitution_rules.get(rule.id)
        if known is not None:
            if rule_text(known) != rule_text(rule):
                raise Conflict("id_reused", "substitution_rule")
            return rule_record(known)
        own_scenario(rule.scenario_id, None, ScenarioKind.SUBSTITUTION, uow=uow)
        check_items(rule.items, uow=uow, now=now)
        uow.substitution_rules.add(rule)
        uow.commit()
    return rule_record(rule)


def activate_substitution_rule(
    command: ActivateSubstitutionRule, *, uow: RuleWork, now: datetime
) -> SubstitutionRuleRecord:
    """Let a rule decide instead of the one before.  Safe to repeat.

    Raises NotFound, and Conflict("id_reused") for a rule that has stopped.
    """
    with uow:
        rule = LIVES.found(command.rule_id, rules=uow.substitution_rules)
        if rule.life.state is RuleState.ACTIVE:
            return rule_record(rule)
        active = LIVES.activate(rule, rules=uow.substitution_rules, uow=uow, now=now)
        uow.commit()
    return rule_record(active)


def stop_substitution_rule(
    command: StopSubstitutionRule, *, uow: RuleWork, now: datetime
) -> SubstitutionRuleRecord:
    """Let a rule decide no more.  Safe to repeat; raises NotFound."""
    with uow:
        found = LIVES.found(command.rule_id, rules=uow.substitution_rules)
        rule = LIVES.stop(
            found, RuleEnd.CITY_DECISION, rules=uow.substitution_rules, uow=uow, now=now
        )
        uow.commit()
    return rule_record(rule)


def show_substitution_rule(
    command: ShowSubstitutionRule, *, uow: RuleWork
) -> SubstitutionRuleRecord:
    """Show a rule to anybody; raises NotFound."""
    with uow:
        return rule_record(LIVES.found(command.rule_id, rules=uow.substitution_rules))
