"""Scenarios: places where credit is used."""

from dataclasses import dataclass

from contracts.errors import Conflict, Malformed
from contracts.words import Category, ScenarioKind


def lies_in(district: str, city: str) -> bool:
    """Say whether a district is one of a city's, by their GB/T 2260 codes.

    The first two digits are the province, the next two the city; a municipality has none of its
    own (110000 and its district 110105).
    """
    whole = city.removesuffix("0000") if city.endswith("0000") else city.removesuffix("00")
    return district != city and district.startswith(whole)


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """Invariant: it stays with its operator, of its kind and in its category.

    Holders consented to the category; the kind says which rules it may have (ADR 0029).
    """

    id: str
    operator_id: str
    name: str
    name_en: str
    category: Category
    district: str | None
    kind: ScenarioKind = ScenarioKind.INCENTIVE

    def check(self, city: str) -> None:
        """Raise Malformed for a district that is none of the city's."""
        if self.district is not None and not lies_in(self.district, city):
            raise Malformed(errors={"district": f"No district of {city} (GB/T 2260)."})

    def check_successor(self, successor: "Scenario") -> None:
        """Raise Conflict("id_reused") unless `successor` is this scenario, at most renamed."""
        if successor.fixed != self.fixed:
            raise Conflict("id_reused", "scenario")

    @property
    def fixed(self) -> tuple[str, ScenarioKind, Category]:
        """What of it never changes."""
        return self.operator_id, self.kind, self.category
