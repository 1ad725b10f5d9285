"""Working days of the city's offices: what deadlines are counted in.

Weekends are free; the State Council's yearly notice makes other days free, and some weekend days
working days.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from contracts.periods import HOST_TIME

SATURDAY: Final = 5
DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class WorkingDays:
    """Invariant: no day is both free and worked; where the lists disagree it is worked."""

    holidays: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()

    def __contains__(self, day: date) -> bool:
        return day in self.worked or (day.weekday() < SATURDAY and day not in self.holidays)

    def after(self, moment: datetime, days: int) -> datetime:
        """Return the end of a deadline: of the last of so many working days after a moment's day.

        The day itself is not counted (Civil Code 201).
        """
        day = moment.astimezone(HOST_TIME).date()
        while days > 0:
            day += DAY
            days -= day in self
        return datetime.combine(day + DAY, time(), HOST_TIME)
