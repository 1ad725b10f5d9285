"""Twice as many writes as a node can do, at a fixed rate, with reads beside; then its books.

A host runs as in production (RabbitMQ, PostgreSQL with fsync, granian) and embedded (one process,
SQLite).  First some callers find out how many grants it gives a second at most; then twice as many
arrive, whatever happens to those before.  What has to hold: what is not done is told 503 with
Retry-After, reads go on, memory and queues stay bounded, all is normal again seconds after, each
2xx is in the database once, and each request that was not served gets one answer when repeated.
"""

import asyncio
import itertools
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

from rich.console import Console
from rich.table import Table
from sqlalchemy import func, select

from services.cli.demo.visitor import Visitor
from services.cli.demo.world import FUZHOU, HANGZHOU
from services.plumbing.database import close_database, open_database
from services.scenarios.adapters.audit import audit
from services.scenarios.adapters.tables import grants
from tests.bench.open_loop import (
    NO_ANSWER,
    PAUSE,
    Client,
    Outcome,
    Request,
    arrive,
    percentile,
    press,
    share,
)
from tests.bench.results import Found, Target
from tests.bench.watching import Watch
from tests.conftest import running as serving
from tests.e2e.people import Shop, open_shop, visit
from tests.e2e.runtimes import Alliance, Embedded, Production, Runtime, production, running
from tests.e2e.storage import database_url
from tests.servers import postgresql, rabbitmq

VISITORS, CALLERS = 24, 10
WARM_SECONDS, MOST_SECONDS, OVERLOAD_SECONDS = 3.0, 8.0, 20.0
READS = 50.0  # a second, beside the writes
OK, SHED = 200, 503
MOST_REPEATS = 200
NORMAL = 2.0  # times the p99 of before: what is normal again
RECOVERY_SECONDS = 30.0
MEMORY = "_megabytes"
QUEUES = ("rpc-scenarios", "scenarios.events", "eligibility.events", "courier.events")
WITHOUT_LIMIT = {"HUXIN_PERSON_REQUESTS_PER_MINUTE": "1000000"}  # of a caller: not meant here
CITIES = (FUZHOU, HANGZHOU)

Figures = dict[str, float]


@dataclass(frozen=True)
class Load:
    """Who asks for what."""

    visitors: list[Visitor]
    tokens: list[str]
    shop: Shop

    def writes(self) -> Iterator[Request]:
        for token in itertools.cycle(self.tokens):
            yield Request(
                id=(grant_id := str(uuid4())),
                method="PUT",
                path=f"/v1/grants/{grant_id}",
                token=token,
                body={"incentive_id": self.shop.incentive_id},
            )

    def reads(self) -> Iterator[Request]:
        for token in itertools.cycle(self.tokens):
            yield Request(id=str(uuid4()), method="GET", path="/v1/eligibility", token=token)


@contextmanager
def production_runtime() -> Iterator[Runtime]:
    with (
        serving(postgresql.start()) as server,
        serving(rabbitmq.start(CITIES)) as broker,
        production(broker, server) as runtime,
    ):
        yield runtime


@contextmanager
def embedded_runtime() -> Iterator[Runtime]:
    yield Embedded()


RUNTIMES = {"production": production_runtime, "embedded": embedded_runtime}


def prepare(alliance: Alliance) -> Load:
    shop = open_shop(alliance, per_holder={"count": 1_000_000, "period": "year"})
    visitors = [visit(alliance) for _ in range(VISITORS)]
    tokens = [str(v.door._session.headers["Authorization"])[7:] for v in visitors]  # noqa: SLF001
    return Load(visitors, tokens, shop)


@dataclass(frozen=True)
class Run:
    """What was answered: at its most, at twice that, and how long until all was normal."""

    most: list[Outcome]
    most_seconds: float
    quiet_reads: list[Outcome]
    rate: float
    writes: list[Outcome]
    reads: list[Outcome]
    recovery_seconds: float
    repeated: list[Outcome]


async def drive(client: Client, load: Load) -> Run:
    writes, reads = load.writes(), load.reads()
    await press(client, writes, callers=CALLERS, seconds=WARM_SECONDS)
    began = time.monotonic()
    most = await press(client, writes, callers=CALLERS, seconds=MOST_SECONDS)
    most_seconds = time.monotonic() - began
    quiet = await arrive(client, reads, rate=READS, seconds=WARM_SECONDS)
    rate = 2 * len(served(most)) / most_seconds
    loaded, read = await asyncio.gather(
        arrive(client, writes, rate=rate, seconds=OVERLOAD_SECONDS),
        arrive(client, reads, rate=READS, seconds=OVERLOAD_SECONDS),
    )
    recovery = await until_normal(client, load, percentile(served(most), 0.99))
    repeated = await repeat(client, [each for each in loaded if each.status != OK])
    return Run(most, most_seconds, quiet, rate, loaded, read, recovery, repeated)


def served(outcomes: list[Outcome]) -> list[Outcome]:
    return [outcome for outcome in outcomes if outcome.status == OK]


async def until_normal(client: Client, load: Load, usual_ms: float) -> float:
    """Return seconds until ten writes in a row are done as quickly as before."""
    began, writes, row = time.monotonic(), load.writes(), 0
    while row < 10 and time.monotonic() < began + RECOVERY_SECONDS:
        outcome = await client.ask(next(writes), time.monotonic())
        row = row + 1 if outcome.status == OK and outcome.seconds * 1000 < NORMAL * usual_ms else 0
    return time.monotonic() - began


async def repeat(client: Client, outcomes: list[Outcome]) -> list[Outcome]:
    """Ask again, a few at a time, until each has an answer."""
    waiting = iter(outcomes)
    found: list[Outcome] = []

    async def call() -> None:
        for outcome in waiting:
            again = await client.ask(outcome.request, time.monotonic())
            for _ in range(MOST_REPEATS):
                if again.status not in {NO_ANSWER, SHED}:
                    break
                await asyncio.sleep(PAUSE)
                again = await client.ask(outcome.request, time.monotonic())
            found.append(again)

    await asyncio.gather(*(call() for _ in range(4)))
    return found


def measure(console: Console) -> Found:
    """Overload a host on each runtime."""
    found: dict[str, Figures] = {}
    for name, make in RUNTIMES.items():
        console.print(f"{name}: as many grants as it can give, then twice as many …")
        with tempfile.TemporaryDirectory(prefix="huxin-bench-") as home, make() as runtime:
            found[name] = overload(runtime, Path(home))
        show(console, name, found[name])
    targets = [each for name, figures in found.items() for each in targets_of(name, figures)]
    return Found(figures=found, targets=tuple(targets))


def overload(runtime: Runtime, home: Path) -> Figures:
    with running(runtime, home, CITIES, WITHOUT_LIMIT) as alliance:
        load = prepare(alliance)
        groups = {
            f"{name}{MEMORY}": process.child.pid
            for (city, name), process in alliance.processes.items()
            if city == HANGZHOU
        }
        bus = runtime.vhosts[HANGZHOU] if isinstance(runtime, Production) else None
        client = Client(alliance.world.cities[HANGZHOU].url)

        async def whole() -> Run:
            try:
                return await drive(client, load)
            finally:
                client.close()

        with Watch(groups, bus, QUEUES) as watch:
            run = asyncio.run(whole())
        kept, differences = books(alliance, load)
    return figures(run, watch, kept, differences)


def books(alliance: Alliance, load: Load) -> tuple[Counter[str], int]:
    """Return how often each grant is in the database, and how many counts differ from them."""
    url = database_url(alliance, HANGZHOU, "scenarios")
    engine = open_database(url)
    query = (
        select(grants.c.id, func.count())
        .where(grants.c.incentive_id == load.shop.incentive_id)
        .group_by(grants.c.id)
    )
    with engine.connect() as connection:
        kept = Counter({str(UUID(str(key))): number for key, number in connection.execute(query)})
    differences = len(list(audit(engine, repair=False)))
    close_database(url)
    return kept, differences


def figures(run: Run, watch: Watch, kept: Counter[str], differences: int) -> Figures:
    most, admitted = served(run.most), served(run.writes)
    shed = [each for each in run.writes if each.status == SHED]
    promised = [each.request.id for each in admitted + [r for r in run.repeated if r.status == OK]]
    result: Figures = {
        "most_per_second": len(most) / run.most_seconds,
        "most_p99_ms": percentile(most, 0.99),
        "offered_per_second": run.rate,
        "admitted_per_second": len(admitted) / OVERLOAD_SECONDS,
        "most_p50_ms": percentile(most, 0.5),
        "admitted_p50_ms": percentile(admitted, 0.5),
        "admitted_p99_ms": percentile(admitted, 0.99),
        "shed_share": share(run.writes, lambda each: each.status == SHED),
        "shed_per_second": len(shed) / OVERLOAD_SECONDS,
        "shed_p50_ms": percentile(shed, 0.5),
        "shed_p99_ms": percentile(shed, 0.99),
        "shed_without_retry_after": sum(each.retry_after is None for each in shed),
        "neither": sum(each.status not in {OK, SHED} for each in run.writes),
        "reads_quiet_p99_ms": percentile(run.quiet_reads, 0.99),
        "reads_per_second": len(run.reads) / OVERLOAD_SECONDS,
        "reads_p50_ms": percentile(run.reads, 0.5),
        "reads_p99_ms": percentile(run.reads, 0.99),
        "reads_failed": sum(each.status != OK for each in run.reads),
        "recovery_seconds": run.recovery_seconds,
        "lost": sum(kept[each] != 1 for each in promised),
        "repeated_otherwise": sum(each.status != OK for each in run.repeated),
        "counts_that_differ": differences,
    }
    result["memory"] = max(
        watch.peak[name] / watch.first[name] for name in watch.peak if name.endswith(MEMORY)
    )
    for name, most in watch.peak.items():
        result[f"{name}_most"] = most / 2**20 if name.endswith(MEMORY) else most
    return {name: round(value, 2) for name, value in result.items()}


def show(console: Console, name: str, found: Figures) -> None:
    table = Table("", "a second", "p50 ms", "p99 ms", title=f"overload, {name}")
    for what, rate, part in (
        ("grants, at most", "most_per_second", "most"),
        ("grants given at twice that", "admitted_per_second", "admitted"),
        ("turned away", "shed_per_second", "shed"),
        ("reads beside", "reads_per_second", "reads"),
    ):
        times = (f"{found[f'{part}_{each}_ms']:,.0f}" for each in ("p50", "p99"))
        table.add_row(what, f"{found[rate]:,.1f}", *times)
    console.print(table)


def targets_of(name: str, found: Figures) -> Iterator[Target]:
    """What has to hold; how long a read takes beside, and how much is done, is for the machine."""
    for what, figure in (
        ("requests answered neither 200 nor 503", "neither"),
        ("503 without Retry-After", "shed_without_retry_after"),
        ("reads that failed", "reads_failed"),
        ("grants lost or doubled", "lost"),
        ("repeats with another answer", "repeated_otherwise"),
        ("counts that differ from the grants", "counts_that_differ"),
    ):
        yield Target(what=f"{name}: {what}", found=found[figure], at_most=0)
    done = found["admitted_per_second"] / max(found["most_per_second"], 0.01)
    yield Target(what=f"{name}: given at twice the most, of the most", found=done, at_least=0.7)
    for what, figure, most in (
        ("p99 of a 503, ms", "shed_p99_ms", 1000),
        ("p99 of reads beside, ms", "reads_p99_ms", 100),
        ("seconds until normal", "recovery_seconds", 5),
        ("memory at most, of that before", "memory", 1.25),
    ):
        yield Target(what=f"{name}: {what}", found=found[figure], at_most=most)
