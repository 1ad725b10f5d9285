"""Insert rows unless their keys are taken, delete in bounded batches: alike on both databases."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, delete, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite

from contracts.errors import Conflict


def insert_once(connection: Connection, table: Table, **values: Any) -> bool:
    """Insert a row; say False, and change nothing, when a unique key is taken.

    On PostgreSQL a transaction that is inserting the same key is waited for.
    """
    statement = _once(connection.dialect.name, table)
    return connection.execute(statement, values).first() is not None


def insert_new(
    connection: Connection, table: Table, rows: Sequence[dict[str, Any]]
) -> Sequence[Row[Any]]:
    """Insert those rows whose unique keys are free, by one statement; return their primary keys.

    On PostgreSQL a transaction that is inserting one of the same keys is waited for.
    """
    return connection.execute(_once(connection.dialect.name, table), rows).all()


@cache
def _once(dialect: str, table: Table) -> Any:
    """Return the statement, made once: SQLAlchemy then knows what it compiled it to."""
    return insertion(dialect, table).on_conflict_do_nothing().returning(*table.primary_key)


def insertion(dialect: str, table: Table) -> Any:
    """Begin an `INSERT` that may say what is done on a conflict: each dialect has its own."""
    return (postgresql if dialect == "postgresql" else sqlite).insert(table)


def insert(connection: Connection, table: Table, **values: Any) -> None:
    """Insert a row whose id somebody else chose; raises Conflict("id_reused")."""
    if not insert_once(connection, table, **values):
        raise Conflict("id_reused", table.name)


def delete_some(
    connection: Connection, table: Table, condition: ColumnElement[bool], limit: int
) -> int:
    """Delete at most so many rows that meet a condition; return how many it were."""
    key = table.primary_key.columns
    some = select(*key).where(condition).limit(limit)
    return connection.execute(delete(table).where(tuple_(*key).in_(some))).rowcount
