"""Hypothesis strategies derived from message declarations: any message a writer may send."""

from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from hypothesis import strategies as st
from marshmallow import fields as ma
from marshmallow import validate

from contracts import wire
from contracts.days import FIRST, LAST
from contracts.subjects import OrganisationField

moments = st.integers(0, 2**33 * 10**6).map(
    lambda microseconds: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)
)
scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
json_values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3)
    ),
    max_leaves=8,
)
# NaN is no JSON and equals nothing, so it cannot make a round trip.
exact_values = st.none() | st.booleans() | st.integers() | st.text(max_size=20)


@cache
def messages(message: type) -> st.SearchStrategy:
    hints = get_type_hints(message, include_extras=True)
    return st.builds(
        message, **{field.name: _values(hints[field.name]) for field in fields(message)}
    )


def any_message() -> st.SearchStrategy:
    return st.sampled_from(list(wire.catalogue())).flatmap(
        lambda contract: messages(contract.message)
    )


def _values(hint):  # noqa: PLR0911  one line per kind of type
    if get_origin(hint) in (Union, UnionType):
        return st.one_of([_values(member) for member in get_args(hint)])
    if hint is NoneType:
        return st.none()
    if get_origin(hint) is Annotated:
        return _declared(*get_args(hint))
    if get_origin(hint) is tuple:
        return st.lists(_values(get_args(hint)[0]), max_size=3).map(tuple)
    if get_origin(hint) is dict:
        return st.dictionaries(st.text(max_size=10), exact_values, max_size=3)
    if is_dataclass(hint):
        return messages(hint)
    if issubclass(hint, StrEnum):
        return st.sampled_from(list(hint))
    return {
        str: st.text(max_size=20),
        bool: st.booleans(),
        int: st.integers(),
        UUID: st.uuids(),
        date: st.dates(FIRST, LAST),
        datetime: moments,
    }[hint]


def _declared(kind, field):
    if kind is UUID:
        return st.uuids()
    if kind is datetime:
        return moments
    if isinstance(field, ma.Url):
        return st.from_regex(r"\Ahttps?://[a-z]{1,20}\.example(/[a-z]{1,9})?\Z")
    if kind is int:
        [bounds] = field.validators
        return st.integers(bounds.min, bounds.max)
    if kind is str:
        return _texts(field)
    return _values(kind)


def _texts(field):
    for check in field.validators:
        if isinstance(check, validate.OneOf):
            return st.sampled_from(check.choices)
    if isinstance(field, OrganisationField):
        return st.just("91350100M000100Y43")
    patterns = [check for check in field.validators if isinstance(check, validate.Regexp)]
    lengths = [check for check in field.validators if isinstance(check, validate.Length)]
    shortest = max((check.min or 0 for check in lengths), default=0)
    longest = min((check.max or 100 for check in lengths), default=100)
    if not patterns:
        return st.text(min_size=shortest, max_size=min(longest, 100))
    [pattern] = patterns
    return st.from_regex(pattern.regex).filter(lambda text: shortest <= len(text) <= longest)
