"""The version of an incentive that is in force, and where it stands, as grants rest on it.

A version's terms never change, and which are published changes by a step in the incentive's life
alone, whose number and moment the head row tells.  So versions are remembered until the next step.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, Row, bindparam, select

from contracts.words import IncentiveState, MoveKind, VersionState
from services.scenarios.adapters.catalogue import read_scenario
from services.scenarios.adapters.catalogue_tables import incentive_moves
from services.scenarios.adapters.incentive_rows import read_incentive
from services.scenarios.adapters.tables import incentive_versions, incentives, scenarios
from services.scenarios.domain.incentive import Incentive
from services.scenarios.domain.scenario import Scenario

MOST_REMEMBERED: Final = 10_000  # incentives

_STOPPED: Final = {
    MoveKind.PAUSED: IncentiveState.PAUSED,
    MoveKind.WITHDRAWN: IncentiveState.WITHDRAWN,
    MoveKind.RESUMED: IncentiveState.PUBLISHED,
}
_HEAD: Final = (
    select(incentives, *(column for column in scenarios.columns if column.name != "id"))
    .join(scenarios, scenarios.c.id == incentives.c.scenario_id)
    .where(incentives.c.id == bindparam("id"))
    .with_for_update(read=True, of=incentives)
)
_PUBLISHED: Final = (
    select(incentive_versions)
    .where(
        incentive_versions.c.incentive_id == bindparam("id"),
        incentive_versions.c.state == VersionState.PUBLISHED,
    )
    .order_by(incentive_versions.c.version.desc())
)
_STOPPING: Final = (
    select(incentive_moves.c.kind)
    .where(
        incentive_moves.c.incentive_id == bindparam("id"), incentive_moves.c.at <= bindparam("at")
    )
    .where(incentive_moves.c.kind.in_(_STOPPED))
    .order_by(incentive_moves.c.number.desc())
    .limit(1)
)


class Remembered:
    """Invariant: what it has of an incentive is as of the step that is kept with it."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[int, datetime | None, Sequence[Incentive]]] = {}

    def keep(self, head: Row[Any], newest_first: Sequence[Incentive]) -> None:
        """Remember published versions, down to one that is in force."""
        if len(self._known) >= MOST_REMEMBERED:
            self._known.clear()
        self._known[head.id] = (head.moves, head.moved_at, newest_first)

    def in_force(self, head: Row[Any], at: datetime) -> Incentive | None:
        """Return the version in force at a moment; None unless it is remembered."""
        moves, moved_at, newest_first = self._known.get(head.id, (None, None, ()))
        if (moves, moved_at) != (head.moves, head.moved_at):
            return None
        return next((each for each in newest_first if each.has_begun(at)), None)


_REMEMBERED: Final[WeakKeyDictionary[Engine, Remembered]] = WeakKeyDictionary()


def in_force(connection: Connection, id: str, at: datetime) -> tuple[Incentive, Scenario] | None:
    """Return the version in force at a moment, in its state then, and its scenario.

    The head row is locked against steps, not against others who read.
    """
    head = connection.execute(_HEAD, {"id": id}).one_or_none()
    version = None if head is None else _version(connection, head, at)
    if head is None or version is None:
        return None
    state = _state(connection, head, at)
    return replace(version, state=state), read_scenario(head.scenario_id, head)


def _version(connection: Connection, head: Row[Any], at: datetime) -> Incentive | None:
    remembered = _REMEMBERED.setdefault(connection.engine, Remembered())
    if known := remembered.in_force(head, at):
        return known
    newest_first: list[Incentive] = []
    for row in connection.execute(_PUBLISHED, {"id": head.id}):
        newest_first.append(read_incentive(head, row))
        if newest_first[-1].has_begun(at):
            break
    remembered.keep(head, newest_first)
    return remembered.in_force(head, at)


def _state(connection: Connection, head: Row[Any], at: datetime) -> IncentiveState:
    if head.moved_at is not None and at < head.moved_at:
        kind = connection.execute(_STOPPING, {"id": head.id, "at": at}).scalar_one_or_none()
        return _STOPPED[MoveKind(kind)] if kind else IncentiveState.PUBLISHED
    if head.withdrawn:
        return IncentiveState.WITHDRAWN
    return IncentiveState.PAUSED if head.paused_by else IncentiveState.PUBLISHED
