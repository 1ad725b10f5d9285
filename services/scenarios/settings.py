"""The settings scenarios reads."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

from marshmallow import fields, validate

from contracts.days import Day
from contracts.fields import CityCode, Positive
from contracts.working_days import WorkingDays


@dataclass(frozen=True, kw_only=True)
class ScenariosSettings:
    """Invariant: every file needed exists when the service starts, or it does not start.

    `reservation_minutes` is how long a reservation is held, 1 to 1440.
    Decisions are kept on record for `decision_days`, refusals for `refused_decision_days`,
    which is how long it is known, too, how often operators were refused.
    `keys_directory` holds pass.jwk, under which passes are signed, and others to check them by.
    `dispute_working_days`, `holidays` and `worked_days` are as recognition's.
    """

    city: CityCode
    scenarios_database: str
    keys_directory: Path
    decision_days: int = 1096  # three years (PIPL 55, 56)
    refused_decision_days: int = 183
    reservation_minutes: Annotated[int, fields.Integer(validate=validate.Range(1, 1440))] = 15
    districts: tuple[CityCode, ...] = ()  # all of the city, to be listed in the counters
    smallest_cell: Positive = 10  # of what everybody may see; a smaller one is suppressed
    dispute_working_days: Positive = 7
    holidays: tuple[Day, ...] = ()
    worked_days: tuple[Day, ...] = ()

    def dispute_due(self, now: datetime) -> datetime:
        """Return when a dispute that is opened now is to be decided."""
        days = WorkingDays(frozenset(self.holidays), frozenset(self.worked_days))
        return days.after(now, self.dispute_working_days)
