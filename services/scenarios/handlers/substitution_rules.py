"""Substitution rules: registered by the city, activated, stopped.

What a rule gave stands under that rule, also after it stopped.
"""

from datetime import datetime

from contracts.errors import Conflict, NotFound
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
from services.scenarios.handlers.substitution_records import read_rule, rule_record
from services.scenarios.ports.screening import RuleWork


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
        rule = _found(command.rule_id, uow=uow)
        if rule.life.state is RuleState.ACTIVE:
            return rule_record(rule)
        active = rule.activated(now)
        if earlier := uow.substitution_rules.to_replace(rule.scenario_id):
            _stop(earlier, RuleEnd.SUPERSEDED, uow=uow, now=now)
        uow.substitution_rules.save(active)
        event = SubstitutionRuleActivated(
            rule_id=rule.id,
            scenario_id=rule.scenario_id,
            operator_id=_operator_of(rule, uow=uow),
            activated_at=now,
        )
        uow.outbox.add(event)
        uow.commit()
    return rule_record(active)


def stop_substitution_rule(
    command: StopSubstitutionRule, *, uow: RuleWork, now: datetime
) -> SubstitutionRuleRecord:
    """Let a rule decide no more.  Safe to repeat; raises NotFound."""
    with uow:
        rule = _found(command.rule_id, uow=uow)
        if rule.life.state is not RuleState.STOPPED:
            rule = _stop(rule, RuleEnd.CITY_DECISION, uow=uow, now=now)
            uow.commit()
    return rule_record(rule)


def show_substitution_rule(
    command: ShowSubstitutionRule, *, uow: RuleWork
) -> SubstitutionRuleRecord:
    """Show a rule to anybody; raises NotFound."""
    with uow:
        return rule_record(_found(command.rule_id, uow=uow))


def rule_text(rule: SubstitutionRule) -> dict[str, object]:
    """Return what of a rule never changes."""
    return {name: value for name, value in vars(rule).items() if name != "life"}


def _found(rule_id: str, *, uow: RuleWork) -> SubstitutionRule:
    rule = uow.substitution_rules.get(rule_id)
    if rule is None:
        raise NotFound("not_found", "substitution_rule")
    return rule


def _stop(
    rule: SubstitutionRule, why: RuleEnd, *, uow: RuleWork, now: datetime
) -> SubstitutionRule:
    stopped = rule.stopped(why, now)
    uow.substitution_rules.save(stopped)
    event = SubstitutionRuleStopped(
        rule_id=rule.id,
        scenario_id=rule.scenario_id,
        operator_id=_operator_of(rule, uow=uow),
        reason=why,
        stopped_at=now,
    )
    uow.outbox.add(event)
    return stopped


def _operator_of(rule: SubstitutionRule, *, uow: RuleWork) -> str:
    return own_scenario(rule.scenario_id, None, ScenarioKind.SUBSTITUTION, uow=uow).operator_id
