"""Gateways of one city as a node runs them, each on a port and a database of its own."""

import os
import signal
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import requests
from sqlalchemy import Engine

from services.cli.demo.world import HANGZHOU
from services.cli.sandbox import gateway_urls, make_sandbox
from services.plumbing.clock import utc_now
from services.plumbing.database import open_database
from services.plumbing.migrate import upgrade
from tests.bench.results import ROOT
from tests.servers.postgresql import children
from tests.servers.process import Process, free_port

PYTHON, HUXIN = Path(sys.executable), Path(sys.executable).with_name("huxin")
START_SECONDS = 120
UNLIMITED = "60000000"  # requests a minute: the limiter counts each, and refuses none


@dataclass(frozen=True)
class Served:
    """A server under measurement; `pids` are its processes."""

    url: str
    process: Process

    @property
    def pids(self) -> list[int]:
        return [self.process.child.pid, *children(self.process.child.pid)]

    @property
    def rss_mb(self) -> float:
        """Resident memory of its worker, which is the largest of its processes."""
        return max(resident_mb(pid) for pid in self.pids)

    @property
    def cpu_seconds(self) -> float:
        """Processor time its processes have taken, user and system."""
        return sum(processor_seconds(pid) for pid in self.pids)


class Bench:
    """One city's settings and keys, and the processes that are started with them."""

    def __init__(self, stack: ExitStack, home: Path, bus_url: str) -> None:
        sandbox = make_sandbox(home / "cities", gateway_urls(free_port()), utc_now())
        self.city, self.settings = sandbox.world.cities[HANGZHOU], sandbox.settings[HANGZHOU]
        self._stack, self._home, self._bus_url = stack, home, bus_url

    def database(self, name: str) -> str:
        """Return the URL of an SQLite file of this name."""
        return f"sqlite:///{self._home}/{name}.db"

    def gateway(self, name: str, database: str, token: str, **settings: str) -> Served:
        """Start a gateway on a database that is up to date; it serves when this returns."""
        port = free_port()
        settings = {
            "http_port": str(port),
            "gateway_database": database,
            "person_requests_per_minute": UNLIMITED,
            **settings,
        }
        served = Served(
            f"http://127.0.0.1:{port}/v1/eligibility", self.part("gateway", name, **settings)
        )
        return self.ready(served, token)

    def part(self, part: str, name: str, **settings: str) -> Process:
        """Start a part of the node."""
        command = [HUXIN, "run", part, "--settings", str(self.settings)]
        return self.process(name, command, {f"HUXIN_{k.upper()}": v for k, v in settings.items()})

    def module(self, module: str, *words: str) -> Process:
        """Start a module of the benchmarks."""
        name = "-".join((module, *words))
        return self.process(name, [PYTHON, "-W", "ignore", "-m", module, *words], {})

    def process(
        self, name: str, command: Sequence[Path | str], environment: Mapping[str, str]
    ) -> Process:
        home = self._home / name.replace("/", "-").replace(":", "-")
        home.mkdir()
        environment = {"HUXIN_BUS_URL": self._bus_url, "PYTHONPATH": str(ROOT), **environment}
        process = Process(command, home=home, env=environment)
        self._stack.callback(process.end, signal.SIGTERM)
        return process

    def ready(self, served: Served, token: str = "") -> Served:
        """Wait until it answers."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}

        def answers() -> bool:
            try:
                return requests.get(served.url, headers=headers, timeout=2).ok
            except requests.RequestException:
                return False

        served.process.wait_until(answers, seconds=START_SECONDS)
        return served


def migrated(url: str) -> Engine:
    """Open a gateway's database, brought up to date."""
    engine = open_database(url)
    upgrade(engine, "services.gateway")
    return engine


def resident_mb(pid: int) -> float:
    """Return the resident memory of a process in MB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    [line] = [line for line in lines if "VmRSS" in line]
    return int(line.split()[1]) / 1024


def processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
