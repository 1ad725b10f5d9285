"""A part of a message in one JSON column, written as it travels."""

from typing import Any

from sqlalchemy import JSON, Dialect
from sqlalchemy.types import TypeDecorator

from contracts.schemas import schema_of


class MessageColumn(TypeDecorator[Any]):
    """Invariant: what is read back equals what was stored; a tuple of parts is kept as a list."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def __init__(self, part: type) -> None:
        super().__init__()
        self.part = part

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        many = isinstance(value, tuple)
        return None if value is None else schema_of(self.part).dump(value, many=many)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        if value is None:
            return None
        many = isinstance(value, list)
        read = schema_of(self.part).load(value, many=many)
        return tuple(read) if many else read
