"""How substitution rules and substitutions read in replies and events."""

from collections.abc import Sequence

from contracts import substitutions as contract
from contracts.substitutions import (
    CheckLine,
    CommitmentLetter,
    SubstitutionChanged,
    SubstitutionRecord,
    SubstitutionRuleRecord,
    SubstitutionTerms,
)
from services.scenarios.domain.substitution import (
    Check,
    Commitment,
    Requirement,
    Substitution,
    SubstitutionRule,
)


def read_rule(id: str, said: SubstitutionTerms) -> SubstitutionRule:
    return SubstitutionRule(
        id=id,
        scenario_id=said.scenario_id,
        title=said.title,
        title_en=said.title_en,
        requires=tuple(Requirement(**vars(each)) for each in said.requires),
        barred_by=said.barred_by,
        wants_commitment=said.wants_commitment,
        replaces_fen=said.replaces_fen,
        by=said.by,
        notice_days=said.notice_days,
    )


def read_commitment(said: CommitmentLetter | None) -> Commitment | None:
    return None if said is None else Commitment(**vars(said))


def rule_record(rule: SubstitutionRule) -> SubstitutionRuleRecord:
    return SubstitutionRuleRecord(
        rule_id=rule.id,
        scenario_id=rule.scenario_id,
        title=rule.title,
        title_en=rule.title_en,
        requires=tuple(contract.Requirement(**vars(each)) for each in rule.requires),
        barred_by=rule.barred_by,
        wants_commitment=rule.wants_commitment,
        replaces_fen=rule.replaces_fen,
        by=rule.by,
        notice_days=rule.notice_days,
        **vars(rule.life),
    )


def check_lines(checks: Sequence[Check]) -> tuple[CheckLine, ...]:
    return tuple(CheckLine(**vars(each)) for each in checks)


def substitution_record(substitution: Substitution, rule: SubstitutionRule) -> SubstitutionRecord:
    return SubstitutionRecord(
        substitution_id=substitution.id,
        scenario_id=substitution.scenario_id,
        rule_id=substitution.rule_id,
        state=substitution.state,
        checks=check_lines(substitution.checks),
        replaces_fen=substitution.replaces_fen,
        by=rule.by,
        decided_at=substitution.decided_at,
        checked_at=substitution.checked_at,
        notice_until=substitution.notice_until,
        ended_at=substitution.ended_at,
    )


def substitution_changed(substitution: Substitution) -> SubstitutionChanged:
    return SubstitutionChanged(
        substitution_id=substitution.id,
        scenario_id=substitution.scenario_id,
        operator_id=substitution.operator_id,
        rule_id=substitution.rule_id,
        state=substitution.state,
        missing=tuple(each.item for each in substitution.checks if each.shortfall),
        replaces_fen=substitution.replaces_fen,
        changed_at=substitution.ended_at or substitution.checked_at,
        notice_until=substitution.notice_until,
    )
