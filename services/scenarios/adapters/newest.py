"""Rows of somebody, the newest first, page by page."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Connection, Row, select, tuple_

from contracts.errors import NotFound


def newest(
    connection: Connection,
    whose: ColumnElement[bool],
    at: "Column[Any]",
    most: int,
    after: UUID | None,
) -> Sequence[Row[Any]]:
    """Return rows of the table of `at`, those that follow one of them; raise NotFound without it.

    What comes newly in stands before the first page and moves none of those that follow.
    """
    table = at.table
    place = (at, table.c.id)
    found = select(table).where(whose)
    if after is not None:
        last = connection.execute(select(at).where(whose, table.c.id == after)).scalar_one_or_none()
        if last is None:
            raise NotFound("not_found", "after")
        found = found.where(tuple_(*place) < tuple_(last, after))
    newest_first = found.order_by(*(column.desc() for column in place)).limit(most)
    return connection.execute(newest_first).all()
