"""Counting anew: what the grants and reservations themselves say, in tables."""

from functools import cache
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Table, bindparam, func, insert, select, true

from contracts.words import ReservationState
from services.scenarios.adapters.quota_tables import reservations
from services.scenarios.adapters.tables import counters, grants
from services.scenarios.domain.bounds import Bound, Count

IS_HELD = reservations.c.state == ReservationState.HELD
_KEY: Final = ("incentive_id", "holder", "district", "period")
_COUNT: Final = ("issued", "held", "reserved_fen", "spent_fen")


def begin_counter(connection: Connection, incentive_id: str, bound: Bound) -> Count:
    """Let a counter that is not there begin with what is in its window already, and return that.

    Exact while the incentive's tally is locked; nobody else begins the counter meanwhile.
    """
    begun = _begun(of_holder=bound.holder is not None, of_district=bound.district is not None)
    window = {"since": bound.window.since, "until": bound.window.until}
    named = {"incentive_id": incentive_id, **bound.key._asdict(), **window}
    return Count(**connection.execute(begun, named).mappings().one())


@cache
def _begun(*, of_holder: bool, of_district: bool) -> Any:
    """Return the statement, by what the window is of."""

    def within(table: Table, moment: ColumnElement[Any]) -> list[ColumnElement[bool]]:
        conditions = [
            table.c.incentive_id == _named("incentive_id"),
            moment >= bindparam("since"),
            moment < bindparam("until"),
        ]
        if of_holder:
            conditions.append(table.c.holder == _named("holder"))
        if of_district:
            conditions.append(table.c.district == _named("district"))
        return conditions

    issued = (
        select(
            func.count().label("issued"),
            _sum(grants.c.reserved_fen).label("open_fen"),
            _sum(grants.c.spent_fen).label("spent_fen"),
        )
        .where(*within(grants, grants.c.counted_at))
        .subquery()
    )
    held = (
        select(func.count().label("held"), _sum(reservations.c.value_fen).label("held_fen"))
        .where(IS_HELD, *within(reservations, reservations.c.reserved_at))
        .subquery()
    )
    counted = select(
        *map(_named, _KEY),
        issued.c.issued,
        held.c.held,
        issued.c.open_fen + held.c.held_fen,
        issued.c.spent_fen,
    ).select_from(issued.join(held, true()))  # a row each
    begun = insert(counters).from_select([*_KEY, *_COUNT], counted)
    return begun.returning(*(counters.c[name] for name in _COUNT))


def _named(name: str) -> ColumnElement[Any]:
    return bindparam(name, type_=counters.c[name].type)


def _sum(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.coalesce(func.sum(column), 0)
