"""Incentives, their versions and steps as rows say them."""

from typing import Any

from sqlalchemy import Row

from contracts.words import IncentiveState, MoveKind, Mover, VersionState
from services.scenarios.adapters.terms import read_terms
from services.scenarios.domain.incentive import Incentive
from services.scenarios.domain.life import Life, Move, Version


def head_columns(life: Life) -> dict[str, Any]:
    return {
        "scenario_id": life.scenario_id,
        "version": life.newest.number,
        "was_published": life.was_published,
        "paused_by": life.paused_by,
        "withdrawn": life.withdrawn,
        "moves": life.moves,
    }


def read_incentive(
    head: Row[Any], row: Row[Any], state: IncentiveState = IncentiveState.PUBLISHED
) -> Incentive:
    return Incentive(
        id=head.id,
        scenario_id=head.scenario_id,
        version=row.version,
        terms=read_terms(row),
        state=state,
        published_at=row.published_at,
    )


def read_version(row: Row[Any]) -> Version:
    return Version(
        number=row.version,
        terms=read_terms(row),
        state=VersionState(row.state),
        hold=row.hold,
        published_at=row.published_at,
    )


def read_move(row: Row[Any]) -> Move:
    return Move(
        incentive_id=row.incentive_id,
        number=row.number,
        version=row.version,
        kind=MoveKind(row.kind),
        by=Mover(row.mover),
        note=row.note,
        at=row.at,
    )
