"""How fresh a status must be for each category of scenarios, as the settings say."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from contracts.errors import Malformed
from services.recognition.domain.policy import (
    AllOf,
    Freshness,
    GraceForStatus,
    Policy,
    StatusNotOlderThan,
)


@dataclass(frozen=True)
class FreshnessRules:
    """Invariant: lists are kept for `longest_grace` and asked for anew after `shortest_age`.

    Else a rule would ask for what nobody fetched, or allow what nobody kept.
    """

    freshness: Freshness
    longest_grace: timedelta
    shortest_age: timedelta | None


def read_rules(rules: Iterable[str], otherwise: timedelta) -> FreshnessRules:
    """Read `category=age:SECONDS` and `category=grace:SECONDS`; `otherwise` is everybody's grace.

    Raises Malformed for a category that is named twice.
    """
    named: dict[str, Policy] = {}
    graces, ages = [otherwise], []
    for rule in rules:
        category, _, asked = rule.partition("=")
        kind, _, seconds = asked.partition(":")
        if category in named:
            raise Malformed("malformed", f"status_freshness: {category} stands there twice")
        term = timedelta(seconds=int(seconds))
        if kind == "age":
            named[category] = AllOf((StatusNotOlderThan(term), GraceForStatus(timedelta(0))))
            ages.append(term)
        else:
            named[category] = GraceForStatus(term)
            graces.append(term)
    return FreshnessRules(
        Freshness(GraceForStatus(otherwise), named), max(graces), min(ages, default=None)
    )
