"""The settings recognition reads."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from marshmallow import fields, validate

from contracts.fields import CityCode, Count, Positive, Url

LONGEST_LIFE_DAYS = 31  # a host refuses attestations that live longer


@dataclass(frozen=True, kw_only=True)
class RecognitionSettings:
    """Invariant: every file named here exists when the service starts, or it does not start.

    `keys_directory` holds attestation.jwk, resident.key and pseudonym.json; `crosswalks_directory`
    the signed crosswalks, one file a version.
    `status_grace_seconds` is how long past its end a partner's status list is believed while the
    partner does not answer, `score_days` how old the score behind an attestation may be,
    `score_check_seconds` how often home looks whether the scores behind its attestations changed.
    """

    city: CityCode
    gateway_url: Url
    recognition_database: str
    keys_directory: Path
    roster_file: Path
    alliance_keys_file: Path
    crosswalks_directory: Path
    scores_file: Path
    attestation_days: Annotated[
        int, fields.Integer(validate=validate.Range(1, LONGEST_LIFE_DAYS))
    ] = 30
    status_grace_seconds: Count = 3600
    score_days: Positive = 400
    score_check_seconds: Positive = 3600
