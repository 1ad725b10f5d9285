"""Measure the read path: an empty handler, eligibility, and a naive nameko gateway, in one run.

Rounds are interleaved, so that what else the machine does meets all three alike; each figure is
the median of its rounds.
"""

import statistics
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import requests
from rich.console import Console
from rich.table import Table

from services.cli.demo.world import HANGZHOU
from services.cli.sandbox import gateway_urls, make_sandbox
from services.plumbing.clock import utc_now
from services.plumbing.database import close_database, open_database
from services.plumbing.migrate import upgrade
from tests.bench.population import populate, sessions
from tests.bench.results import ROOT, Found, Target
from tests.bench.wrk import Figures, load
from tests.conftest import running as serving
from tests.servers import rabbitmq
from tests.servers.process import Process, free_port

HOLDERS, SAMPLE, ROUNDS = 100_000, 2_000, 3
START_SECONDS = 60
PYTHON, HUXIN = Path(sys.executable), Path(sys.executable).with_name("huxin")


def answers(url: str, token: str = "") -> Callable[[], bool]:
    def ask() -> bool:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        try:
            return requests.get(url, headers=headers, timeout=2).ok
        except requests.RequestException:
            return False

    return ask


def bearer_script(path: Path, tokens: list[str]) -> Path:
    """Write a wrk script that asks for another holder each time."""
    (path / "tokens").write_text("\n".join(tokens))
    script = path / "eligibility.lua"
    script.write_text(
        "local tokens, n = {}, 0\n"
        f'for line in io.lines("{path}/tokens") do tokens[#tokens + 1] = line end\n'
        "function request()\n"
        "  n = n % #tokens + 1\n"
        '  wrk.headers["Authorization"] = "Bearer " .. tokens[n]\n'
        '  return wrk.format("GET")\n'
        "end\n"
    )
    return script


def load_in_turn(stack: ExitStack, home: Path, console: Console) -> dict[str, list[Figures]]:
    """Start all three and load each in turn."""
    broker = stack.enter_context(serving(rabbitmq.start()))
    sandbox = make_sandbox(home / "cities", gateway_urls(free_port()), utc_now())
    city, settings = sandbox.world.cities[HANGZHOU], sandbox.settings[HANGZHOU]
    database = f"sqlite:///{settings.parent}/data/gateway.db"
    console.print(f"filling the read side with {HOLDERS:,} holders …")
    engine = open_database(database)
    upgrade(engine, "services.gateway")
    populate(engine, HOLDERS)
    close_database(database)
    tokens = sessions(city.url, city.keys, HOLDERS, SAMPLE)

    ports = {name: free_port() for name in ("empty", "naive")}
    environment = {"HUXIN_BUS_URL": broker.url, "PYTHONPATH": str(ROOT)}
    naive = [PYTHON, "-W", "ignore", "-m", "tests.bench.naive"]
    commands: dict[str, list[Path | str]] = {
        "empty": [PYTHON, "-m", "tests.bench.serve_empty", str(ports["empty"])],
        "gateway": [HUXIN, "run", "gateway", "--settings", str(settings)],
        "service": [*naive, "service", broker.url, str(ports["naive"])],
        "naive": [*naive, "gateway", broker.url, str(ports["naive"])],
    }
    eligibility = f"{city.url}/v1/eligibility"
    urls = {
        "empty": f"http://127.0.0.1:{ports['empty']}/",
        "eligibility": eligibility,
        "naive": f"http://127.0.0.1:{ports['naive']}/eligibility/holder-7",
    }
    started = {name: Process(line, home=home, env=environment) for name, line in commands.items()}
    for process in started.values():
        stack.callback(process.end, 15)
    started["empty"].wait_until(answers(urls["empty"]), seconds=START_SECONDS)
    started["gateway"].wait_until(answers(eligibility, tokens[0]), seconds=START_SECONDS)
    started["naive"].wait_until(answers(urls["naive"]), seconds=START_SECONDS)

    scripts = {"eligibility": bearer_script(home, tokens)}
    figures: dict[str, list[Figures]] = {name: [] for name in urls}
    for number in range(ROUNDS):
        for name, url in urls.items():
            console.print(f"round {number + 1} of {ROUNDS}: {name} …")
            figures[name].append(load(url, scripts.get(name)))
    return figures


def median(runs: list[Figures]) -> Figures:
    return Figures(
        statistics.median(run.rps for run in runs),
        statistics.median(run.p50_ms for run in runs),
        statistics.median(run.p99_ms for run in runs),
    )


def measure(console: Console) -> Found:
    """Measure, print the table, and return the figures."""
    with tempfile.TemporaryDirectory(prefix="huxin-bench-") as home, ExitStack() as stack:
        runs = load_in_turn(stack, Path(home), console)
    figures = {name: median(each) for name, each in runs.items()}
    empty, eligibility, naive = (figures[name] for name in ("empty", "eligibility", "naive"))
    table = Table("", "requests/s", "p50 ms", "p99 ms", title="32 connections, one worker")
    texts = {
        "empty": "a  empty handler, same server",
        "eligibility": f"b  eligibility, {HOLDERS:,} holders",
        "naive": "c  naive nameko gateway, one RPC",
    }
    for name, text in texts.items():
        run = figures[name]
        table.add_row(text, f"{run.rps:,.0f}", f"{run.p50_ms:.2f}", f"{run.p99_ms:.2f}")
    console.print(table)
    return Found(
        figures={name: vars(run) for name, run in figures.items()} | {"holders": HOLDERS},
        targets=(
            Target(what="eligibility / empty", found=eligibility.rps / empty.rps, at_least=0.5),
            Target(what="eligibility / naive", found=eligibility.rps / naive.rps, at_least=15),
            Target(what="p99 ms", found=eligibility.p99_ms, at_most=10),
        ),
    )
