"""Measure what quotas cost: a grant under four quotas and three limits of its holder, against one
under a single limit, by the same handler on an SQLite file.

Runs by itself as well: `python -m tests.bench quotas`.
"""

import statistics
import time
from tempfile import TemporaryDirectory
from typing import Any, Final

from rich.console import Console

from contracts.rules import Conditions, Quota
from contracts.scenarios import Limit
from contracts.words import Period
from tests.bench.results import Found
from tests.builders.scenarios import TEN_YUAN, a_holder, an_offer, issue
from tests.unit.scenarios.storages import sqlite

ROUNDS: Final = 9
GRANTS: Final = 40  # of each kind a round
PLENTY: Final = 10**6

ONE_LIMIT: Final[dict[str, Any]] = {
    "per_holder": Limit(count=PLENTY, period=Period.MONTH),
    "benefit": TEN_YUAN,
}
MANY: Final[dict[str, Any]] = {
    **ONE_LIMIT,
    "conditions": Conditions(
        holder_limits=(
            Limit(count=PLENTY, period=Period.DAY),
            Limit(count=PLENTY, period=Period.YEAR),
        )
    ),
    "quotas": (
        Quota(period=Period.DAY, count=PLENTY),
        Quota(period=Period.MONTH, count=PLENTY),
        Quota(period=Period.DAY, fen=PLENTY * 1000),
        Quota(period=Period.LIFETIME, fen=PLENTY * 1000),
    ),
}


def measure(console: Console) -> Found:
    """Return the ms of a grant of each kind, and their ratio; rounds are interleaved."""
    rounds: dict[str, list[float]] = {"one-limit": [], "many-quotas": []}
    with TemporaryDirectory(prefix="huxin-bench-") as directory, sqlite(directory) as uow:
        for incentive_id, terms in (("one-limit", ONE_LIMIT), ("many-quotas", MANY)):
            an_offer(uow, incentive_id=incentive_id, **terms)
        recognised = a_holder(uow)
        for _ in range(ROUNDS):
            for incentive_id, times in rounds.items():
                began = time.process_time()
                for _ in range(GRANTS):
                    issue(uow, recognised, incentive_id=incentive_id)
                times.append((time.process_time() - began) / GRANTS * 1000)
    one, many = (statistics.median(times[1:]) for times in rounds.values())
    result = {
        "grant_one_limit_ms": round(one, 3),
        "grant_many_quotas_ms": round(many, 3),
        "grant_many_quotas_vs_one_limit": round(many / one, 2),
    }
    console.print(
        f"a grant: {one:.2f} ms under one limit, {many:.2f} ms under 4 quotas and 3 limits: "
        f"{many / one:.2f} times"
    )
    return Found(figures=result)
