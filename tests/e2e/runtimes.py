"""Three cities as processes, on the embedded runtime or on RabbitMQ, PostgreSQL and granian."""

import csv
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Protocol

import requests

from services.cli.demo.app import App
from services.cli.demo.world import FUZHOU, HANGZHOU, ZHENGZHOU, World
from services.cli.parts import PARTS
from services.cli.sandbox import NAMES, Sandbox, make_sandbox
from services.cli.synthetic import synthetic_civil_id
from services.plumbing.clock import utc_now
from tests.servers.postgresql import create_database, drop_database
from tests.servers.process import Process, Server, free_port

HUXIN = Path(sys.executable).with_name("huxin")
TAP = Path(__file__).with_name("tap")
READY_SECONDS = 240
OWNERS = sorted({part.owner for part in PARTS.values()})
# Both are of tier 4 or 3, and found nowhere by chance.
SCORES = {FUZHOU: "778.66253741", ZHENGZHOU: "104.86253741", HANGZHOU: "701.66253741"}
NEWCOMERS = 200
# Residents of Fuzhou of tier 2, who would be of tier 4 without one fact; their first number.
INDEBTED, INDEBTED_SCORE, POINTS = 9000, "608.66253742", -170
AT_HOME_TWICE = 8000  # the first of those who have a score in two cities
# The courier's patience, for tests that do not wait for hours.
IN_A_HURRY = {
    "HUXIN_DELIVERY_FIRST_DELAY": "0.2",
    "HUXIN_DELIVERY_LONGEST_DELAY": "1",
    "HUXIN_DELIVERY_TIMEOUT": "3",
    "HUXIN_BREAKER_REST": "1",
}
# What one caller may ask in a minute, for tests in which it asks as thousands do.
PLENTY = {
    f"HUXIN_{who}_REQUESTS_PER_MINUTE": "1000000000" for who in ("PERSON", "OPERATOR", "CITY")
}


class Runtime(Protocol):
    """What differs between the runtimes: which processes a city is, and on what they run."""

    servers: Mapping[str, Server]

    def commands(self, settings: Path) -> dict[str, list[str]]: ...

    def environment(self, city: str) -> dict[str, str]: ...


class Embedded:
    """One process per city: in-process bus, SQLite, eventlet's WSGI server."""

    servers: Mapping[str, Server] = {}

    def commands(self, settings: Path) -> dict[str, list[str]]:
        return {"node": ["up", "--settings", str(settings)]}

    def environment(self, city: str) -> dict[str, str]:
        return {}


@dataclass(frozen=True)
class Production:
    """One process per part: a virtual host of RabbitMQ per city, a database per service."""

    vhosts: dict[str, str]
    databases: dict[str, dict[str, str]]
    servers: Mapping[str, Server]

    def commands(self, settings: Path) -> dict[str, list[str]]:
        return {part: ["run", part, "--settings", str(settings)] for part in [*PARTS, "gateway"]}

    def environment(self, city: str) -> dict[str, str]:
        databases = {
            f"HUXIN_{owner.upper()}_DATABASE": url for owner, url in self.databases[city].items()
        }
        return {"HUXIN_BUS_URL": self.vhosts[city], **databases}


@contextmanager
def production(rabbitmq: Server, postgresql: Server) -> Iterator[Production]:
    """Make the databases of three cities; their virtual hosts come with the test's broker."""
    databases = {
        city: {owner: create_database(postgresql.url, f"{owner}_{city}") for owner in OWNERS}
        for city in NAMES
    }
    server = rabbitmq.url.rstrip("/")
    vhosts = {city: f"{server}/{city}" for city in NAMES}
    try:
        yield Production(vhosts, databases, {"rabbitmq": rabbitmq, "postgresql": postgresql})
    finally:
        for city in NAMES:
            for url in databases[city].values():
                drop_database(postgresql.url, url)


@dataclass
class Alliance:
    """Three running cities; each can be crashed and started again."""

    sandbox: Sandbox
    runtime: Runtime
    home: Path
    processes: dict[tuple[str, str], Process] = field(default_factory=dict)
    newcomers: dict[str, Iterator[str]] = field(default_factory=dict)
    at_home_twice: Iterator[str] = field(default_factory=lambda: iter(()))
    indebted: Iterator[str] = field(default_factory=lambda: iter(()))
    cities: tuple[str, ...] = tuple(NAMES)  # those that run
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def world(self) -> World:
        return self.sandbox.world

    def newcomer(self, home: str) -> App:
        """Give a scored resident whom no test has seen yet a signed-in app."""
        return self._app(home, next(self.newcomers[home]))

    def newcomer_with_a_fact(self) -> App:
        """Give a resident of Fuzhou whose score one fact lowers a signed-in app."""
        return self._app(FUZHOU, next(self.indebted))

    def newcomer_of_two_cities(self, *homes: str) -> list[App]:
        """Give one resident who has a score in each of these cities an app signed in at each."""
        civil_id = next(self.at_home_twice)
        return [self._app(home, civil_id) for home in homes]

    def newcomer_token(self, home: str) -> str:
        """Give a scored resident whom no test has seen yet a token of the identity provider."""
        return self._token(home, next(self.newcomers[home]))

    def _app(self, home: str, civil_id: str) -> App:
        return App(self.world.door(home, self._token(home, civil_id)))

    def _token(self, home: str, civil_id: str) -> str:
        access = self.world.cities[home]
        return access.identity.resident_token(civil_id, access.url)

    def start(self) -> None:
        for city in self.cities:
            self.start_city(city)
        for city in self.cities:
            self.wait_until_ready(city)

    def start_city(self, city: str) -> None:
        for name in self.runtime.commands(self.sandbox.settings[city]):
            self.start_process(city, name)

    def start_process(self, city: str, name: str) -> None:
        command = self.runtime.commands(self.sandbox.settings[city])[name]
        home = self.home / city / name
        home.mkdir(parents=True, exist_ok=True)
        facts = self.sandbox.settings[city].with_name("facts.csv")
        environment = IN_A_HURRY | PLENTY | self.runtime.environment(city) | self.environment
        environment |= self._tapped()
        if facts.exists():
            environment |= {"HUXIN_FACTS_FILE": str(facts)}
        self.processes[city, name] = Process([HUXIN, *command], home=home, env=environment)

    def _tapped(self) -> dict[str, str]:
        """Let every process write down what it publishes."""
        self.recording.mkdir(exist_ok=True)
        return {"PYTHONPATH": str(TAP), "HUXIN_TAP": str(self.recording)}

    @property
    def recording(self) -> Path:
        """Where what went over the buses is written down, one JSON object a line."""
        return self.home / "recording"

    def wait_until_ready(self, city: str) -> None:
        for process in self.processes_of(city):
            process.wait_until(lambda: self.is_ready(city), seconds=READY_SECONDS)

    def is_ready(self, city: str) -> bool:
        url = self.world.cities[city].url + "/health/ready"
        try:
            return requests.get(url, timeout=30).status_code == 200
        except requests.RequestException:
            return False

    def processes_of(self, city: str) -> list[Process]:
        return [process for (code, _name), process in self.processes.items() if code == city]

    def kill(self, city: str) -> None:
        """Crash every process of a city at once."""
        for process in self.processes_of(city):
            process.ask(signal.SIGKILL)
        for process in self.processes_of(city):
            process.end(signal.SIGKILL)

    def kill_process(self, city: str, name: str) -> None:
        """Crash one process of a city."""
        self.processes[city, name].end(signal.SIGKILL)

    def restart(self, city: str) -> None:
        self.start_city(city)
        self.wait_until_ready(city)

    def stop(self) -> None:
        for process in self.processes.values():
            process.ask(signal.SIGTERM)
        for process in self.processes.values():
            process.end(signal.SIGTERM)

    def logs(self, *cities: str) -> str:
        """Return everything the nodes, or those of some cities, logged."""
        chosen = [p for city in cities or self.cities for p in self.processes_of(city)]
        return "\n".join(process.log.read_text() for process in chosen)


@contextmanager
def running(
    runtime: Runtime,
    directory: Path,
    cities: tuple[str, ...] = tuple(NAMES),
    environment: Mapping[str, str] | None = None,
) -> Iterator[Alliance]:
    """Run three cities, or some of them, in a new directory."""
    urls = {code: f"http://127.0.0.1:{free_port()}" for code in NAMES}
    sandbox = make_sandbox(directory / "cities", urls, utc_now())
    alliance = Alliance(sandbox, runtime, directory / "processes")
    alliance.cities, alliance.environment = cities, environment or {}
    for number, city in enumerate(NAMES):
        civil_ids = [synthetic_civil_id(1000 * (number + 1) + n) for n in range(NEWCOMERS)]
        score(sandbox.settings[city].with_name("scores.csv"), civil_ids, SCORES[city])
        alliance.newcomers[city] = iter(civil_ids)
    at_home_twice = [synthetic_civil_id(AT_HOME_TWICE + n) for n in range(NEWCOMERS // 10)]
    for city in (FUZHOU, ZHENGZHOU):
        score(sandbox.settings[city].with_name("scores.csv"), at_home_twice, SCORES[city])
    alliance.at_home_twice = iter(at_home_twice)
    indebted = [synthetic_civil_id(INDEBTED + n) for n in range(NEWCOMERS // 10)]
    home = sandbox.settings[FUZHOU]
    score(home.with_name("scores.csv"), indebted, INDEBTED_SCORE)
    burden(home.with_name("facts.csv"), indebted)
    alliance.indebted = iter(indebted)
    try:
        alliance.start()
        yield alliance
    finally:
        alliance.stop()


def score(file: Path, civil_ids: list[str], score: str) -> None:
    """Add scored residents to a city's score file."""
    as_of = (utc_now() - timedelta(days=1)).isoformat()
    with file.open("a", newline="", encoding="utf-8") as table:
        csv.writer(table).writerows((civil_id, score, as_of) for civil_id in civil_ids)


def burden(file: Path, civil_ids: list[str]) -> None:
    """Add to a city's file of facts: one for each resident, that may be repaired at once."""
    day = (utc_now() - timedelta(days=10)).date().isoformat()
    with file.open("a", newline="", encoding="utf-8") as table:
        rows = csv.writer(table)
        for number, civil_id in enumerate(civil_ids):
            document = f"test-document-{number}"
            rows.writerow((civil_id, f"fact-{number}", "item", "minor", document, day, POINTS))
