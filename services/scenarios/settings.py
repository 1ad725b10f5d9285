"""The settings scenarios reads."""

from dataclasses import dataclass
from pathlib import Path

from contracts.fields import CityCode


@dataclass(frozen=True, kw_only=True)
class ScenariosSettings:
    """Invariant: every file needed exists when the service starts, or it does not start.

    `keys_directory` holds pass.key: 32 random bytes in hexadecimal, under which passes are made.
    Decisions are kept on record for `decision_days`, refusals for `refused_decision_days`.
    """

    city: CityCode
    scenarios_database: str
    keys_directory: Path
    decision_days: int = 1096  # three years (PIPL 55, 56)
    refused_decision_days: int = 183
