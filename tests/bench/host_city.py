"""A host city as production runs it; beside it, on the same servers, what it is compared with.

That is the naive pair (naive.py) and the same call without trust (plain/).
"""

import signal
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import requests

from services.cli.demo.operator import Operator, accept
from services.cli.demo.world import FUZHOU, HANGZHOU
from services.cli.parts import PARTS
from services.cli.sandbox import gateway_urls, make_sandbox
from services.plumbing.clock import utc_now
from tests.bench.home_city import HomeCity
from tests.bench.plain import services as plain
from tests.bench.processor import seconds_by_group
from tests.conftest import running as serving
from tests.e2e.runtimes import HUXIN, OWNERS
from tests.servers import postgresql, rabbitmq
from tests.servers.postgresql import create_database
from tests.servers.process import Process, free_port

ROOT: Final = Path(__file__).parents[2]
START_SECONDS: Final = 240
SETTLE_SECONDS: Final = 300
POLL_SECONDS: Final = 0.1
PLENTY: Final = {"count": 10**6, "period": "year"}


@dataclass(frozen=True)
class HostCity:
    """Invariant: every process runs; `databases` are sessions in each owner's."""

    url: str
    naive_port: int
    plain_port: int
    home: HomeCity
    databases: Mapping[str, psycopg.Connection]
    processes: Mapping[str, list[int]]  # by group, one for each part
    operator: Operator
    official: Any

    @property
    def port(self) -> int:
        return int(urlsplit(self.url).port or 80)

    def offer(self) -> str:
        """Publish an incentive that everybody may take, and return its id."""
        incentive_id = f"offer-{uuid4().hex[:12]}"
        terms = {
            "incentive_id": incentive_id,
            "title": "一件",
            "title_en": "One thing",
            "benefit": {"type": "rental_extension", "minutes": 120},
            "minimum_tier": 3,
            "per_holder": PLENTY,
            "quota": PLENTY,
            "on_withdrawal": "keep_started",
        }
        scenario = {"name": "一处", "name_en": "A place", "category": "transport"}
        registered, submitted = self.operator.register(scenario, terms)
        accepted = accept(self.official, submitted) if submitted.ok else submitted
        if not (registered.ok and accepted.ok):
            raise RuntimeError(f"no offer: {registered} {accepted}")
        return incentive_id

    def processor_seconds(self) -> dict[str, float]:
        return seconds_by_group(self.processes)

    def count(self, owner: str, statement: str) -> int:
        """Count rows in the database of a service."""
        row = self.databases[owner].execute(statement).fetchone()
        assert row is not None
        return int(row[0])

    def settle(self) -> float:
        """Wait until all that follows of what was answered is done; return the seconds it took.

        Every announcement has left and was handled, and the home city was told of every grant.
        """
        began = time.monotonic()
        while not self._is_settled():
            if time.monotonic() - began > SETTLE_SECONDS:
                raise RuntimeError("announcements are still on their way")
            time.sleep(POLL_SECONDS)
        return time.monotonic() - began

    def _is_settled(self) -> bool:
        announcing = (*OWNERS, "bookings")
        if any(self.count(owner, "SELECT count(*) FROM outbox") for owner in announcing):
            return False
        recognised = self.count("recognition", "SELECT count(*) FROM recognitions")
        granted = self.count("scenarios", "SELECT count(*) FROM grants")
        heard = {
            "scenarios": "SELECT count(*) FROM recognitions",
            "gateway": "SELECT count(*) FROM holders",
        }
        taken_in = all(self.count(owner, text) >= recognised for owner, text in heard.items())
        return taken_in and len(self.home.told) >= granted and self._bookings_are_heard()

    def _bookings_are_heard(self) -> bool:
        heard = self.count("read_side", "SELECT count(*) FROM heard_bookings")
        return heard >= self.count("bookings", "SELECT count(*) FROM bookings")


@contextmanager
def running(directory: Path) -> Iterator[HostCity]:
    """Start the servers, the city and what it is compared with; end all of them."""
    with ExitStack() as stack:
        database = stack.enter_context(serving(postgresql.start()))
        broker = stack.enter_context(serving(rabbitmq.start((HANGZHOU,))))
        sandbox = make_sandbox(directory / "cities", gateway_urls(free_port()), utc_now())
        access = sandbox.world.cities
        city, settings = access[HANGZHOU], sandbox.settings[HANGZHOU]
        home = HomeCity(access[FUZHOU], city.url)
        stack.enter_context(home.open())
        databases = {
            owner: create_database(database.url, owner) for owner in (*OWNERS, *plain.SERVICES)
        }
        for owner in plain.SERVICES:
            plain.prepare(databases[owner])
        environment = {
            "HUXIN_BUS_URL": f"{broker.url.rstrip('/')}/{HANGZHOU}",
            "HUXIN_LOG_LEVEL": "INFO",
            "HUXIN_USAGE_SECONDS": "5",  # the default; a sandbox has no patience
            **{f"HUXIN_{owner.upper()}_DATABASE": databases[owner] for owner in OWNERS},
        }
        naive_port, plain_port = free_port(), free_port()
        module = [sys.executable, "-W", "ignore", "-m"]
        commands: dict[str, list[str | Path]] = {
            part: [HUXIN, "run", part, "--settings", settings] for part in [*PARTS, "gateway"]
        }
        for part in ("service", "gateway"):
            words = part, broker.url, str(naive_port)
            commands[f"naive {part}"] = [*module, "tests.bench.naive", *words]
        for part in plain.SERVICES:
            words = part, broker.url, databases[part]
            commands[f"plain {part}"] = [*module, "tests.bench.plain", *words]
        door = "tests.bench.plain.door:front", str(plain_port)
        commands["plain door"] = [*module, "tests.bench.serve", *door]
        beside = {"PYTHONPATH": str(ROOT), "HUXIN_BUS_URL": broker.url}
        started: dict[str, Process] = {}
        for name, command in commands.items():
            place = directory / name.replace(" ", "-")
            place.mkdir()
            env = environment if command[0] == HUXIN else beside
            started[name] = Process(command, home=place, env=env)
            stack.callback(started[name].end, signal.SIGTERM)
        naive_url = f"http://127.0.0.1:{naive_port}/eligibility/holder-7"
        plain_url = f"http://127.0.0.1:{plain_port}/bookings/{uuid4()}"
        for name, ready in {
            "gateway": partial(_answers, "GET", f"{city.url}/health/ready"),
            "naive gateway": partial(_answers, "GET", naive_url),
            "plain bookings": partial(_answers, "PUT", plain_url, {"thing": "first"}),
        }.items():
            started[name].wait_until(ready, seconds=START_SECONDS)
        official = sandbox.world.administrator(HANGZHOU)
        client = official.put("/v1/operators/bench", {"name": "一家", "name_en": "An operator"})
        yield HostCity(
            url=city.url,
            naive_port=naive_port,
            plain_port=plain_port,
            home=home,
            databases={
                owner: stack.enter_context(psycopg.connect(url, autocommit=True))
                for owner, url in databases.items()
            },
            processes=_groups(started, broker, database),
            operator=Operator(city.url, "bench", client["client_id"], client["client_secret"]),
            official=official,
        )


def _groups(started: Mapping[str, Process], *servers: Any) -> dict[str, list[int]]:
    groups = {name: [process.child.pid] for name, process in started.items()}
    names = ("rabbitmq", "postgresql")
    return groups | {
        name: [server.process.child.pid] for name, server in zip(names, servers, strict=True)
    }


def _answers(method: str, url: str, body: Any = None) -> bool:
    try:
        return requests.request(method, url, json=body, timeout=5).ok
    except requests.RequestException:
        return False
