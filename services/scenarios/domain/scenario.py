"""Scenarios: places where credit is used."""

from dataclasses import dataclass

from contracts.errors import Conflict
from contracts.words import Category


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """Invariant: it stays with its operator and in its category, which holders consented to."""

    id: str
    operator_id: str
    name: str
    name_en: str
    category: Category
    district: str | None

    def check_successor(self, successor: "Scenario") -> None:
        """Raise Conflict("id_reused") unless `successor` is this scenario, at most renamed."""
        if (successor.operator_id, successor.category) != (self.operator_id, self.category):
            raise Conflict("id_reused", "scenario")
