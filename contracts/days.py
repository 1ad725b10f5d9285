"""Days of the calendar, as documents bear them; when one begins, the host city's time says."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Final

from marshmallow import ValidationError, fields

FIRST: Final = date(1900, 1, 1)
LAST: Final = date(2999, 12, 31)  # what is counted from a day stays within the calendar


class CalendarDay(fields.Date):
    """A day, `YYYY-MM-DD`, in years that documents of today can bear."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any
    ) -> date:
        day: date = super()._deserialize(value, attr, data, **options)
        if not FIRST <= day <= LAST:
            raise ValidationError(f"Not between {FIRST} and {LAST}.")
        return day


Day = Annotated[
    date,
    CalendarDay(metadata={"description": "A day, YYYY-MM-DD.", "examples": ["2026-03-02"]}),
]
