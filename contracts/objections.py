"""How home keeps the deadlines of objections: when each was due and closed, and nothing else.

An objection is a dispute of a resident of this city.  Whose it is, what about and how it ended
stays with it; days suffice to count, and no id leads back to it.
"""

from dataclasses import dataclass
from typing import Annotated

from marshmallow import fields, validate

from contracts.wire import event

DayName = Annotated[
    str,
    fields.String(
        validate=validate.Regexp(
            r"\A20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])\Z",
            error="Not a day (YYYY-MM-DD).",
        ),
        metadata={
            "description": "A day, by the city's calendar (Asia/Shanghai).",
            "examples": ["2026-11-30"],
        },
    ),
]


@event("recognition.objection.opened.v1")
@dataclass(frozen=True, kw_only=True)
class ObjectionOpened:
    """Somebody objects; it has to be closed by the end of `due_on`."""

    due_on: DayName


@event("recognition.objection.closed.v1")
@dataclass(frozen=True, kw_only=True)
class ObjectionClosed:
    """An objection is closed, in one way or another."""

    due_on: DayName
    in_time: bool
