"""Districts and counties of a city."""

from typing import Annotated

from marshmallow import fields, validate

DistrictCode = Annotated[
    str,
    fields.String(
        validate=validate.Regexp(r"\A[1-9][0-9]{5}\Z", error="Not a GB/T 2260 code."),
        metadata={
            "description": "GB/T 2260 code of a district or county of the host city.",
            "examples": ["330106"],
        },
    ),
]
