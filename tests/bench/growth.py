"""Measure how decisions grow: with incentives, and with holders.

Judging: what one holder may take of 10, 100 and 1,000 incentives under the same conditions, by the
decision of scenarios (with a finding for every condition), by a ZEN decision table without and with
its trace, and by plain loops over JSON.  Reading: the same question to the read side as the gateway
asks it, of holders picked at random, in a process of its own whose memory is told.

Runs by itself as well: `python -m tests.bench growth`; HUXIN_BENCH_HOLDERS sets how many.
"""

import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta

from rich.console import Console
from rich.table import Table

from services.gateway.authentication.callers import Holder
from services.gateway.eligibility.index import EligibilityIndex
from services.gateway.eligibility.rows import open_rows
from services.gateway.turns import Turn
from services.gateway.waiting import Waiters
from services.plumbing.clock import utc_now
from services.plumbing.database import close_database, open_database
from services.plumbing.migrate import upgrade
from tests.bench.gateways import resident_mb
from tests.bench.judging import Form, Naive, Ours, Zen, ZenTrace, holders, offers
from tests.bench.population import holder_name, populate, publish, recognition_of
from tests.bench.results import ROOT, Found

HOLDERS = int(os.environ.get("HUXIN_BENCH_HOLDERS", "1000000"))
INCENTIVES = (10, 100, 1000)
ROUNDS, ROUND_SECONDS, ASKED = 3, 0.4, 2_000


def per_call(call: Callable[[int], object]) -> float:
    """Return the processor's µs of one call, of as many as a round takes."""
    began, calls = time.process_time(), 0
    while time.process_time() - began < ROUND_SECONDS:
        call(calls)
        calls += 1
    return (time.process_time() - began) / calls * 1e6


def measure_judging(incentives: int) -> dict[str, float]:
    """Return each form's µs to judge all incentives for one holder; rounds are interleaved."""
    offered, facts = offers(incentives), holders(420)
    forms: list[Form] = [form(offered) for form in (Ours, Zen, ZenTrace, Naive)]
    for each in facts[:60]:
        found = [form.eligible(each) for form in forms]
        if any(other != found[0] for other in found):
            raise AssertionError("the forms do not agree")
    rounds: dict[str, list[float]] = {type(form).__name__: [] for form in forms}
    for _ in range(ROUNDS):
        for form in forms:
            times = rounds[type(form).__name__]
            times.append(per_call(lambda n, f=form: f.eligible(facts[n % len(facts)])))
    return {name: statistics.median(times) for name, times in rounds.items()}


def read(url: str, count: int) -> dict[str, float]:
    """Ask the read side for holders picked at random; return µs for each, and memory in MB."""
    engine = open_database(url)
    rows, later = open_rows(engine), open_rows(engine)
    index = EligibilityIndex(rows, later, utc_now, Turn(), longest_wait=0, waiters=Waiters())
    recognised_at = utc_now() - timedelta(days=1)
    picked = random.Random(2).sample(range(count), min(count, ASKED))  # noqa: S311  the same in each run
    asked = [
        Holder(
            holder=holder_name(number),
            recognition_id=recognition_of(number),
            recognised_at=recognised_at,
        )
        for number in picked
    ]
    answered = [0]

    def ask(number: int) -> None:
        answered.append(len(index.answer(asked[number % len(asked)], None)))

    for number in range(200):
        ask(number)
    us = statistics.median(per_call(ask) for _ in range(ROUNDS))
    return {"us": us, "rss_mb": resident_mb(os.getpid()), "bytes": statistics.fmean(answered[1:])}


def measure_reading(holders_most: int, console: Console) -> list[dict[str, float]]:
    """Measure at a tenth of the holders and at all, with few and with many incentives."""
    found = []
    for count in (holders_most // 10, holders_most):
        with tempfile.TemporaryDirectory(prefix="huxin-bench-") as home:
            url = f"sqlite:///{home}/gateway.db"
            console.print(f"filling a read side with {count:,} holders …")
            engine = open_database(url)
            upgrade(engine, "services.gateway")
            populate(engine, count, INCENTIVES[0])
            for known, incentives in zip((INCENTIVES[0], *INCENTIVES), INCENTIVES, strict=False):
                with engine.begin() as connection:
                    publish(connection, range(known, incentives))
                command = [sys.executable, "-m", "tests.bench.growth", url, str(count)]
                answer = subprocess.run(
                    command, cwd=ROOT, check=True, capture_output=True, text=True
                )
                one = json.loads(answer.stdout)
                found.append({"holders": count, "incentives": incentives, **one})
            close_database(url)
    return found


def measure(console: Console, holders_most: int = HOLDERS) -> Found:
    """Measure, print both tables, and return the figures."""
    judging = {count: measure_judging(count) for count in INCENTIVES}
    table = Table(
        "incentives", "decide", "ZEN", "ZEN, trace", "JSON loop", "decide / ZEN, trace",
        title="µs of processor to judge all incentives for one holder",
    )  # fmt: skip
    for count, one in judging.items():
        ratio = one["Ours"] / one["ZenTrace"]
        times = (f"{one[name]:,.0f}" for name in ("Ours", "Zen", "ZenTrace", "Naive"))
        table.add_row(f"{count:,}", *times, f"{ratio:.2f}")
    console.print(table)

    reading = measure_reading(holders_most, console)
    table = Table(
        "holders", "incentives", "µs / answer", "KiB / answer", "RSS MB", "× ZEN", "× JSON loop",
        title="the read side: what may this holder take?",
    )  # fmt: skip
    for row in reading:
        one = judging[int(row["incentives"])]
        row["faster_than_zen"] = round(one["Zen"] / row["us"], 2)
        row["faster_than_naive"] = round(one["Naive"] / row["us"], 2)
        table.add_row(
            f"{row['holders']:,}",
            f"{row['incentives']:,}",
            f"{row['us']:,.0f}",
            f"{row['bytes'] / 1024:,.0f}",
            f"{row['rss_mb']:,.0f}",
            f"{row['faster_than_zen']:.1f}",
            f"{row['faster_than_naive']:.1f}",
        )
    console.print(table)
    return Found(figures={"judging_us": judging, "reading": reading})


if __name__ == "__main__":  # for measure_reading, above
    sys.stdout.write(json.dumps(read(sys.argv[1], int(sys.argv[2]))))
