"""Derive a marshmallow schema from a frozen dataclass: one declaration, one truth (ADR 0002)."""

from copy import copy
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import marshmallow as ma
from marshmallow import validate

from contracts.readings import Truth, UtcMoment, Uuid

LONGEST_LIST = 1000  # items; a longer list is refused before its items are read


class MessageSchema(ma.Schema):
    """Load gives the message class itself."""

    message: type

    @ma.post_load
    def build(self, data: dict[str, Any], **_options: Any) -> Any:
        return self.message(**data)


class Tagged(ma.fields.Field[Any]):
    """One of several message classes, told apart by their `type` (the class's own `TYPE`)."""

    def __init__(self, choices: tuple[type, ...], *, unknown: str, **options: Any) -> None:
        super().__init__(**options)
        self.schemas = {choice.TYPE: schema_of(choice, unknown) for choice in choices}  # type: ignore[attr-defined]  # every member of a tagged union has a TYPE, checked by the contract tests

    def _serialize(self, value: Any, attr: str | None, obj: Any, **_options: Any) -> Any:
        if value is None:
            return None
        return {"type": value.TYPE, **self.schemas[value.TYPE].dump(value)}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_options: Any) -> Any:
        if not isinstance(value, dict):
            raise ma.ValidationError("Not an object.")
        schema = self.schemas.get(value["type"]) if isinstance(value.get("type"), str) else None
        if schema is None:
            raise ma.ValidationError({"type": [f"One of: {', '.join(sorted(self.schemas))}."]})
        return schema.load({name: item for name, item in value.items() if name != "type"})


@cache
def schema_of(message: type, unknown: str = ma.EXCLUDE) -> ma.Schema:
    """Return the schema of a message class.

    `unknown` is EXCLUDE for messages (a tolerant reader) and RAISE for HTTP bodies.
    """
    hints = get_type_hints(message, include_extras=True)
    declared = {
        field.name: _field_of(hints[field.name], field, unknown) for field in fields(message)
    }
    meta = type("Meta", (), {"unknown": unknown})
    schema = type(
        f"{message.__name__}Schema",
        (MessageSchema,),
        {**declared, "Meta": meta, "message": message},
    )
    built: ma.Schema = schema()
    return built


def field_of(hint: Any) -> Any:
    """Return the field of one hint, as a parameter of a path or a query needs it."""
    return _plain(hint, {"required": True}, ma.RAISE)


def _field_of(hint: Any, field: "Field[Any]", unknown: str) -> Any:
    options: dict[str, Any] = {}
    if field.default is not MISSING:
        options["load_default"] = field.default
    elif field.default_factory is not MISSING:
        options["load_default"] = field.default_factory
    else:
        options["required"] = True
    alternatives = get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)
    if NoneType in alternatives:
        options["allow_none"] = True
    chosen = tuple(item for item in alternatives if item is not NoneType)
    if len(chosen) > 1:
        return Tagged(chosen, unknown=unknown, **options)
    return _plain(chosen[0], options, unknown)


def _plain(hint: Any, options: dict[str, Any], unknown: str) -> Any:
    if get_origin(hint) is Annotated:
        declared = copy(get_args(hint)[1])
        declared.required = options.get("required", False)
        declared.load_default = options.get("load_default", ma.missing)
        declared.allow_none = options.get("allow_none", False)
        return declared
    if get_origin(hint) is tuple:
        item = _plain(get_args(hint)[0], {}, unknown)
        return _Tuple(item, validate=validate.Length(max=LONGEST_LIST), **options)
    if get_origin(hint) is dict or hint is dict:
        kinds = get_args(hint)[1:]  # of its values
        values = None if kinds in {(), (Any,)} else _plain(kinds[0], {}, unknown)
        return ma.fields.Dict(keys=ma.fields.String(), values=values, **options)
    if is_dataclass(hint):
        return ma.fields.Nested(schema_of(hint, unknown), **options)  # type: ignore[arg-type]  # is_dataclass narrows to instance or class; hints are classes
    if issubclass(hint, StrEnum):
        return ma.fields.Enum(hint, by_value=True, **options)
    return _SCALARS[hint](**options)


class _Tuple(ma.fields.List[Any]):
    """A list on the wire, a tuple in code: messages stay immutable and hashable."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> Any:
        if isinstance(value, list) and len(value) > LONGEST_LIST:
            raise ma.ValidationError(f"Longer than {LONGEST_LIST} items.")
        return tuple(super()._deserialize(value, attr, data, **options))


def _strict_integer(**options: Any) -> ma.fields.Integer:
    return ma.fields.Integer(strict=True, **options)


_SCALARS: dict[Any, Any] = {
    str: ma.fields.String,
    int: _strict_integer,
    bool: Truth,
    UUID: Uuid,
    datetime: UtcMoment,
}
