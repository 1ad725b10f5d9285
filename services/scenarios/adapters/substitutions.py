"""Substitution rules and substitutions in tables."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Row, Select, select, update

from contracts.states import Replacement, RuleState, SubstitutionState
from contracts.words import SubjectKind
from services.plumbing.rows import insert
from services.scenarios.adapters.screening import life_of
from services.scenarios.adapters.screening_tables import substitution_rules, substitutions
from services.scenarios.domain.evidence import Subject
from services.scenarios.domain.evidence_facts import FORGOTTEN
from services.scenarios.domain.substitution import (
    NO_TEXT,
    Check,
    Commitment,
    Requirement,
    Substitution,
    SubstitutionRule,
)

STANDING: Final = (SubstitutionState.OPEN, SubstitutionState.CALLED_BACK)


class SqlSubstitutionRules:
    """Stores rules; of a stored one only its life changes."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, id: str) -> SubstitutionRule | None:
        return self._one(select(substitution_rules).filter_by(id=id).with_for_update())

    def active_in(self, scenario_id: str) -> SubstitutionRule | None:
        return self._one(_active_in(scenario_id).with_for_update(read=True))

    def to_replace(self, scenario_id: str) -> SubstitutionRule | None:
        return self._one(_active_in(scenario_id).with_for_update())

    def add(self, rule: SubstitutionRule) -> None:
        values = {name: value for name, value in vars(rule).items() if name != "life"}
        insert(self._connection, substitution_rules, **values, **vars(rule.life))

    def save(self, rule: SubstitutionRule) -> None:
        known = update(substitution_rules).where(substitution_rules.c.id == rule.id)
        self._connection.execute(known.values(**vars(rule.life)))

    def _one(self, found: Select[Any]) -> SubstitutionRule | None:
        row = self._connection.execute(found).one_or_none()
        return _rule(row) if row else None


class SqlSubstitutions:
    """Stores substitutions, each with the commitment it rests on."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, id: UUID) -> Substitution | None:
        found = select(substitutions).filter_by(id=id).with_for_update()
        row = self._connection.execute(found).one_or_none()
        return _substitution(row) if row else None

    def add(self, substitution: Substitution) -> None:
        insert(self._connection, substitutions, **_values(substitution))

    def save(self, substitution: Substitution) -> None:
        known = update(substitutions).where(substitutions.c.id == substitution.id)
        self._connection.execute(known.values(**_values(substitution)))

    def standing_of(self, subject: Subject) -> Sequence[Substitution]:
        found = (
            select(substitutions)
            .filter_by(subject_kind=subject.kind, subject=subject.id)
            .where(substitutions.c.state.in_(STANDING))
            .order_by(substitutions.c.id)
            .with_for_update()
        )
        return [_substitution(row) for row in self._connection.execute(found)]

    def to_check(self, before: datetime, most: int) -> Sequence[Substitution]:
        found = (
            select(substitutions)
            .where(substitutions.c.state.in_(STANDING), substitutions.c.checked_at < before)
            .order_by(substitutions.c.checked_at, substitutions.c.id)
            .limit(most)
            .with_for_update(skip_locked=True)
        )
        return [_substitution(row) for row in self._connection.execute(found)]

    def forget(self, subject: Subject) -> None:
        theirs = {"subject_kind": subject.kind, "subject": subject.id}
        about = update(substitutions).filter_by(**theirs)
        column = substitutions.c
        committed = {"commitment_number": FORGOTTEN, "commitment_digest": NO_TEXT}
        self._connection.execute(about.values(checks=()))
        self._connection.execute(
            about.where(column.commitment_number.is_not(None)).values(committed)
        )
        self._connection.execute(
            about.where(column.breach_number.is_not(None)).values(breach_number=FORGOTTEN)
        )


def _active_in(scenario_id: str) -> Select[Any]:
    return select(substitution_rules).filter_by(scenario_id=scenario_id, state=RuleState.ACTIVE)


def _rule(row: Row[Any]) -> SubstitutionRule:
    return SubstitutionRule(
        id=row.id,
        scenario_id=row.scenario_id,
        title=row.title,
        title_en=row.title_en,
        requires=tuple(Requirement(**vars(each)) for each in row.requires),
        barred_by=tuple(row.barred_by),
        wants_commitment=row.wants_commitment,
        replaces_fen=row.replaces_fen,
        by=Replacement(row.by) if row.by else None,
        notice_days=row.notice_days,
        life=life_of(row),
    )


def _values(substitution: Substitution) -> dict[str, Any]:
    values = vars(substitution) | {
        "subject_kind": substitution.subject.kind,
        "subject": substitution.subject.id,
    }
    signed = values.pop("commitment")
    return values | {
        "commitment_number": signed and signed.document_number,
        "commitment_digest": signed and signed.digest,
        "commitment_signed_at": signed and signed.signed_at,
        "commitment_until": signed and signed.until,
        "breached_at": signed and signed.breached_at,
        "breach_number": signed and signed.breach_number,
    }


def _substitution(row: Row[Any]) -> Substitution:
    commitment = None
    if row.commitment_number is not None:
        commitment = Commitment(
            document_number=row.commitment_number,
            digest=row.commitment_digest,
            signed_at=row.commitment_signed_at,
            until=row.commitment_until,
            breached_at=row.breached_at,
            breach_number=row.breach_number,
        )
    return Substitution(
        id=row.id,
        operator_id=row.operator_id,
        scenario_id=row.scenario_id,
        rule_id=row.rule_id,
        subject=Subject(kind=SubjectKind(row.subject_kind), id=row.subject),
        commitment=commitment,
        state=SubstitutionState(row.state),
        checks=tuple(Check(**vars(each)) for each in row.checks),
        replaces_fen=row.replaces_fen,
        decided_at=row.decided_at,
        checked_at=row.checked_at,
        notice_until=row.notice_until,
        ended_at=row.ended_at,
    )
