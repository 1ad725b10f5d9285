"""Conditions in CEL: what they may say, whether they hold.

CEL is the Common Expression Language (cel-spec).  An expression sees `VARIABLES` and nothing else:
no score can reach it, and no purpose, so that to consent never costs anybody an incentive.  It is
checked when terms are said, compiled once, and has no effects; what it costs is bounded by its
length (ADR 0031).
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

import cel

from contracts.expressions.checker import INT, STRING, STRINGS
from contracts.expressions.checker import check as _check
from contracts.expressions.tokens import ExpressionError as ExpressionError
from contracts.expressions.tokens import tokens_of

Value = int | str | list[str]

VARIABLES: Final[Mapping[str, str]] = {
    "tier": INT,  # for the scenario's category, 1 to 5
    "home": STRING,  # the home city's GB/T 2260 code
    "age_days": INT,  # whole days since the attestation was issued
    "hour": INT,  # of the host city, 0 to 23
    "minute": INT,  # 0 to 59
    "weekday": STRING,  # of the host city: monday to sunday
    "district": STRING,  # where it is to be used; empty when none was named
    "open_grants": STRINGS,  # incentives of which the holder has an open grant
}
REMEMBERED: Final = 1024

_ERRORS: Final[Mapping[type[Exception], str]] = {
    ZeroDivisionError: "division by zero",
    OverflowError: "overflow",
}


def check(source: str) -> None:
    """Raise ExpressionError, with line and column, for what is not a condition on VARIABLES."""
    _check(source, VARIABLES)
    try:
        _compiled(source)
    except ValueError as error:
        raise ExpressionError("CEL cannot read it.", 1, 1) from error


def holds(source: str, values: Mapping[str, Value]) -> tuple[bool, str]:
    """Say whether a checked expression holds, and what was found: its outcome and what it saw.

    One that cannot be worked out, as by a division by zero, does not hold.
    """
    program, names = _compiled(source)
    seen = {name: values[name] for name in names}
    try:
        held = program.execute(seen) is True
        outcome = "true" if held else "false"
    except (ArithmeticError, ValueError, TypeError, RuntimeError) as error:
        held, outcome = False, _ERRORS.get(type(error), "error")
    return held, " ".join((outcome, *(f"{name}={_written(value)}" for name, value in seen.items())))


def names_in(source: str) -> tuple[str, ...]:
    """Return the variables that a checked expression names."""
    return _compiled(source)[1]


def texts_in(source: str) -> tuple[str, ...]:
    """Return the texts that a checked expression has, without their quotes."""
    return tuple(each.text[1:-1] for each in tokens_of(source) if each.kind == "string")


@lru_cache(REMEMBERED)
def _compiled(source: str) -> tuple[cel.Program, tuple[str, ...]]:
    program = cel.compile(source)
    return program, tuple(program.variables())


def _written(value: Value) -> str:
    return ",".join(value) if isinstance(value, list) else str(value)
