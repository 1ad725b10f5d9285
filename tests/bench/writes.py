"""Measure the write path: recognitions and grants through the door, as production runs it.

RabbitMQ, PostgreSQL with fsync, granian and every part of a host city in a process of its own; on
the same servers the naive pair (naive.py) and the same call without trust (plain/).  Rounds are
interleaved, figures are medians.  Whatever was answered with 2xx is counted in the databases
afterwards.
"""

import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from rich.console import Console
from rich.table import Table

from tests.bench.host_city import HostCity, running
from tests.bench.results import Found, Target
from tests.bench.sender import Report, request, send

ROUNDS, REQUESTS, CONNECTIONS, OFFERS = 5, 400, 16, 8
WARM_UP: Final = 100
IDLE_SECONDS: Final = 5
MOST_TAX: Final = 2.0
TEXTS: Final = {
    "naive": "naive nameko gateway, one RPC",
    "challenge": "a plain call: one row (a challenge)",
    "without_trust": "the same call without trust",
    "recognition": "recognition, challenge opened before",
    "entry": "challenge and recognition",
    "grants": f"grants, {OFFERS} incentives",
    "one_incentive": "grants, one incentive",
}
TAXED: Final = ("recognition", "grants")
AGAINST: Final = {"challenge": "a plain call", "without_trust": TEXTS["without_trust"]}


@dataclass(frozen=True)
class Round:
    """One load: what the sender saw, and the seconds of processor it cost, by process.

    What the processes use when there is nothing to do is left out: a loaded machine takes longer.
    `settled` is how long the announcements were on their way after the last answer.
    """

    report: Report
    processor: dict[str, float]
    settled: float

    @property
    def milliseconds(self) -> float:
        """Processor time of all processes for each request, the sender's left out."""
        return sum(self.processor.values()) / self.report.done * 1000

    @property
    def lasting(self) -> float:
        """Requests a second, counted until all that follows of them was done, too."""
        return self.report.done / (self.report.seconds + self.settled)


class Writes:
    """The loads of one city, round by round."""

    def __init__(self, city: HostCity, requests: int) -> None:
        self._city, self._requests = city, requests
        self._offers = [city.offer() for _ in range(OFFERS)]
        self.rounds: defaultdict[str, list[Round]] = defaultdict(list)
        self.recognised = self.granted = 0
        self.booked = city.count("bookings", "SELECT count(*) FROM bookings")  # while it started
        self._idle: dict[str, float] = {}  # seconds of processor a second

    def warm_up(self) -> None:
        """Let connections be opened and code be loaded."""
        self.booked += send(self._city.plain_port, bookings(WARM_UP), connections=CONNECTIONS).done
        entries = self._city.home.entries(WARM_UP)
        entered = send(self._city.port, [*entries], connections=CONNECTIONS, keep=True)
        self.recognised += entered.done
        self._city.settle()
        send(self._city.port, self._takings(entered, self._offers), connections=CONNECTIONS)
        self.granted += entered.done
        self._city.settle()
        idle = self._used(lambda: time.sleep(IDLE_SECONDS))
        self._idle = {group: seconds / IDLE_SECONDS for group, seconds in idle.items()}

    def run(self) -> None:
        """Load everything once."""
        city, count = self._city, self._requests
        path = "/eligibility/holder-7"
        self._load("naive", [request("GET", path)] * count, port=city.naive_port)
        challenges = self._load("challenge", [request("POST", "/v1/challenges")] * count, keep=True)
        booked = self._load("without_trust", bookings(count), port=city.plain_port)
        self.booked += booked.done
        entries = city.home.entries(count)
        presented = [e.answer(c) for e, c in zip(entries, challenges.answers, strict=True)]
        sessions = self._load("recognition", presented, keep=True)
        self.recognised += sessions.done
        self.recognised += self._load("entry", [*city.home.entries(count)]).done
        self.granted += self._load("grants", self._takings(sessions, self._offers)).done
        self.granted += self._load("one_incentive", self._takings(sessions, self._offers[:1])).done

    def check(self) -> None:
        """Raise unless there is a row for each success, and not one more."""
        found = {
            "recognitions": self._city.count("recognition", "SELECT count(*) FROM recognitions"),
            "heard of": self._city.count("scenarios", "SELECT count(*) FROM recognitions"),
            "visible": self._city.count("gateway", "SELECT count(*) FROM holders"),
            "grants": self._city.count("scenarios", "SELECT count(*) FROM grants"),
            "on record": self._city.count("scenarios", "SELECT count(*) FROM decisions"),
            "booked": self._city.count("bookings", "SELECT count(*) FROM bookings"),
            "bookings heard": self._city.count("read_side", "SELECT count(*) FROM heard_bookings"),
        }
        wanted = dict.fromkeys(("recognitions", "heard of", "visible"), self.recognised)
        wanted |= dict.fromkeys(("grants", "on record"), self.granted)
        wanted |= dict.fromkeys(("booked", "bookings heard"), self.booked)
        if found != wanted:
            raise RuntimeError(f"answered {wanted}, found {found}")

    def _takings(self, entered: Report, offers: list[str]) -> list[str]:
        """Let each holder who entered ask for one of the offers."""
        return [
            request(
                "PUT",
                f"/v1/grants/{uuid4()}",
                {"incentive_id": offers[number % len(offers)]},
                bearer=answer["session"]["token"],
            )
            for number, answer in enumerate(entered.answers)
        ]

    def _load(
        self, name: str, tasks: list[Any], *, port: int | None = None, keep: bool = False
    ) -> Report:
        reports: list[tuple[Report, float]] = []

        def load() -> None:
            report = send(port or self._city.port, tasks, connections=CONNECTIONS, keep=keep)
            reports.append((report, self._city.settle()))

        used = self._used(load)
        [(report, settled)] = reports
        self.rounds[name].append(Round(report, used, settled))
        return report

    def _used(self, do: Callable[[], None]) -> dict[str, float]:
        """Return the seconds of processor that doing something takes, by process, above idling."""
        before, began = self._city.processor_seconds(), time.monotonic()
        do()
        after, seconds = self._city.processor_seconds(), time.monotonic() - began
        return {
            group: after[group] - before[group] - self._idle.get(group, 0.0) * seconds
            for group in after
        }


def bookings(count: int) -> list[str]:
    """Write requests that each book a thing under an id of its own."""
    return [request("PUT", f"/bookings/{uuid4()}", {"thing": "offer-1"}) for _ in range(count)]


def median(rounds: list[Round], value: Callable[[Round], float]) -> float:
    return statistics.median(value(each) for each in rounds)


def found_in(rounds: dict[str, list[Round]]) -> Found:
    """Return the medians of every load, what they come to, and what was wanted."""
    figures: dict[str, Any] = {}
    for name, each in rounds.items():
        figures |= {
            f"{name}_rps": round(median(each, lambda one: one.report.rate), 1),
            f"{name}_p50_ms": round(median(each, lambda one: one.report.percentile(50)), 1),
            f"{name}_p99_ms": round(median(each, lambda one: one.report.percentile(99)), 1),
            f"{name}_processor_ms": round(median(each, lambda one: one.milliseconds), 3),
            f"{name}_lasting_rps": round(median(each, lambda one: one.lasting), 1),
        }
    targets = []
    for name in ("recognition", "grants", "one_incentive"):
        share = _ratio(rounds[name], rounds["naive"], lambda one: one.report.rate)
        figures[f"{name}_vs_naive"] = round(share, 3)
        what = f"{TEXTS[name]}: as many a second as the naive gateway"
        targets.append(Target(what=what, found=share, at_least=1))
    for name, against in product(TAXED, AGAINST):
        tax = _ratio(rounds[name], rounds[against], lambda one: one.milliseconds)
        slower = _ratio(rounds[name], rounds[against], lambda one: one.report.percentile(50))
        for measured, found in (("processor", tax), ("p50", slower)):
            figures[f"{name}_vs_{against}_{measured}"] = round(found, 2)
            what = f"{TEXTS[name]}: {measured}, times {AGAINST[against]}"
            targets.append(Target(what=what, found=found, at_most=MOST_TAX))
    return Found(figures=figures, targets=tuple(targets))


def _ratio(these: list[Round], those: list[Round], value: Callable[[Round], float]) -> float:
    """Compare round by round, as each round had a machine of its own mood."""
    pairs = zip(these, those, strict=True)
    return statistics.median(value(this) / value(that) for this, that in pairs)


def show(console: Console, rounds: dict[str, list[Round]]) -> None:
    """Print what was measured."""
    names = (
        "",
        "requests/s",
        "lasting/s",
        "p50 ms",
        "p99 ms",
        "processor ms",
        "sender ms",
        "again",
    )
    table = Table(*names, title=f"{CONNECTIONS} connections, fsync on")
    groups = Table("processor ms", *rounds, title="where the processor time goes")
    for name, each in rounds.items():
        sender = median(each, lambda one: one.report.processor_seconds / one.report.done * 1000)
        values = (
            median(each, lambda one: one.report.rate),
            median(each, lambda one: one.lasting),
            median(each, lambda one: one.report.percentile(50)),
            median(each, lambda one: one.report.percentile(99)),
        )
        cost = median(each, lambda one: one.milliseconds)
        again = sum(one.report.again for one in each)
        costs = f"{cost:.2f}", f"{sender:.2f}", str(again)
        table.add_row(TEXTS[name], *(f"{value:,.0f}" for value in values), *costs)
    for group in rounds["naive"][0].processor:
        shares = (
            median(each, lambda one: one.processor[group] / one.report.done * 1000)  # noqa: B023  used at once
            for each in rounds.values()
        )
        groups.add_row(group, *(f"{share:.2f}" for share in shares))
    console.print(table)
    console.print(groups)


def measure(console: Console, times: int = ROUNDS, requests: int = REQUESTS) -> Found:
    """Load a city round by round; print the figures and return them."""
    with tempfile.TemporaryDirectory(prefix="huxin-bench-") as place, running(Path(place)) as city:
        writes = Writes(city, requests)
        writes.warm_up()
        for number in range(times):
            console.print(f"round {number + 1} of {times} …")
            writes.run()
        writes.check()
    show(console, writes.rounds)
    return found_in(writes.rounds)
