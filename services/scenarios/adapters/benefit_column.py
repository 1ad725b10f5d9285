"""A benefit in one JSON column, written as it travels: told apart by its `type`."""

from typing import Any, Final, get_args

from sqlalchemy import JSON, Dialect
from sqlalchemy.types import TypeDecorator

from contracts.benefits import Benefit
from contracts.schemas import schema_of

_KINDS: Final[dict[str, type]] = {kind.TYPE: kind for kind in get_args(Benefit)}


class BenefitColumn(TypeDecorator[Benefit]):
    """Invariant: what is read back equals what was stored."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Benefit | None, dialect: Dialect) -> dict[str, Any] | None:
        if value is None:
            return None
        kind: type = type(value)
        return {"type": value.TYPE, **schema_of(kind).dump(value)}

    def process_result_value(self, value: dict[str, Any] | None, dialect: Dialect) -> Any:
        return None if value is None else schema_of(_KINDS[value["type"]]).load(value)
