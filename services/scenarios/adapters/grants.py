"""Grants in tables."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, and_, bindparam, exists, or_, select, update

from contracts.words import Funding, GrantState, OnCorrection, OnWithdrawal
from services.plumbing.rows import insert
from services.scenarios.adapters.newest import newest
from services.scenarios.adapters.quota_tables import reservations
from services.scenarios.adapters.tables import grants, incentive_versions
from services.scenarios.domain.basis import Basis
from services.scenarios.domain.grant import Grant
from services.scenarios.domain.recall import Recall

_OPEN: Final = grants.c.state == GrantState.OPEN
_NAMED: Final = select(grants).where(grants.c.id == bindparam("id")).with_for_update()
_TAKEN: Final = select(
    or_(
        exists().where(grants.c.id == bindparam("id")),
        exists().where(reservations.c.id == bindparam("id")),
    )
)
_CHANGED: Final = update(grants).where(grants.c.id == bindparam("named"))
_HELD_BY: Final = (
    select(grants.c.incentive_id, incentive_versions.c.conditions)
    .join(
        incentive_versions,
        (incentive_versions.c.incentive_id == grants.c.incentive_id)
        & (incentive_versions.c.version == grants.c.incentive_version),
    )
    .where(grants.c.holder == bindparam("holder"), _OPEN, grants.c.until > bindparam("now"))
)
_CONCERNED_BY: Final = (
    select(grants)
    .where(
        or_(
            and_(grants.c.recognition_id == bindparam("recognition_id"), _OPEN),
            and_(
                grants.c.holder == bindparam("holder"),
                or_(
                    and_(_OPEN, grants.c.recall_ends_at.is_not(None)),
                    grants.c.state == GrantState.REVOKED,
                ),
            ),
        )
    )
    .order_by(grants.c.id)
    .with_for_update()
)


class SqlGrants:
    """Stores grants; of a stored one only uses, end and what it rests on can change."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, id: UUID) -> Grant | None:
        row = self._connection.execute(_NAMED, {"id": id}).one_or_none()
        return _grant(row) if row else None

    def add(self, grant: Grant) -> None:
        insert(
            self._connection,
            grants,
            id=grant.id,
            holder=grant.holder,
            incentive_id=grant.incentive_id,
            scenario_id=grant.scenario_id,
            operator_id=grant.operator_id,
            benefit=grant.benefit,
            on_withdrawal=grant.on_withdrawal,
            on_correction=grant.on_correction,
            issued_at=grant.issued_at,
            funding=grant.funding,
            district=grant.district,
            counted_at=grant.counted_at,
            reversible_minutes=grant.reversible_minutes,
            notice_days=grant.notice_days,
            **_changing(grant),
        )

    def is_taken(self, id: UUID) -> bool:
        return bool(self._connection.execute(_TAKEN, {"id": id}).scalar_one())

    def save(self, grant: Grant) -> None:
        self._connection.execute(_CHANGED, {"named": grant.id, **_changing(grant)})

    def recognition_of(self, id: UUID) -> UUID | None:
        found = select(grants.c.recognition_id).where(grants.c.id == id)
        return self._connection.execute(found).scalar_one_or_none()

    def newest_of(self, holder: str, most: int, after: UUID | None = None) -> Sequence[Grant]:
        theirs = grants.c.holder == holder
        found = newest(self._connection, theirs, grants.c.issued_at, most, after)
        return list(map(_grant, found))

    def open_under(self, recognition_id: UUID) -> Sequence[Grant]:
        return self._all(grants.c.recognition_id == recognition_id, _OPEN)

    def held_by(self, holder: str, now: datetime) -> Mapping[str, frozenset[str]]:
        held: dict[str, frozenset[str]] = {}
        named = {"holder": holder, "now": now}
        for incentive_id, conditions in self._connection.execute(_HELD_BY, named):
            excluded = frozenset(conditions.excludes if conditions else ())
            held[incentive_id] = held.get(incentive_id, frozenset()) | excluded
        return held

    def open_of(self, incentive_id: str, *, after: UUID | None, most: int) -> Sequence[Grant]:
        found = (
            select(grants)
            .where(grants.c.incentive_id == incentive_id, _OPEN)
            .order_by(grants.c.id)
            .limit(most)
            .with_for_update()
        )
        if after is not None:
            found = found.where(grants.c.id > after)
        return [_grant(row) for row in self._connection.execute(found)]

    def concerned_by(self, recognition_id: UUID, holder: str) -> Sequence[Grant]:
        named = {"recognition_id": recognition_id, "holder": holder}
        return [_grant(row) for row in self._connection.execute(_CONCERNED_BY, named)]

    def due(self, now: datetime, most: int) -> Sequence[Grant]:
        found = (
            select(grants)
            .where(_OPEN, or_(grants.c.until <= now, grants.c.recall_ends_at <= now))
            .order_by(grants.c.until, grants.c.id)
            .limit(most)
            .with_for_update(skip_locked=True)
        )
        return [_grant(row) for row in self._connection.execute(found)]

    def holding(self, now: datetime, most: int) -> Sequence[Grant]:
        found = (
            select(grants)
            .where(grants.c.held_fen > 0, grants.c.held_until <= now)
            .order_by(grants.c.incentive_id, grants.c.id)
            .limit(most)
            .with_for_update(skip_locked=True)
        )
        return [_grant(row) for row in self._connection.execute(found)]

    def _all(self, *conditions: ColumnElement[bool]) -> Sequence[Grant]:
        found = select(grants).where(*conditions).order_by(grants.c.id).with_for_update()
        return [_grant(row) for row in self._connection.execute(found)]


def _changing(grant: Grant) -> dict[str, Any]:
    return {
        **vars(grant.basis),
        "until": grant.until,
        "restored": grant.restored,
        "uses_left": grant.uses_left,
        "state": grant.state,
        "ended_at": grant.ended_at,
        "ended_reason": grant.ended_reason,
        "reserved_fen": grant.reserved_fen,
        "spent_fen": grant.spent_fen,
        "held_fen": grant.held_fen,
        "held_until": grant.held_until,
        "recall_reason": grant.recall.reason if grant.recall else None,
        "recalled_at": grant.recall.recalled_at if grant.recall else None,
        "recall_ends_at": grant.recall.ends_at if grant.recall else None,
        "recalls": grant.recalls,
    }


def _recall(row: Row[Any]) -> Recall | None:
    if row.recall_ends_at is None:
        return None
    return Recall(reason=row.recall_reason, recalled_at=row.recalled_at, ends_at=row.recall_ends_at)


def _grant(row: Row[Any]) -> Grant:
    return Grant(
        id=row.id,
        holder=row.holder,
        incentive_id=row.incentive_id,
        scenario_id=row.scenario_id,
        operator_id=row.operator_id,
        benefit=row.benefit,
        on_withdrawal=OnWithdrawal(row.on_withdrawal),
        basis=Basis(
            recognition_id=row.recognition_id,
            attestation_id=row.attestation_id,
            home=row.home,
            tier=row.tier,
            crosswalk=row.crosswalk,
            incentive_version=row.incentive_version,
        ),
        issued_at=row.issued_at,
        until=row.until,
        uses_left=row.uses_left,
        state=GrantState(row.state),
        ended_at=row.ended_at,
        ended_reason=row.ended_reason,
        on_correction=OnCorrection(row.on_correction),
        restored=row.restored,
        funding=Funding(row.funding),
        district=row.district,
        counted_at=row.counted_at,
        reversible_minutes=row.reversible_minutes,
        spent_fen=row.spent_fen,
        held_fen=row.held_fen,
        held_until=row.held_until,
        notice_days=row.notice_days,
        recall=_recall(row),
        recalls=row.recalls,
    )
