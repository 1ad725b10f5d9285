"""The rules of scenarios that give no incentives: substitution and screening, each of its type.

A rule's text never changes, so one under an id that is known is the same rule, or refused.
"""

from datetime import datetime
from typing import Any, Final

from contracts import wire
from contracts.errors import Malformed
from contracts.screening import ActivateScreeningRule, RegisterScreeningRule
from contracts.states import RuleState
from contracts.substitutions import ActivateSubstitutionRule, RegisterSubstitutionRule
from contracts.words import ScenarioKind
from huxin_client.shell.language import spoken
from services.scenarios.adapters.unit_of_work import ScenariosUnitOfWork
from services.scenarios.handlers import screening_records, substitution_records
from services.scenarios.handlers.looking_up import check_items, check_lists
from services.scenarios.handlers.screening_rules import (
    activate_screening_rule,
    register_screening_rule,
)
from services.scenarios.handlers.substitution_rules import (
    activate_substitution_rule,
    register_substitution_rule,
)

Rule = RegisterSubstitutionRule | RegisterScreeningRule

RULES: Final[dict[str, type[Rule]]] = {
    ScenarioKind.SUBSTITUTION: RegisterSubstitutionRule,
    ScenarioKind.SCREENING: RegisterScreeningRule,
}


def known_rule(wanted: Rule, uow: ScenariosUnitOfWork) -> tuple[dict[str, Any], RuleState] | None:
    """Return what a rule of that id says and its state, within an open transaction."""
    record: Any
    match wanted:
        case RegisterSubstitutionRule():
            substitution = uow.substitution_rules.get(wanted.rule_id)
            record = substitution_records.rule_record(substitution) if substitution else None
        case RegisterScreeningRule():
            screening = uow.screening_rules.get(wanted.rule_id)
            record = screening_records.rule_record(screening) if screening else None
    if record is None:
        return None
    said = wire.dump(record)
    return {name: said[name] for name in wire.dump(wanted)}, record.state


def check_rule(wanted: Rule, uow: ScenariosUnitOfWork, now: datetime) -> None:
    """Raise Malformed or Refused for a rule that would not be taken: its law, its items."""
    match wanted:
        case RegisterSubstitutionRule():
            substitution = substitution_records.read_rule(wanted.rule_id, wanted)
            substitution.check()
            check_items(substitution.items, uow=uow, now=now)
        case RegisterScreeningRule():
            screening = screening_records.read_rule(wanted.rule_id, wanted)
            screening.check(now)
            check_lists(screening.lists, uow=uow, now=now)


def check_known(wanted: Rule, said: dict[str, Any], state: RuleState) -> None:
    """Raise Malformed for a known rule that says something else, or decides no more."""
    if said != wire.dump(wanted):
        what = spoken(
            "a rule's text never changes; take another id", "规则文本不可变更，请使用其他编号"
        )
        raise Malformed(errors={"rule_id": what})
    if state is RuleState.STOPPED:
        what = spoken("it was stopped; take another id", "规则已停止，请使用其他编号")
        raise Malformed(errors={"rule_id": what})


def take_rule(wanted: Rule, uow: ScenariosUnitOfWork, now: datetime) -> None:
    """Register a rule and let it decide in its scenario."""
    match wanted:
        case RegisterSubstitutionRule():
            register_substitution_rule(wanted, uow=uow, now=now)
            substitution = ActivateSubstitutionRule(rule_id=wanted.rule_id)
            activate_substitution_rule(substitution, uow=uow, now=now)
        case RegisterScreeningRule():
            register_screening_rule(wanted, uow=uow, now=now)
            screening = ActivateScreeningRule(rule_id=wanted.rule_id)
            activate_screening_rule(screening, uow=uow, now=now)
