"""Incentives in tables: a head row each, every version, every step."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    insert,
    select,
    update,
)

from contracts.words import IncentiveState, Mover, VersionState
from services.plumbing import rows
from services.scenarios.adapters.catalogue_tables import incentive_moves
from services.scenarios.adapters.in_force import in_force
from services.scenarios.adapters.incentive_rows import (
    head_columns,
    read_incentive,
    read_move,
    read_version,
)
from services.scenarios.adapters.tables import (
    incentive_versions,
    incentives,
    scenarios,
    tallies,
)
from services.scenarios.adapters.terms import terms_columns
from services.scenarios.domain.incentive import Incentive
from services.scenarios.domain.life import Life, Move, Version
from services.scenarios.domain.scenario import Scenario

_versions, _moves = incentive_versions, incentive_moves
_PUBLISHED = _versions.c.state == VersionState.PUBLISHED
_HEAD: Final = select(incentives).where(incentives.c.id == bindparam("id")).with_for_update()
_NOTHING = {column.name: 0 for column in tallies.columns if column.name != "incentive_id"}


class SqlIncentives:
    """Stores every version; the head row names the newest and is what is locked."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def life(self, id: str) -> Life | None:
        # Two statements: a join would miss the version that a lock was waited for.
        row = self._connection.execute(_HEAD, {"id": id}).one_or_none()
        return self._life(row) if row else None

    def in_force(self, id: str, at: datetime) -> Incentive | None:
        found = self.with_scenario(id, at)
        return found and found[0]

    def with_scenario(self, id: str, at: datetime) -> tuple[Incentive, Scenario] | None:
        return in_force(self._connection, id, at)

    def version(self, id: str, number: int) -> Incentive | None:
        head = self._one(select(incentives).where(incentives.c.id == id))
        row = head and self._row(id, number)
        return read_incentive(head, row) if head and row else None

    def numbered(self, id: str, number: int) -> Version | None:
        row = self._row(id, number)
        return read_version(row) if row else None

    def on_offer(self, scenario_id: str, at: datetime) -> Sequence[Incentive]:
        of_scenario = (
            select(incentives)
            .where(incentives.c.scenario_id == scenario_id)
            .order_by(incentives.c.id)
        )
        found: list[Incentive] = []
        for head in self._connection.execute(of_scenario).all():
            published = (
                select(_versions)
                .where(_versions.c.incentive_id == head.id, _PUBLISHED)
                .order_by(_versions.c.version.desc())
            )
            several: list[Incentive] = []
            for row in self._connection.execute(published):
                several.insert(0, read_incentive(head, row))
                if row.offered_from <= at:
                    break
            found += several
        return found

    def after(
        self, id: str, *, operator_id: str | None, state: IncentiveState | None, most: int
    ) -> Sequence[Life]:
        found = select(incentives).where(incentives.c.id > id).order_by(incentives.c.id)
        if operator_id is not None:
            own = select(scenarios.c.id).where(scenarios.c.operator_id == operator_id)
            found = found.where(incentives.c.scenario_id.in_(own))
        if state is not None:
            found = _in_state(found, state)
        return [self._life(row) for row in self._connection.execute(found.limit(most)).all()]

    def add(self, life: Life) -> None:
        rows.insert(self._connection, incentives, id=life.id, **head_columns(life))
        self._connection.execute(insert(tallies).values(incentive_id=life.id, **_NOTHING))
        self._add_version(life)

    def save(self, life: Life) -> None:
        newest = life.newest
        if self._row(life.id, newest.number) is None:
            self._replace(life, _versions.c.state.in_([VersionState.DRAFT, VersionState.REVIEWED]))
            self._add_version(life)
        else:
            stands = {
                "state": newest.state,
                "hold": newest.hold,
                "published_at": newest.published_at,
            }
            self._connection.execute(
                update(_versions).where(_is(life.id, newest.number)).values(stands)
            )
        if newest.published_at is not None:
            self._replace(life, and_(_PUBLISHED, _versions.c.offered_from > newest.published_at))
        self._connection.execute(
            update(incentives).where(incentives.c.id == life.id).values(head_columns(life))
        )

    def unsettled(self) -> Sequence[str]:
        found = select(incentives.c.id).where(incentives.c.withdrawn, ~incentives.c.settled)
        return self._connection.execute(found).scalars().all()

    def settle(self, id: str) -> None:
        settled = update(incentives).where(incentives.c.id == id).values(settled=True)
        self._connection.execute(settled)

    def note(self, move: Move) -> None:
        columns = {name: value for name, value in vars(move).items() if name != "by"}
        self._connection.execute(insert(_moves).values(mover=move.by, **columns))
        self._connection.execute(
            update(incentives).where(incentives.c.id == move.incentive_id).values(moved_at=move.at)
        )

    def moves(self, id: str, *, after: int, most: int) -> Sequence[Move]:
        found = (
            select(_moves)
            .where(_moves.c.incentive_id == id, _moves.c.number > after)
            .order_by(_moves.c.number)
            .limit(most)
        )
        return [read_move(row) for row in self._connection.execute(found)]

    def _one(self, query: Select[Any]) -> Row[Any] | None:
        return self._connection.execute(query).one_or_none()

    def _row(self, id: str, number: int) -> Row[Any] | None:
        return self._one(select(_versions).where(_is(id, number)))

    def _life(self, head: Row[Any]) -> Life:
        row = self._row(head.id, head.version)
        if row is None:
            raise LookupError(f"incentive {head.id} without its newest version")
        return Life(
            id=head.id,
            scenario_id=head.scenario_id,
            newest=read_version(row),
            was_published=head.was_published,
            paused_by=head.paused_by and Mover(head.paused_by),
            withdrawn=head.withdrawn,
            moves=head.moves,
        )

    def _replace(self, life: Life, condition: ColumnElement[bool]) -> None:
        older = _versions.c.version < life.newest.number
        self._connection.execute(
            update(_versions)
            .where(_versions.c.incentive_id == life.id, older, condition)
            .values(state=VersionState.REPLACED)
        )

    def _add_version(self, life: Life) -> None:
        newest = life.newest
        rows.insert(
            self._connection,
            _versions,
            incentive_id=life.id,
            version=newest.number,
            state=newest.state,
            hold=newest.hold,
            published_at=newest.published_at,
            **terms_columns(newest.terms),
        )


def _is(id: str, number: int) -> ColumnElement[bool]:
    return and_(_versions.c.incentive_id == id, _versions.c.version == number)


def _in_state(found: Select[Any], state: IncentiveState) -> Select[Any]:
    """Keep heads in a state; in one of review, those whose newest version is in it."""
    if state is IncentiveState.WITHDRAWN:
        return found.where(incentives.c.withdrawn)
    found = found.where(~incentives.c.withdrawn)
    if state is IncentiveState.PAUSED:
        return found.where(incentives.c.paused_by.is_not(None))
    if state is IncentiveState.PUBLISHED:
        return found.where(incentives.c.paused_by.is_(None), incentives.c.was_published)
    newest = and_(
        _versions.c.incentive_id == incentives.c.id, _versions.c.version == incentives.c.version
    )
    return found.join(_versions, newest).where(_versions.c.state == state)
