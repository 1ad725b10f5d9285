"""Read a service's settings: a flat TOML file, then HUXIN_<NAME> in the environment.

Each service declares a frozen dataclass with the names it needs; what is missing or wrong stops the
start and is named, all at once.  Values are not repeated in errors: some are secret.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin, get_type_hints

from marshmallow import ValidationError

from contracts.wire import flatten

PREFIX = "HUXIN_"

T = TypeVar("T")


class SettingsError(Exception):
    """The settings do not let a service start."""


class MissingSetting(SettingsError):
    """Settings without a value; `names` tells which."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(
            "missing settings: " + ", ".join(f"{name} ({PREFIX}{name.upper()})" for name in names)
        )
        self.names = names


class BadSetting(SettingsError):
    """Settings that cannot be read; `problems` tells what is wrong with each."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {problem}" for name, problem in problems.items()))
        self.problems = problems


def read_values(path: Path | None, environ: Mapping[str, str]) -> dict[str, str]:
    """Read the file, if one is given, and let the environment override it."""
    values: dict[str, str] = {}
    if path is not None:
        try:
            written = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            said = error.strerror if isinstance(error, OSError) else None
            raise BadSetting({str(path): said or str(error)}) from error
        values = {name: _text(name, value) for name, value in written.items()}
    return values | {
        name.removeprefix(PREFIX).lower(): value
        for name, value in environ.items()
        if name.startswith(PREFIX)
    }


def load_settings(cls: type[T], values: Mapping[str, str]) -> T:
    """Build a settings object; raise MissingSetting or BadSetting that names each one."""
    hints = get_type_hints(cls, include_extras=True)
    declared: tuple[Field[Any], ...] = fields(cls)  # type: ignore[arg-type]  # settings classes are dataclasses
    missing = [
        field.name
        for field in declared
        if field.name not in values
        and field.default is MISSING
        and field.default_factory is MISSING
    ]
    if missing:
        raise MissingSetting(missing)
    read, problems = {}, {}
    for field in declared:
        if field.name in values:
            try:
                read[field.name] = _parse(hints[field.name], values[field.name])
            except ValidationError as error:
                problems[field.name] = " ".join(flatten(error.messages).values())
            except ValueError:
                problems[field.name] = f"not a {_kind(hints[field.name])}"
    if problems:
        raise BadSetting(problems)
    return cls(**read)


def _parse(hint: Any, text: str) -> Any:
    """Read a text as a str, int, float, bool, Path, a tuple of these, or one of contracts.fields.

    Raise ValueError or marshmallow's ValidationError.
    """
    origin = get_origin(hint)
    if origin is Annotated:
        base, field = get_args(hint)
        return field.deserialize(_parse(base, text))
    if origin in (Union, UnionType):
        (one,) = (choice for choice in get_args(hint) if choice is not NoneType)
        return _parse(one, text)
    if origin is tuple:
        item = get_args(hint)[0]
        return tuple(_parse(item, part.strip()) for part in text.split(",") if part.strip())
    return _READERS.get(hint, str)(text)


def _boolean(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise ValueError(text)
    return text.lower() == "true"


_READERS: dict[Any, Any] = {bool: _boolean, int: int, float: float, Path: Path}


def _kind(hint: Any) -> str:
    if get_origin(hint) is Annotated:
        hint = get_args(hint)[0]
    words: dict[Any, str] = {int: "whole number", float: "number"}
    return words.get(hint, getattr(hint, "__name__", str(hint)))


def _text(name: str, value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str() | int() | float():
            return str(value)
        case list():
            return ",".join(_text(name, item) for item in value)
        case _:
            raise BadSetting({name: "not a text, a number, true, false or a list of them"})
