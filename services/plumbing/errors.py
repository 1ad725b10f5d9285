"""How errors cross the bus, and what of them is written down."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.exc import DBAPIError

from contracts.errors import KINDS, ContractError, Internal, Unavailable
from services.plumbing.database import AWAY

LONGEST_TEXT = 500


def public_error(error: BaseException) -> ContractError:
    """Return what a caller may learn of an error: nothing but its kind, unless it is meant so."""
    if isinstance(error, ContractError):
        return error
    if isinstance(error, AWAY):
        return Unavailable("unavailable")
    return Internal("internal")


def error_from_reply(error: Mapping[str, Any]) -> ContractError:
    """Build the error that a service replied with, in nameko's form."""
    kind = KINDS.get(str(error.get("exc_type")))
    if kind is None or not str(error.get("exc_path")).startswith(f"{ContractError.__module__}."):
        return Internal("internal")
    try:
        return kind(*error["exc_args"])
    except (KeyError, TypeError, ValueError):  # a newer service knows more codes
        return Internal("internal")


def describe(error: BaseException) -> str:
    """Return `Class: text` in one line, without what a database repeats of its rows."""
    if isinstance(error, DBAPIError):
        return f"{type(error).__name__}: {type(error.orig).__name__}"
    first_line = str(error).partition("\n")[0]
    return f"{type(error).__name__}: {first_line}"[:LONGEST_TEXT]
