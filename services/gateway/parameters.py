"""Read path and query parameters by the types that contracts/routes/ states."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from functools import cache
from typing import Any, Final, get_args, get_origin
from uuid import UUID

import falcon
from marshmallow import ValidationError

from contracts.errors import Malformed
from contracts.routes import PATH_PARAMETERS
from contracts.routes.route import Query
from contracts.wire import flatten

LONGEST_QUERY: Final = 4096  # characters; the longest honest one needs some 400
_BOOLEANS: Final = {"true": True, "false": False}
_DIGITS: Final = 18  # a longer number is no count, whatever it is


def read_path(values: Mapping[str, str]) -> dict[str, Any]:
    """Read the parameters of a path; raise Malformed naming each bad one."""
    return _read({name: (PATH_PARAMETERS[name], text) for name, text in values.items()}, "path")


def read_query(request: falcon.Request, declared: tuple[Query, ...]) -> dict[str, Any]:
    """Read the declared query parameters; others, repeated or missing ones are Malformed."""
    if not request.query_string and (nothing := _nothing_asked(declared)) is not None:
        return dict(nothing)
    if len(request.query_string) > LONGEST_QUERY:
        raise Malformed(errors={"query": f"Longer than {LONGEST_QUERY} characters."})
    given: Mapping[str, Any] = request.params
    problems = {
        f"query.{name}": "Unknown parameter." for name in given.keys() - {q.name for q in declared}
    }
    for query in declared:
        value = given.get(query.name)
        if value is None and query.required:
            problems[f"query.{query.name}"] = "Missing."
        elif isinstance(value, list) and not query.many:
            problems[f"query.{query.name}"] = "Repeated."
    if problems:
        raise Malformed(errors=problems)
    single = {
        query.name: (query.type, given[query.name])
        for query in declared
        if query.name in given and not query.many
    }
    several = {query.name: _read_many(query, given) for query in declared if query.many}
    return {**dict.fromkeys(q.name for q in declared), **_read(single, "query"), **several}


@cache
def _nothing_asked(declared: tuple[Query, ...]) -> Mapping[str, Any] | None:
    """Return the parameters of a request that names none, unless it has to name some."""
    if any(query.required for query in declared):
        return None
    return dict.fromkeys(query.name for query in declared)


def _read_many(query: Query, given: Mapping[str, Any]) -> tuple[Any, ...]:
    """Read every value of a parameter, in the order they were given."""
    value = given.get(query.name, [])
    texts = value if isinstance(value, list) else [value]
    numbered = {f"{query.name}.{n}": (query.type, text) for n, text in enumerate(texts)}
    return tuple(_read(numbered, "query").values())


def _read(texts: Mapping[str, tuple[Any, str]], place: str) -> dict[str, Any]:
    values, problems = {}, {}
    for name, (kind, text) in texts.items():
        try:
            values[name] = _parse(kind, text)
        except ValidationError as error:
            problems[f"{place}.{name}"] = " ".join(flatten(error.messages).values())
        except (ValueError, KeyError):
            problems[f"{place}.{name}"] = f"Not one of: {_choices(kind)}."
    if problems:
        raise Malformed(errors=problems)
    return values


def _parse(kind: Any, text: str) -> Any:
    """Read one text; raise ValidationError, ValueError or KeyError."""
    if get_origin(kind) is None:
        return _BOOLEANS[text] if kind is bool else kind(text)
    base, field = get_args(kind)
    if base is UUID and str(field.deserialize(text)) != text.lower():
        raise ValidationError("Not a valid UUID.")
    if base is int:
        if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS):
            raise ValidationError("Not a valid integer.")
        return field.deserialize(int(text))
    return field.deserialize(text)


@contextmanager
def naming(**places: str) -> Iterator[None]:
    """Name what a service finds wrong with a field by where in the request it came from."""
    try:
        yield
    except Malformed as error:
        errors = {places.get(name, name): text for name, text in error.errors.items()}
        raise Malformed(error.code, error.detail, errors=errors) from error


def _choices(kind: Any) -> str:
    words = list(kind) if isinstance(kind, type) and issubclass(kind, StrEnum) else _BOOLEANS
    return ", ".join(words)
