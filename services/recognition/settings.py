"""The settings recognition reads."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from marshmallow import fields, validate

from contracts.fields import CityCode, Count, Positive, Url
from contracts.words import Category


class _Months(fields.List[int]):
    """A minimum and a maximum, in months."""

    def __init__(self) -> None:
        months = fields.Integer(validate=validate.Range(0, 1200))
        super().__init__(months, validate=validate.Length(equal=2))

    def deserialize(self, value: Any, *args: Any, **options: Any) -> Any:
        return tuple(super().deserialize(value, *args, **options))


Months = Annotated[tuple[int, ...], _Months()]
Day = Annotated[date, fields.Date()]

LEAST_RECORD_YEARS = 3  # PIPL 56
LONGEST_LIFE_DAYS = 31  # a host refuses attestations that live longer
LONGEST_USAGE = 3600  # seconds; a month's last lines have to arrive before it is settled
YOUNGEST_SECONDS = 60  # a gateway signs a list anew twice a minute

StatusRule = Annotated[
    str,
    fields.String(
        validate=validate.Regexp(
            rf"\A(?:{'|'.join(Category)})=(?:age:(?:[6-9][0-9]|[1-9][0-9]{{2,6}})|grace:[0-9]{{1,7}})\Z",
            error=f"category=age:SECONDS, {YOUNGEST_SECONDS} or more, or category=grace:SECONDS.",
        )
    ),
]
"""How fresh a status must be for one category of scenarios; see docs/operations.md."""


@dataclass(frozen=True, kw_only=True)
class RecognitionSettings:
    """Invariant: every file named here exists when the service starts, or it does not start.

    `keys_directory` holds attestation.jwk, encryption.jwk and resident.key; `crosswalks_directory`
    the signed crosswalks, one file a version.  The pseudonym keys lie beside `roster_file`;
    `alliance_urls` serve both documents under /v1/, newer than the files.
    `status_grace_seconds` is how long past its end a partner's status list is believed while the
    partner does not answer; for the categories named by `status_freshness` its rules hold instead.
    `processing_record_years` is how long it stays on record what was processed and why.
    `score_days` is how old the score behind an attestation may be,
    `score_check_seconds` how often home looks whether the scores behind its attestations changed,
    `roster_seconds` how often the node looks for a new roster and for a key that may sign again,
    `usage_seconds` how often it tells home cities what was used.
    Each `fact_months_…` is a minimum and a maximum period (State Council 2025-22); `holidays` are
    free days of the week, `worked_days` weekend days that are worked.
    """

    city: CityCode
    gateway_url: Url
    recognition_database: str
    keys_directory: Path
    roster_file: Path
    alliance_keys_file: Path
    crosswalks_directory: Path
    consent_texts_file: Path
    scores_file: Path
    alliance_urls: tuple[Url, ...] = ()
    attestation_days: Annotated[
        int, fields.Integer(validate=validate.Range(1, LONGEST_LIFE_DAYS))
    ] = 30
    status_grace_seconds: Count = 3600
    status_freshness: tuple[StatusRule, ...] = ()
    score_days: Positive = 400
    score_check_seconds: Positive = 3600
    roster_seconds: Positive = 60
    usage_seconds: Annotated[
        float, fields.Float(validate=validate.Range(min=0, min_inclusive=False, max=LONGEST_USAGE))
    ] = 5.0
    facts_file: Path | None = None
    fact_months_minor: Months = (0, 3)
    fact_months_general: Months = (3, 12)
    fact_months_serious: Months = (12, 36)
    dispute_working_days: Positive = 7
    repair_working_days: Positive = 10
    holidays: tuple[Day, ...] = ()
    worked_days: tuple[Day, ...] = ()
    processing_record_years: Annotated[
        int, fields.Integer(validate=validate.Range(LEAST_RECORD_YEARS))
    ] = LEAST_RECORD_YEARS

    @property
    def pseudonym_keys_file(self) -> Path:
        return self.roster_file.with_name("pseudonym-keys.jws")
