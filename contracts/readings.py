"""How values are read where marshmallow would read more than the documents promise."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from marshmallow import ValidationError, fields

from contracts.days import FIRST, LAST

_UUID: Final = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")


class UtcMoment(fields.AwareDateTime):
    """An aware moment; written as RFC 3339 in UTC with a `Z`, read with any offset.

    What is counted from one that was read stays within the calendar.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(format="iso", default_timezone=None, **options)

    def _serialize(
        self, value: datetime | None, attr: str | None, obj: Any, **_options: Any
    ) -> str | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{attr} has no time zone")
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any
    ) -> datetime:
        try:
            given: datetime = super()._deserialize(value, attr, data, **options)
            moment = given.astimezone(UTC)
        except (OverflowError, TypeError) as error:
            raise ValidationError("Not a valid moment.") from error
        if not FIRST <= moment.date() <= LAST:
            raise ValidationError(f"Not between {FIRST} and {LAST}.")
        return moment


class Truth(fields.Boolean):
    """`true` or `false`, and nothing that could be meant by it."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **_options: Any
    ) -> bool:
        if not isinstance(value, bool):
            raise ValidationError("Not a valid boolean.")
        return value


class Uuid(fields.UUID):
    """A UUID in its one text form (RFC 9562 §4), the case of letters apart."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **_options: Any
    ) -> UUID:
        if not isinstance(value, str) or not _UUID.fullmatch(value):
            raise ValidationError("Not a valid UUID.")
        return UUID(value)
