"""Three cities as processes, on the embedded runtime or on RabbitMQ, PostgreSQL and granian."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import requests

from services.cli.demo.world import World
from services.cli.parts import PARTS
from services.cli.sandbox import NAMES, Sandbox, make_sandbox
from services.plumbing.clock import utc_now
from tests.servers.postgresql import create_database, drop_database
from tests.servers.process import Process, free_port

HUXIN = Path(sys.executable).with_name("huxin")
READY_SECONDS = 90
OWNERS = sorted({part.owner for part in PARTS.values()})


class Runtime(Protocol):
    """What differs between the runtimes: which processes a city is, and on what they run."""

    def commands(self, settings: Path) -> dict[str, list[str]]: ...

    def environment(self, city: str) -> dict[str, str]: ...


class Embedded:
    """One process per city: in-process bus, SQLite, eventlet's WSGI server."""

    def commands(self, settings: Path) -> dict[str, list[str]]:
        return {"node": ["up", "--settings", str(settings)]}

    def environment(self, city: str) -> dict[str, str]:
        return {}


@dataclass(frozen=True)
class Production:
    """One process per part: a virtual host of RabbitMQ per city, a database per service."""

    vhosts: dict[str, str]
    databases: dict[str, dict[str, str]]

    def commands(self, settings: Path) -> dict[str, list[str]]:
        return {
            part: ["run", part, "--settings", str(settings)] for part in [*PARTS, "gateway"]
        }

    def environment(self, city: str) -> dict[str, str]:
        databases = {
            f"HUXIN_{owner.upper()}_DATABASE": url for owner, url in self.databases[city].items()
        }
        return {"HUXIN_BUS_URL": self.vhosts[city], **databases}


@contextmanager
def production(rabbitmq_url: str, postgresql_url: str) -> Iterator[Production]:
    """Make the databases of three cities; their virtual hosts come with the test's broker."""
    databases = {
        city: {owner: create_database(postgresql_url, f"{owner}_{city}") for owner in OWNERS}
        for city in NAMES
    }
    server = rabbitmq_url.rstrip("/")
    vhosts = {city: f"{server}/{city}" for city in NAMES}
    try:
        yield Production(vhosts, databases)
    finally:
        for city in NAMES:
            for url in databases[city].values():
                drop_database(postgresql_url, url)


@dataclass
class Alliance:
    """Three running cities; each process can be killed and started again."""

    sandbox: Sandbox
    runtime: Runtime
    home: Path
    processes: dict[tuple[str, str], Process] = field(default_factory=dict)

    @property
    def world(self) -> World:
        return self.sandbox.world

    def start(self) -> None:
        for city in NAMES:
            for name in self.runtime.commands(self.sandbox.settings[city]):
                self.start_process(city, name)
        self.wait_until_ready()

    def start_process(self, city: str, name: str) -> None:
        home = self.home / city / name
        home.mkdir(parents=True, exist_ok=True)
        command = self.runtime.commands(self.sandbox.settings[city])[name]
        self.processes[city, name] = Process(
            [HUXIN, *command], home=home, env=self.runtime.environment(city)
        )

    def wait_until_ready(self) -> None:
        for city in NAMES:
            for (code, _name), process in self.processes.items():
                if code == city:
                    process.wait_until(lambda city=city: self.is_ready(city), seconds=READY_SECONDS)

    def is_ready(self, city: str) -> bool:
        url = self.world.cities[city].url + "/health/ready"
        try:
            return requests.get(url, timeout=5).status_code == 200
        except requests.RequestException:
            return False

    def kill(self, city: str) -> None:
        """Crash every process of a city."""
        for (code, _name), process in self.processes.items():
            if code == city:
                process.end(signal.SIGKILL)

    def restart(self, city: str) -> None:
        for name in self.runtime.commands(self.sandbox.settings[city]):
            self.start_process(city, name)
        self.wait_until_ready()

    def stop(self) -> None:
        for process in self.processes.values():
            process.ask(signal.SIGTERM)
        for process in self.processes.values():
            process.end(signal.SIGTERM)

    def logs(self) -> str:
        """Return everything the nodes logged."""
        return "\n".join(process.log.read_text() for process in self.processes.values())


@contextmanager
def running(runtime: Runtime, directory: Path) -> Iterator[Alliance]:
    """Run three cities in a new directory."""
    urls = {code: f"http://127.0.0.1:{free_port()}" for code in NAMES}
    alliance = Alliance(
        make_sandbox(directory / "cities", urls, utc_now()), runtime, directory / "processes"
    )
    try:
        alliance.start()
        yield alliance
    finally:
        alliance.stop()


