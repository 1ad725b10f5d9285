"""What the rules need to know of a benefit, whatever its kind."""

from typing import Protocol


class Benefit(Protocol):
    """Invariant: two benefits that give the same are equal."""

    @property
    def uses(self) -> int:
        """How often a grant of it can be redeemed."""

    @property
    def most_fen(self) -> int | None:
        """The most such a grant may cost, in fen; None: no bound is stated."""
