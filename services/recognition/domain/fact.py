"""The fact: what an effective document says of a resident, as the city's scoring system counts it.

How long it may count goes by its gravity (State Council 2025-22): from the day of its document, no
longer than a maximum; before a minimum it is not repaired.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from contracts.errors import Malformed
from contracts.periods import months_after
from contracts.words import Gravity


@dataclass(frozen=True, kw_only=True)
class Fact:
    """Invariant: `id` names it for ever; `points` is what it does to the score.

    `decided_at` is the day of the document, at its beginning.
    """

    id: str
    catalogue_item: str
    gravity: Gravity
    document_no: str
    decided_at: datetime
    points: Decimal = field(repr=False)

    @property
    def lowers(self) -> bool:
        return self.points < 0

    @property
    def digest(self) -> str:
        """SHA-256 of all it says, hex: another digest under the same id is another version."""
        said = (
            self.id,
            self.catalogue_item,
            self.gravity.value,
            self.document_no,
            self.decided_at.timestamp(),
            str(self.points.normalize()),
        )
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()


@dataclass(frozen=True)
class FactPeriod:
    """Between which ages, in months, a fact may be repaired; at the maximum it stops by itself."""

    minimum: int
    maximum: int

    def __post_init__(self) -> None:
        if not 0 <= self.minimum <= self.maximum:
            raise Malformed("malformed", "a fact's minimum period is longer than its maximum")

    def repairable_at(self, fact: Fact) -> datetime:
        return months_after(fact.decided_at, self.minimum) if self.minimum else fact.decided_at

    def ends_at(self, fact: Fact) -> datetime:
        return months_after(fact.decided_at, self.maximum)


FactPeriods = Mapping[Gravity, FactPeriod]
