"""Screening rules, screenings and vettings in tables."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Row, Select, select, update

from contracts.coverage import CoverageRecord
from contracts.states import RuleEnd, RuleState, ScreeningState, VettingState
from contracts.words import SubjectKind
from services.plumbing.rows import insert
from services.scenarios.adapters.newest import newest
from services.scenarios.adapters.screening_tables import screening_rules, screenings, vettings
from services.scenarios.domain.catalogue_item import LegalBasis
from services.scenarios.domain.coverage import Coverage, CoveredPeriod
from services.scenarios.domain.evidence import Subject
from services.scenarios.domain.evidence_facts import FORGOTTEN, Fact
from services.scenarios.domain.rule_life import RuleLife
from services.scenarios.domain.screening import Screening, ScreeningRule
from services.scenarios.domain.vetting import Vetting

ERASED: Final = "holder_erased"
OPEN: Final = (VettingState.PROPOSED, VettingState.NOTIFIED, VettingState.OBJECTED)


def life_of(row: Row[Any]) -> RuleLife:
    """Read where a rule is in its life."""
    return RuleLife(
        state=RuleState(row.state),
        activated_at=row.activated_at,
        stopped_at=row.stopped_at,
        stopped_for=RuleEnd(row.stopped_for) if row.stopped_for else None,
    )


class SqlScreeningRules:
    """Stores rules; of a stored one only its life changes."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, id: str) -> ScreeningRule | None:
        return self._one(select(screening_rules).filter_by(id=id).with_for_update())

    def active_in(self, scenario_id: str) -> ScreeningRule | None:
        return self._one(_active_in(scenario_id).with_for_update(read=True))

    def to_replace(self, scenario_id: str) -> ScreeningRule | None:
        return self._one(_active_in(scenario_id).with_for_update())

    def active(self) -> Sequence[ScreeningRule]:
        found = select(screening_rules).filter_by(state=RuleState.ACTIVE)
        ordered = found.order_by(screening_rules.c.id).with_for_update()
        return [_rule(row) for row in self._connection.execute(ordered)]

    def add(self, rule: ScreeningRule) -> None:
        values = {name: value for name, value in vars(rule).items() if name != "life"}
        insert(self._connection, screening_rules, **values, **vars(rule.life))

    def save(self, rule: ScreeningRule) -> None:
        known = update(screening_rules).where(screening_rules.c.id == rule.id)
        self._connection.execute(known.values(**vars(rule.life)))

    def _one(self, found: Select[Any]) -> ScreeningRule | None:
        row = self._connection.execute(found).one_or_none()
        return _rule(row) if row else None


class SqlScreenings:
    """Stores screenings; they never change."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, id: UUID) -> Screening | None:
        row = self._connection.execute(select(screenings).filter_by(id=id)).one_or_none()
        return _screening(row) if row else None

    def add(self, screening: Screening) -> None:
        subject = screening.subject
        values = vars(screening) | {"subject_kind": subject.kind, "subject": subject.id}
        insert(self._connection, screenings, **values)

    def of(self, subject: Subject, after: UUID | None, most: int) -> Sequence[Screening]:
        found = select(screenings).filter_by(subject_kind=subject.kind, subject=subject.id)
        if after is not None:
            found = found.where(screenings.c.id > after)
        found = found.order_by(screenings.c.id).limit(most)
        return [_screening(row) for row in self._connection.execute(found)]

    def forget_facts(self, subject: Subject) -> None:
        theirs = {"subject_kind": subject.kind, "subject": subject.id}
        forgotten = {"facts": (), "why": FORGOTTEN}
        self._connection.execute(update(screenings).filter_by(**theirs).values(forgotten))


class SqlVettings:
    """Stores vettings."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, id: UUID) -> Vetting | None:
        found = select(vettings).filter_by(id=id).with_for_update()
        row = self._connection.execute(found).one_or_none()
        return _vetting(row) if row else None

    def add(self, vetting: Vetting) -> None:
        insert(self._connection, vettings, **vars(vetting))

    def save(self, vetting: Vetting) -> None:
        known = update(vettings).where(vettings.c.id == vetting.id)
        self._connection.execute(known.values(**vars(vetting)))

    def newest_of(self, holder: str, most: int, after: UUID | None = None) -> Sequence[Vetting]:
        theirs = vettings.c.holder == holder
        found = newest(self._connection, theirs, vettings.c.opened_at, most, after)
        return list(map(_vetting, found))

    def forget(self, holder: str, at: datetime) -> None:
        theirs = update(vettings).where(vettings.c.holder == holder)
        dropped = {"state": VettingState.DROPPED, "closed_at": at, "closed_for": ERASED}
        still_open = vettings.c.state.in_(OPEN)
        self._connection.execute(theirs.where(still_open).values(**dropped))
        self._connection.execute(theirs.values(facts=(), objection=""))

    def due(self, now: datetime, most: int) -> Sequence[Vetting]:
        found = (
            select(vettings)
            .where(vettings.c.state == VettingState.NOTIFIED, vettings.c.objection_until <= now)
            .order_by(vettings.c.objection_until, vettings.c.id)
            .limit(most)
            .with_for_update(skip_locked=True)
        )
        return [_vetting(row) for row in self._connection.execute(found)]


def _active_in(scenario_id: str) -> Select[Any]:
    return select(screening_rules).filter_by(scenario_id=scenario_id, state=RuleState.ACTIVE)


def _rule(row: Row[Any]) -> ScreeningRule:
    return ScreeningRule(
        id=row.id,
        scenario_id=row.scenario_id,
        title=row.title,
        title_en=row.title_en,
        lists=tuple(row.lists),
        legal_basis=LegalBasis(**vars(row.legal_basis)),
        objection_days=row.objection_days,
        report_age_days=row.report_age_days,
        life=life_of(row),
    )


def _screening(row: Row[Any]) -> Screening:
    return Screening(
        id=row.id,
        operator_id=row.operator_id,
        scenario_id=row.scenario_id,
        rule_id=row.rule_id,
        subject=Subject(kind=SubjectKind(row.subject_kind), id=row.subject),
        why=row.why,
        state=ScreeningState(row.state),
        facts=_facts(row),
        coverage=tuple(_coverage(each) for each in row.coverage),
        screened_at=row.screened_at,
    )


def _coverage(said: CoverageRecord) -> Coverage:
    periods = tuple(CoveredPeriod(**vars(each)) for each in said.periods)
    return Coverage(**{**vars(said), "periods": periods})


def _vetting(row: Row[Any]) -> Vetting:
    values = row._asdict() | {"state": VettingState(row.state), "facts": _facts(row)}
    return Vetting(**values)


def _facts(row: Row[Any]) -> tuple[Fact, ...]:
    return tuple(Fact(**vars(each)) for each in row.facts)
