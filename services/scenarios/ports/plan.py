"""What the counters of the plan ask of storage."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from contracts.words import CityState
from services.scenarios.domain.plan import Measure


class Plan(Protocol):
    """What was heard, to be counted as of any day."""

    def note_measure(self, measure: Measure) -> None:
        """Remember how an incentive stands since a moment; of one moment the later word holds."""

    def latest_measure(self, incentive_id: str) -> Measure | None: ...
    def measures(self) -> Sequence[Measure]:
        """Return every word on every incentive."""

    def recount_measures(self) -> int:
        """Add what is missing from the versions of incentives; return how many words there are."""

    def note_city(self, city: str, state: CityState, changed_at: datetime) -> None: ...
    def cities(self, moment: datetime) -> Mapping[str, CityState]:
        """Return the state of each city just before a moment."""

    def knows(self, city: str) -> bool:
        """Say whether the alliance was ever heard to name a city."""

    def count(self, counter: str, label: str, day: str) -> None:
        """Count one more on a day."""

    def counted(self, counter: str, day: str) -> Mapping[str, int]:
        """Return by label what was counted up to a day."""

    def uses(self, host: str, moment: datetime) -> Mapping[str, int]:
        """Return by category the uses before a moment, less those taken back, from usage lines."""
