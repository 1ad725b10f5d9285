"""JSON Schema as a person reads it: type, limits, and links to what it is made of."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

_LIMITS: Final = {
    "minimum": "≥ {}",
    "maximum": "≤ {}",
    "minLength": "≥ {} characters",
    "maxLength": "≤ {} characters",
    "minItems": "≥ {} items",
    "maxItems": "≤ {} items",
    "pattern": "{}",
}


@dataclass(frozen=True)
class Kind:
    """One alternative of a type; `link` is the name of a type with a section of its own."""

    text: str
    link: bool = False
    many: bool = False


@dataclass(frozen=True)
class Field:
    """A field of a body or a parameter."""

    name: str
    place: str
    kinds: tuple[Kind, ...]
    limits: tuple[str, ...]
    words: tuple[str, ...]
    meaning: str
    required: bool


def field_of(name: str, schema: dict[str, Any], *, required: bool, place: str = "") -> Field:
    """Describe one field."""
    inner = schema.get("items", schema)
    limits = {**_limits(schema), **_limits(inner)}
    return Field(
        name=name,
        place=place,
        kinds=tuple(dict.fromkeys(_kinds(schema))),
        limits=tuple(limits.values()),
        words=tuple(str(word) for word in inner.get("enum", ()) if word is not None),
        meaning=str(schema.get("description", inner.get("description", ""))),
        required=required,
    )


def fields_of(schema: dict[str, Any]) -> list[Field]:
    """Describe the fields of an object."""
    required = schema.get("required", ())
    return [
        field_of(name, inner, required=name in required)
        for name, inner in schema.get("properties", {}).items()
    ]


def named(reference: str) -> str:
    """Return the name that a `$ref` ends in."""
    return reference.rpartition("/")[2]


def _limits(schema: dict[str, Any]) -> dict[str, str]:
    return {name: said.format(schema[name]) for name, said in _LIMITS.items() if name in schema}


def _kinds(schema: dict[str, Any], *, many: bool = False) -> Iterator[Kind]:
    if "$ref" in schema:
        yield Kind(named(schema["$ref"]), link=True, many=many)
    elif "const" in schema:
        yield Kind(repr(schema["const"]), many=many)
    elif alternatives := schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf"):
        for alternative in alternatives:
            yield from _kinds(alternative, many=many)
    elif schema.get("type") == "array":
        yield from _kinds(schema.get("items", {}), many=True)
    else:
        kinds = schema.get("type", "any")
        for kind in kinds if isinstance(kinds, list) else [kinds]:
            yield Kind(str(schema.get("format", kind)) if kind == "string" else kind, many=many)
