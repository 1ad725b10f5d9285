"""Whom evidence is about: a holder by pseudonym alone, or an organisation by its GB 32100 code."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from marshmallow import ValidationError, fields, validate

from contracts.errors import Malformed
from contracts.identifiers import check_civil_id, check_organisation_id


class OrganisationField(fields.String):
    """A unified social credit code, in the one form that its check character allows."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any
    ) -> str:
        text: str = super()._deserialize(value, attr, data, **options)
        try:
            return check_organisation_id(text)
        except Malformed as error:
            raise ValidationError("Not a unified social credit code (GB 32100).") from error


def _no_civil_id(text: str) -> None:
    try:
        check_civil_id(text)
    except Malformed:
        return
    raise ValidationError("A civil identifier is no pseudonym, and may not stand here.")


OrganisationCode = Annotated[
    str,
    OrganisationField(
        metadata={
            "description": "Unified social credit code of an organisation (GB 32100).",
            "examples": ["91350100M000100Y43"],
        },
    ),
]

HolderName = Annotated[
    str,
    fields.String(
        validate=[
            validate.Regexp(r"\A[A-Za-z0-9_-]{16,128}\Z", error="Not a pseudonym."),
            _no_civil_id,
        ],
        metadata={
            "description": "A holder's pseudonym in this city; never a civil identifier.",
            "examples": ["pA2xq7m0Vw4sJ8uT1kZcRb6nYdEhLgFo5iKtQy3XaM9"],
        },
    ),
]


@dataclass(frozen=True, kw_only=True)
class HolderSubject:
    """A holder."""

    TYPE: ClassVar = "holder"
    holder: HolderName


@dataclass(frozen=True, kw_only=True)
class OrganisationSubject:
    """An organisation."""

    TYPE: ClassVar = "organisation"
    organisation: OrganisationCode


Subject = HolderSubject | OrganisationSubject
