"""Counting anew: what the grants and reservations themselves say, in tables."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, func, select, true

from contracts.words import ReservationState
from services.scenarios.adapters.quota_tables import reservations
from services.scenarios.adapters.tables import grants
from services.scenarios.domain.bounds import Bound, Count

IS_HELD = reservations.c.state == ReservationState.HELD


def recount(connection: Connection, incentive_id: str, bound: Bound) -> Count:
    """Count what counts in one window; exact while the incentive's tally is locked."""
    issued = select(func.count(), _sum(grants.c.reserved_fen), _sum(grants.c.spent_fen)).where(
        *_within(grants, grants.c.counted_at, incentive_id, bound)
    )
    held = select(func.count(), _sum(reservations.c.value_fen)).where(
        IS_HELD, *_within(reservations, reservations.c.reserved_at, incentive_id, bound)
    )
    first, second = issued.subquery(), held.subquery()
    both = select(*first.c, *second.c).select_from(first.join(second, true()))  # a row each
    grants_issued, open_fen, spent_fen, reservations_held, held_fen = connection.execute(both).one()
    return Count(
        issued=grants_issued,
        held=reservations_held,
        reserved_fen=int(open_fen) + int(held_fen),
        spent_fen=int(spent_fen),
    )


def _within(
    table: Table, moment: ColumnElement[Any], incentive_id: str, bound: Bound
) -> list[ColumnElement[bool]]:
    conditions = [
        table.c.incentive_id == incentive_id,
        moment >= bound.window.since,
        moment < bound.window.until,
    ]
    if bound.holder is not None:
        conditions.append(table.c.holder == bound.holder)
    if bound.district is not None:
        conditions.append(table.c.district == bound.district)
    return conditions


def _sum(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.coalesce(func.sum(column), 0)
