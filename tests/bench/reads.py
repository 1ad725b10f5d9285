"""Measure the read path: an empty handler, eligibility, and a naive nameko gateway, in one run.

Eligibility is measured on SQLite and PostgreSQL, with few holders and with many; then how long a
recognition takes to be seen, and reads beside writes.  Rounds are interleaved, so that what else
the machine does meets all alike; each figure is the median of its rounds.
"""

import os
import signal
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import requests
from rich.console import Console
from rich.table import Table

from services.gateway.authentication.sessions import Holders, OwnTokens
from services.gateway.keys import read_gateway_keys
from services.plumbing.clock import utc_now
from services.plumbing.database import close_database
from tests.bench.gateways import START_SECONDS, Bench, Served, migrated
from tests.bench.population import populate, sessions
from tests.bench.results import Found, Target
from tests.bench.visibility import Newcomers, is_heard, percentile
from tests.bench.wrk import CONNECTIONS, Figures, as_each, load, median
from tests.conftest import running as serving
from tests.servers import postgresql, rabbitmq
from tests.servers.process import free_port

FEW, MANY = 10_000, int(os.environ.get("HUXIN_BENCH_HOLDERS", "1000000"))
CALLERS, STRANGERS = 2_000, 50_000
ROUNDS, SECONDS = 5, 2
SHARE = 0.7  # of the maximum, while recognitions arrive
BESIDE_SECONDS = 12  # longer than they take to arrive
WRITERS, READS_TO_A_WRITE, MIXED_SECONDS = 8, 9, 3
CALIBRATIONS = 4
POST = 'wrk.method = "POST"\n'
KINDS = ("sqlite", "postgresql")


@dataclass(frozen=True)
class Read:
    """One server, and the requests it is loaded with."""

    served: Served
    script: str = ""


class Reads:
    """The servers, and what is measured on them."""

    def __init__(self, stack: ExitStack, home: Path, console: Console) -> None:
        self._stack, self._home, self._console = stack, home, console
        self._broker = stack.enter_context(serving(rabbitmq.start()))
        self._server = stack.enter_context(serving(postgresql.start()))
        self._bench = Bench(stack, home, self._broker.url)
        city = self._bench.city
        self._databases = {
            (kind, count): self._filled(kind, count) for kind in KINDS for count in (FEW, MANY)
        }
        scripts = {}
        for name, count, callers in (
            ("few", FEW, CALLERS),
            ("many", MANY, CALLERS),
            ("strangers", MANY, min(STRANGERS, MANY)),
        ):
            tokens = sessions(city.url, city.keys, count, callers)
            (home / name).write_text("\n".join(tokens))
            scripts[name] = as_each(home / name)
        self._token = (home / "few").read_text().split()[0]  # known to all of them
        self.reads = self._started(scripts)

    def _filled(self, kind: str, count: int) -> str:
        self._console.print(f"filling a read side with {count:,} holders: {kind} …")
        if kind == "sqlite":
            url = self._bench.database(f"{kind}-{count}")
        else:
            url = postgresql.create_database(self._server.url, f"gateway_{count}")
        populate(migrated(url), count)
        close_database(url)
        return url

    def _started(self, scripts: dict[str, str]) -> dict[str, Read]:
        bench, reads = self._bench, {}
        for kind in KINDS:
            for name, count in (("few", FEW), ("many", MANY)):
                served = bench.gateway(f"{kind}-{name}", self._databases[kind, count], self._token)
                reads[f"{kind}, {count:,} holders"] = Read(served, scripts[name])
            reads[f"{kind}, never asked before"] = Read(served, scripts["strangers"])
            logging = bench.gateway(
                f"{kind}-log", self._databases[kind, MANY], self._token, log_level="INFO"
            )
            reads[f"{kind}, with access log"] = Read(logging, scripts["many"])
        port = free_port()
        empty = Served(
            f"http://127.0.0.1:{port}/",
            bench.module("tests.bench.serve", "tests.bench.empty:front", str(port)),
        )
        port = free_port()
        words = (self._broker.url, str(port))
        bench.module("tests.bench.naive", "service", *words)
        naive = Served(
            f"http://127.0.0.1:{port}/eligibility/holder-7",
            bench.module("tests.bench.naive", "gateway", *words),
        )
        return {"empty": Read(bench.ready(empty)), **reads, "naive": Read(bench.ready(naive))}

    def in_turn(self) -> dict[str, Figures]:
        """Load each server in turn, and again; the first round is not counted."""
        runs: dict[str, list[Figures]] = {name: [] for name in self.reads}
        for number in range(ROUNDS + 1):
            self._console.print(f"round {number} of {ROUNDS} …")
            for name, read in self.reads.items():
                before = read.served.cpu_seconds
                run = load(read.served.url, read.script, SECONDS)
                spent = read.served.cpu_seconds - before
                if number:
                    us = spent / (run.rps * SECONDS) * 1e6
                    runs[name].append(replace(run, us=us))
        return {name: median(each) for name, each in runs.items()}

    def many(self, kind: str) -> Read:
        return self.reads[f"{kind}, {MANY:,} holders"]

    def visibility(self, kind: str, most: Figures) -> tuple[list[float], float]:
        """Return the seconds until each newcomer was seen, and the load meanwhile."""
        city, read = self._bench.city, self.many(kind)
        key = read_gateway_keys(city.keys).session
        opener = Holders(OwnTokens(gateway=city.url, key=key, clock=utc_now))
        database = self._databases[kind, MANY]
        part = self._bench.part("eligibility", f"{kind}-eligibility", gateway_database=database)
        newcomers = Newcomers(self._broker.url, read.served.url, opener)
        part.wait_until(lambda: is_heard(self._broker.url), seconds=START_SECONDS)
        newcomers.arrive(1)  # the part works when the first is seen
        pace = self._pace_for(read, SHARE * most.rps)
        with ThreadPoolExecutor(1) as threads:
            loading = threads.submit(load, read.served.url, read.script, BESIDE_SECONDS, pace=pace)
            seconds = newcomers.arrive()
            beside = loading.result()
        part.end(signal.SIGTERM)
        return seconds, beside.rps / most.rps

    def _pace_for(self, read: Read, rps: float) -> float:
        """Find the pause by which all connections together make so many requests a second."""
        pause = 0.0
        for _ in range(CALIBRATIONS):
            found = load(read.served.url, read.script, 1, pace=pause or None)
            pause = max(0.0, pause + 1000 * CONNECTIONS * (1 / rps - 1 / found.rps))
        return pause

    def mixed(self, kind: str) -> tuple[Figures, Figures]:
        """Load with reads, and with writes beside them, one in ten of all.

        Each write waits for `recognition` on the bus; the next follows at once.
        """
        read = self.many(kind)
        url = read.served.url.replace("/eligibility", "/challenges")
        kinds = {"recognition_database": self._recognition(kind)}
        part = self._bench.part("recognition", f"{kind}-recognition", **kinds)
        writes = Served(url, part)
        part.wait_until(lambda: requests.post(url, timeout=9).ok, seconds=START_SECONDS)
        pause = 0.0
        for _ in range(CALIBRATIONS):
            with ThreadPoolExecutor(1) as threads:
                writing = threads.submit(
                    load, writes.url, POST, MIXED_SECONDS, connections=WRITERS, sheds=True
                )
                found = load(read.served.url, read.script, MIXED_SECONDS, pace=pause or None)
                written = writing.result()
            wanted = READS_TO_A_WRITE * written.rps
            pause = max(0.0, pause + 1000 * CONNECTIONS * (1 / wanted - 1 / found.rps))
        part.end(signal.SIGTERM)
        return found, written

    def _recognition(self, kind: str) -> str:
        if kind == "sqlite":
            return self._bench.database("recognition")
        return postgresql.create_database(self._server.url, "recognition")


def measure(console: Console) -> Found:
    """Measure, print the tables, and return the figures."""
    with tempfile.TemporaryDirectory(prefix="huxin-bench-") as home, ExitStack() as stack:
        reads = Reads(stack, Path(home), console)
        figures = reads.in_turn()
        memory = {name: read.served.rss_mb for name, read in reads.reads.items()}
        show(console, figures, memory)
        most = {kind: figures[f"{kind}, {MANY:,} holders"] for kind in KINDS}
        visible = {kind: reads.visibility(kind, most[kind]) for kind in KINDS}
        mixed = {kind: reads.mixed(kind) for kind in KINDS}
    targets: list[Target] = []
    for kind in KINDS:
        targets += targets_of(kind, figures)
        seconds, share = visible[kind]
        p50, p99 = (percentile(seconds, each) * 1000 for each in (0.5, 0.99))
        console.print(f"{kind}: visible after {p50:.0f} ms, p99 {p99:.0f} ms, at {share:.0%} load")
        targets.append(Target(what=f"{kind}: visible, p99 ms", found=p99, at_most=100))
        beside, writes = mixed[kind]
        share = writes.rps / (writes.rps + beside.rps)
        console.print(
            f"{kind}: {beside.rps:,.0f} reads/s (p99 {beside.p99_ms:.1f} ms) beside "
            f"{writes.rps:,.0f} writes/s (p99 {writes.p99_ms:.0f} ms), {share:.1%} of all"
        )
        targets.append(
            Target(what=f"{kind}: reads beside writes, p99 ms", found=beside.p99_ms, at_most=20)
        )
    return Found(
        figures={
            **{name: {**vars(run), "rss_mb": memory[name]} for name, run in figures.items()},
            "visible_ms": {
                kind: {
                    "p50": percentile(seconds, 0.5) * 1000,
                    "p99": percentile(seconds, 0.99) * 1000,
                    "load": share,
                }
                for kind, (seconds, share) in visible.items()
            },
            "mixed": {
                kind: {"reads": vars(beside), "writes": vars(writes)}
                for kind, (beside, writes) in mixed.items()
            },
        },
        targets=tuple(targets),
    )


def targets_of(kind: str, figures: dict[str, Figures]) -> list[Target]:
    few, many = figures[f"{kind}, {FEW:,} holders"], figures[f"{kind}, {MANY:,} holders"]
    against = {name: many.rps / figures[name].rps for name in ("empty", "naive")}
    return [
        Target(what=f"{kind}: of an empty handler", found=against["empty"], at_least=0.5),
        Target(what=f"{kind}: times the naive", found=against["naive"], at_least=15),
        Target(what=f"{kind}: p99 ms", found=many.p99_ms, at_most=10),
        Target(what=f"{kind}: {FEW:,} → {MANY:,}", found=few.rps / many.rps, at_most=1.25),
    ]


def show(console: Console, figures: dict[str, Figures], memory: dict[str, float]) -> None:
    table = Table(
        "", "requests/s", "of empty", "p50 ms", "p99 ms", "µs of processor", "RSS MB",
        title=f"{CONNECTIONS} connections, one worker each",
    )  # fmt: skip
    for name, run in figures.items():
        share = run.rps / figures["empty"].rps
        numbers = (f"{run.p50_ms:.2f}", f"{run.p99_ms:.2f}", f"{run.us:.0f}", f"{memory[name]:.0f}")
        table.add_row(name, f"{run.rps:,.0f}", f"{share:.2f}", *numbers)
    console.print(table)
