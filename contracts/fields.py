"""Field types of messages: what a value may be, written once as an annotated type.

`Annotated[str, fields.String(...)]` is `str` to the type checker and a marshmallow field to the
schema that contracts/schemas.py derives from a message class.
"""

from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

from marshmallow import fields, validate

from contracts.periods import MOST_DAYS
from contracts.readings import UtcMoment, Uuid


def _said(meaning: str, example: Any) -> dict[str, Any]:
    """Describe a field type for the generated documents."""
    return {"description": meaning, "examples": [example]}


CityCode = Annotated[
    str,
    fields.String(
        validate=validate.Regexp(r"\A[1-9][0-9]{5}\Z", error="Not a GB/T 2260 code."),
        metadata=_said("GB/T 2260 code of a member city.", "330100"),
    ),
]

Slug = Annotated[
    str,
    fields.String(
        validate=validate.Regexp(
            r"\A[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?\Z",
            error="Lower-case letters, digits and hyphens, 1 to 64.",
        ),
        metadata=_said("A readable id chosen by its owner.", "long-bike-ride"),
    ),
]

Pseudonym = Annotated[
    str,
    fields.String(
        validate=validate.Regexp(r"\A[A-Za-z0-9_-]{16,128}\Z", error="Not a pseudonym."),
        metadata=_said(
            "A pairwise name for a person; never a civil identifier.",
            "pA2xq7m0Vw4sJ8uT1kZcRb6nYdEhLgFo5iKtQy3XaM9",
        ),
    ),
]

Title = Annotated[
    str,
    fields.String(
        validate=[
            validate.Length(1, 120),
            validate.Regexp(r"\A[^\x00-\x1f\x7f\ud800-\udfff]*\Z", error="No control characters."),
        ],
        metadata=_said("One line of text for people.", "公共自行车免费时长延长"),
    ),
]

Reason = Annotated[
    str,
    fields.String(
        validate=validate.Regexp(r"\A[a-z_]{1,64}\Z"),
        metadata=_said("A machine word that says why.", "consent_withdrawn"),
    ),
]

Tier = Annotated[
    int,
    fields.Integer(
        strict=True,
        validate=validate.Range(1, 5),
        metadata=_said("The alliance's level, 1 (lowest) to 5.", 4),
    ),
]

Count = Annotated[
    int,
    fields.Integer(
        strict=True, validate=validate.Range(0, 1_000_000_000), metadata=_said("A number.", 3)
    ),
]

Positive = Annotated[
    int,
    fields.Integer(
        strict=True,
        validate=validate.Range(1, 1_000_000_000),
        metadata=_said("A number, at least 1.", 30),
    ),
]

Days = Annotated[
    int,
    fields.Integer(
        strict=True,
        validate=validate.Range(1, MOST_DAYS),
        metadata=_said("Days, at most ten years.", 30),
    ),
]

Fen = Annotated[
    int,
    fields.Integer(
        strict=True,
        validate=validate.Range(0, 10_000_000_000_000),
        metadata=_said("Money in fen (1/100 yuan).", 1500),
    ),
]

Percent = Annotated[
    int,
    fields.Integer(
        strict=True,
        validate=validate.Range(1, 100),
        metadata=_said("Percent of a price.", 20),
    ),
]

PercentOfAll = Annotated[
    int,
    fields.Integer(
        strict=True,
        validate=validate.Range(0, 99),
        metadata=_said("Percent off a price that everybody has; 0: none.", 5),
    ),
]

Moment = Annotated[
    datetime,
    UtcMoment(metadata=_said("A moment, RFC 3339 in UTC, 1900 to 2999.", "2026-11-05T02:00:00Z")),
]

NumericDate = Annotated[
    int,
    fields.Integer(
        strict=True,
        validate=validate.Range(0, 32_503_679_999),  # to the end of 2999
        metadata=_said("A moment in whole seconds since 1970 (RFC 7519 §2).", 1_793_844_000),
    ),
]

NIL: Final = UUID(int=0)  # RFC 9562 §5.9

Identifier = Annotated[
    UUID,
    Uuid(
        validate=validate.NoneOf([NIL], error="The nil UUID names nothing."),
        metadata=_said("A UUID chosen by whoever makes the thing.", str(UUID(int=7, version=4))),
    ),
]

Token = Annotated[
    str,
    fields.String(
        validate=validate.Length(1, 32_768),
        metadata=_said("A compact token: SD-JWT, JWT, SET, nonce or pass.", "eyJhbGciOiJFZERTQSJ9"),
    ),
]

Document = Annotated[
    str,
    fields.String(
        validate=validate.Length(1, 1_048_576),
        metadata=_said("A whole document, as its signers wrote it.", "eyJhbGciOiJFZERTQSJ9"),
    ),
]

Digest = Annotated[
    str,
    fields.String(
        validate=validate.Regexp(r"\A[0-9a-f]{64}\Z", error="64 hexadecimal digits."),
        metadata=_said(
            "A SHA-256 digest in lower-case hexadecimal.",
            "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9",
        ),
    ),
]

Prose = Annotated[
    str,
    fields.String(
        validate=validate.Length(1, 20_000),
        metadata=_said("Lines of text for people.", "我同意福州市向杭州市提供我的信用等级。"),
    ),
]

EntityTag = Annotated[
    str,
    fields.String(
        validate=validate.Regexp(r"\A[0-9a-f]{32}\Z"),
        metadata=_said(
            "What was seen of it (contracts/tags.py).", "5891b5b522d5df086d0ff0b110fbd9d2"
        ),
    ),
]

PageSize = Annotated[
    int,
    fields.Integer(
        strict=True,
        validate=validate.Range(1, 200),
        metadata=_said("At most so many at a time.", 50),
    ),
]

MonthName = Annotated[
    str,
    fields.String(
        validate=validate.Regexp(r"\A20[0-9]{2}-(0[1-9]|1[0-2])\Z", error="Not a month (YYYY-MM)."),
        metadata=_said("A statement's month, by the host city's calendar.", "2026-11"),
    ),
]

PeriodName = Annotated[
    str,
    fields.String(
        validate=validate.Regexp(r"\A(lifetime|20[0-9]{2}(-[0-9]{2}(-[0-9]{2})?)?)\Z"),
        metadata=_said("A day, month or year of the host city's calendar, or lifetime.", "2026-11"),
    ),
]

ClockTime = Annotated[
    str,
    fields.String(
        validate=validate.Regexp(r"\A([01][0-9]|2[0-3]):[0-5][0-9]\Z"),
        metadata=_said("A time of day in the host city.", "07:30"),
    ),
]

Expression = Annotated[
    str,
    fields.String(
        validate=validate.Length(1, 1000),
        metadata=_said("A condition in CEL (Common Expression Language).", "tier >= 4"),
    ),
]

Url = Annotated[
    str,
    fields.Url(
        schemes={"http", "https"},
        require_tld=False,
        validate=validate.Length(max=512),
        metadata=_said("An http or https address.", "https://hangzhou.example"),
    ),
]
