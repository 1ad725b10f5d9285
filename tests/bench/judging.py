"""The same rules in three forms: this project's decision, a ZEN decision table, and plain loops.

All three answer which incentives a holder may take; the benchmark checks that they agree.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import zen

from contracts.rules import Conditions, Hours
from contracts.words import Category, OnWithdrawal, Period, Weekday
from services.scenarios.domain.benefit import Benefit
from services.scenarios.domain.decision import decide
from services.scenarios.domain.facts import Facts
from services.scenarios.domain.incentive import Incentive, Terms
from services.scenarios.domain.limits import Limit

NOW = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)  # a Tuesday, 14:30 in the host city
HOMES = ("350100", "410100", "330400", "320500")
CATEGORIES = tuple(Category)


class OneUse:
    """A benefit that costs nothing."""

    uses = 1
    most_fen = 0


@dataclass(frozen=True)
class Offered:
    """An incentive with the category of its scenario."""

    incentive: Incentive
    category: Category


def offers(count: int) -> list[Offered]:
    """Make incentives that ask for a purpose, a tier and, each second one, all conditions."""
    return [
        Offered(
            Incentive(
                id=f"incentive-{number}",
                scenario_id=f"scenario-{number}",
                version=1,
                terms=_terms(number),
            ),
            CATEGORIES[number % len(CATEGORIES)],
        )
        for number in range(count)
    ]


def _terms(number: int) -> Terms:
    benefit: Benefit = OneUse()
    conditions = Conditions(
        home_cities=HOMES[: 1 + number % len(HOMES)],
        attestation_age_days=1 + number % 60,
        weekdays=tuple(Weekday)[: 1 + number % 7],
        hours=(Hours(since=f"{number % 20:02}:00", until=f"{number % 20 + 4:02}:00"),),
    )
    return Terms(
        title="五次免费骑行",
        title_en="Five free rides",
        benefit=benefit,
        minimum_tier=number % 5 + 1,
        per_holder=Limit(count=1, period=Period.MONTH),
        quota=None,
        budget_fen=None,
        on_withdrawal=OnWithdrawal.REVOKE_OPEN,
        offered_from=NOW - timedelta(days=1 + number % 9),
        offered_until=None,
        grant_days=30,
        conditions=conditions if number % 2 else None,
    )


def holders(count: int) -> list[Facts]:
    """Make the facts of holders, no two of the first few hundred alike."""
    return [
        Facts(
            at=NOW,
            tier=number % 5 + 1,
            home=HOMES[number % 4],
            purposes=frozenset(CATEGORIES[number % 3 : number % 3 + 4 + number % 7]),
            crosswalk=1,
            attested_at=NOW - timedelta(days=number % 61),
        )
        for number in range(count)
    ]


class Form(Protocol):
    """One way to judge."""

    def eligible(self, facts: Facts) -> set[str]: ...


class Ours:
    """Every condition judged, with a finding for each, as a grant is decided."""

    def __init__(self, offered: list[Offered]) -> None:
        self._offered = offered

    def eligible(self, facts: Facts) -> set[str]:
        decided = (decide(each.incentive, each.category, facts) for each in self._offered)
        return {each.incentive_id for each in decided if each.refusal is None}


class Zen:
    """A decision table with hit policy `collect`: one row for each incentive."""

    def __init__(self, offered: list[Offered]) -> None:
        self._decision = zen.ZenEngine().create_decision(json.dumps(_graph(offered)))

    def eligible(self, facts: Facts) -> set[str]:
        answer = self._decision.evaluate(_input(facts))["result"]
        return {row["incentive"] for row in answer}


class ZenTrace(Zen):
    """The same table, told to say how it came to its answer."""

    def eligible(self, facts: Facts) -> set[str]:
        answer = self._decision.evaluate(_input(facts), {"trace": True})
        return {row["incentive"] for row in answer["result"]}


class Naive:
    """All incentives read as JSON and judged in a loop, for each request anew."""

    def __init__(self, offered: list[Offered]) -> None:
        self._text = json.dumps([_row(each) for each in offered])

    def eligible(self, facts: Facts) -> set[str]:
        holder, found = _input(facts), set()
        for row in json.loads(self._text):
            if row["category"] not in holder["purposes"] or row["tier"] > holder["tier"]:
                continue
            if row["from"] > holder["at"]:
                continue
            if row["homes"] and holder["home"] not in row["homes"]:
                continue
            if row["age"] is not None and holder["age"] > row["age"]:
                continue
            if row["weekdays"] and holder["weekday"] not in row["weekdays"]:
                continue
            if row["hours"] and not row["hours"][0] <= holder["clock"] < row["hours"][1]:
                continue
            found.add(row["id"])
        return found


def _input(facts: Facts) -> dict[str, Any]:
    return {
        "at": facts.at.timestamp(),
        "tier": facts.tier,
        "home": facts.home,
        "purposes": sorted(facts.purposes),
        "age": facts.age_days,
        "weekday": str(facts.weekday),
        "clock": _minutes(facts.clock),
    }


def _row(each: Offered) -> dict[str, Any]:
    terms, asked = each.incentive.terms, each.incentive.terms.conditions
    hours = asked.hours[0] if asked else None
    return {
        "id": each.incentive.id,
        "category": each.category,
        "tier": terms.minimum_tier,
        "from": terms.offered_from.timestamp(),
        "homes": list(asked.home_cities) if asked else [],
        "age": asked.attestation_age_days if asked else None,
        "weekdays": list(asked.weekdays) if asked else [],
        "hours": [_minutes(hours.since), _minutes(hours.until)] if hours else [],
    }


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def _graph(offered: list[Offered]) -> dict[str, Any]:
    columns = {
        "category": "",
        "tier": "tier",
        "from": "at",
        "home": "home",
        "age": "age",
        "weekday": "weekday",
        "clock": "clock",
    }
    inputs = [
        {"id": name, "name": name, "type": "expression", **({"field": field} if field else {})}
        for name, field in columns.items()
    ]
    table = {
        "hitPolicy": "collect",
        "inputs": inputs,
        "outputs": [
            {"id": "incentive", "name": "incentive", "type": "expression", "field": "incentive"}
        ],
        "rules": [_zen_row(_row(each)) for each in offered],
    }
    nodes = [
        {"id": "in", "name": "in", "type": "inputNode", "position": {"x": 0, "y": 0}},
        {
            "id": "table",
            "name": "table",
            "type": "decisionTableNode",
            "position": {"x": 1, "y": 0},
            "content": table,
        },
        {"id": "out", "name": "out", "type": "outputNode", "position": {"x": 2, "y": 0}},
    ]
    edges = [
        {"id": "a", "type": "edge", "sourceId": "in", "targetId": "table"},
        {"id": "b", "type": "edge", "sourceId": "table", "targetId": "out"},
    ]
    return {"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": edges}


def _zen_row(row: dict[str, Any]) -> dict[str, str]:
    hours = row["hours"]
    return {
        "_id": row["id"],
        "category": f'some(purposes, # == "{row["category"]}")',
        "tier": f">= {row['tier']}",
        "from": f">= {row['from']}",
        "home": ", ".join(f'"{home}"' for home in row["homes"]),
        "age": "" if row["age"] is None else f"<= {row['age']}",
        "weekday": ", ".join(f'"{day}"' for day in row["weekdays"]),
        "clock": f"[{hours[0]}..{hours[1]})" if hours else "",
        "incentive": f'"{row["id"]}"',
    }
