"""Field types of messages: what a value may be, written once as an annotated type.

`Annotated[str, fields.String(...)]` is `str` to the type checker and a marshmallow field to the
schema that contracts/schemas.py derives from a message class.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from marshmallow import ValidationError, fields, validate


class UtcMoment(fields.AwareDateTime):
    """An aware moment; written as RFC 3339 in UTC with a `Z`, read with any offset."""

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
            moment: datetime = super()._deserialize(value, attr, data, **options)
            return moment.astimezone(UTC)
        except (OverflowError, TypeError) as error:
            raise ValidationError("Not a valid moment.") from error


CityCode = Annotated[
    str,
    fields.String(validate=validate.Regexp(r"\A[1-9][0-9]{5}\Z", error="Not a GB/T 2260 code.")),
]
"""GB/T 2260 code of a member city, such as 330100."""

Slug = Annotated[
    str,
    fields.String(
        validate=validate.Regexp(
            r"\A[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?\Z",
            error="Lower-case letters, digits and hyphens, 1 to 64.",
        )
    ),
]
"""A readable id chosen by its owner."""

Pseudonym = Annotated[
    str,
    fields.String(validate=validate.Regexp(r"\A[A-Za-z0-9_-]{16,128}\Z", error="Not a pseudonym.")),
]
"""A pairwise name for a person; never a civil identifier."""

Title = Annotated[
    str,
    fields.String(
        validate=[
            validate.Length(1, 120),
            validate.Regexp(r"\A[^\x00-\x1f\x7f]*\Z", error="No control characters."),
        ]
    ),
]
"""One line of text for people."""

Reason = Annotated[str, fields.String(validate=validate.Regexp(r"\A[a-z_]{1,64}\Z"))]
"""A machine word."""

Tier = Annotated[int, fields.Integer(strict=True, validate=validate.Range(1, 5))]
"""The alliance's level, 1 (lowest) to 5."""

Count = Annotated[int, fields.Integer(strict=True, validate=validate.Range(0, 1_000_000_000))]
Positive = Annotated[int, fields.Integer(strict=True, validate=validate.Range(1, 1_000_000_000))]
Fen = Annotated[int, fields.Integer(strict=True, validate=validate.Range(0, 10_000_000_000_000))]
"""Money in fen (1/100 yuan)."""
Percent = Annotated[int, fields.Integer(strict=True, validate=validate.Range(1, 100))]

Moment = Annotated[datetime, UtcMoment()]
Identifier = Annotated[UUID, fields.UUID()]

Token = Annotated[str, fields.String(validate=validate.Length(1, 32_768))]
"""A compact token: SD-JWT, JWT, SET or pass."""

MonthName = Annotated[
    str, fields.String(validate=validate.Regexp(r"\A20[0-9]{2}-(0[1-9]|1[0-2])\Z"))
]
"""A statement's period, such as 2026-11."""

Url = Annotated[
    str, fields.Url(schemes={"http", "https"}, require_tld=False, validate=validate.Length(max=512))
]
