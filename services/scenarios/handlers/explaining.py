"""Why substitutions and screenings came out as they did, as documents on record (ADR 0032)."""

from collections.abc import Sequence
from typing import Final

from contracts.decisions import EXPLANATION, ConditionFinding, Explanation
from contracts.outcomes import DecisionOutcome
from contracts.states import Shortfall, SubstitutionState
from contracts.words import Condition, ScenarioKind, SubjectKind
from services.scenarios.domain.evidence import Subject
from services.scenarios.domain.evidence_facts import Fact
from services.scenarios.domain.screening import Screening, ScreeningRule
from services.scenarios.domain.substitution import (
    COMMITMENT,
    Check,
    Substitution,
    SubstitutionRule,
)
from services.scenarios.handlers.decisions import NO_HOLDER, record_decision
from services.scenarios.ports.screening import Transaction

THERE: Final = "held"
NONE: Final = "none"


def explain_substitution(
    substitution: Substitution, rule: SubstitutionRule, *, city: str, uow: Transaction
) -> None:
    """Put a decision on record, within the transaction that is open."""
    is_open = substitution.state is SubstitutionState.OPEN
    checks = substitution.checks
    explanation = Explanation(
        document=EXPLANATION,
        decision_id=substitution.id,
        kind=ScenarioKind.SUBSTITUTION,
        city=city,
        scenario_id=substitution.scenario_id,
        rule_id=rule.id,
        rule_version=None,
        outcome=DecisionOutcome.GRANTED if is_open else DecisionOutcome.REFUSED,
        reason=None,
        findings=tuple(_finding(check, rule) for check in checks),
        facts=None,
        basis=None,
        evidence_ids=tuple(named for check in checks for named in check.evidence_ids),
        decided_at=substitution.decided_at,
    )
    record_decision(explanation, uow=uow, holder=_holder(substitution.subject))


def explain_screening(
    screening: Screening, rule: ScreeningRule | None, *, city: str, uow: Transaction
) -> None:
    """Put an answer on record, within the transaction that is open; without a rule it is none."""
    if rule is None:
        return
    law, facts = rule.legal_basis, screening.facts
    explanation = Explanation(
        document=EXPLANATION,
        decision_id=screening.id,
        kind=ScenarioKind.SCREENING,
        city=city,
        scenario_id=screening.scenario_id,
        rule_id=rule.id,
        rule_version=None,
        outcome=DecisionOutcome(screening.state.value),
        reason=None,
        findings=(
            ConditionFinding(
                condition=Condition.LEGAL_BASIS,
                held=True,
                asked=f"{law.title} {law.article}",
                found=f"{law.title} {law.article}",
            ),
            ConditionFinding(
                condition=Condition.LISTS,
                held=not facts,
                asked=" ".join(rule.lists),
                found=_items(facts),
            ),
        ),
        facts=None,
        basis=None,
        evidence_ids=tuple(fact.evidence_id for fact in facts),
        decided_at=screening.screened_at,
    )
    record_decision(explanation, uow=uow, holder=_holder(screening.subject))


def _finding(check: Check, rule: SubstitutionRule) -> ConditionFinding:
    if check.item == COMMITMENT and rule.wants_commitment:
        condition = Condition.COMMITMENT
    elif check.item in rule.barred_by:
        condition = Condition.BARRED
    else:
        condition = Condition.EVIDENCE
    return ConditionFinding(
        condition=condition,
        held=check.shortfall is None,
        asked=check.item,
        found=_found(check, condition),
    )


def _found(check: Check, condition: Condition) -> str:
    if check.shortfall is None:
        return NONE if condition is Condition.BARRED else THERE
    return check.item if check.shortfall is Shortfall.BARRED else check.shortfall.value


def _items(facts: Sequence[Fact]) -> str:
    return " ".join(sorted({fact.item_id for fact in facts})) or NONE


def _holder(subject: Subject) -> str:
    return subject.id if subject.kind is SubjectKind.HOLDER else NO_HOLDER
