"""The parts of a node: which service class each runs, on which settings and database."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from prometheus_client import start_http_server

from huxin_client.shell.language import spoken
from services.cli.process import ProcessSettings
from services.cli.running import running
from services.gateway.courier.service import CourierService
from services.gateway.eligibility.service import EligibilityService
from services.gateway.settings import GatewaySettings
from services.plumbing.database import open_database
from services.plumbing.log import configure_logs
from services.plumbing.migrate import upgrade
from services.plumbing.runner import Services, container_config, run_forever
from services.plumbing.settings import BadSetting, load_settings, read_values
from services.recognition.service import RecognitionService
from services.recognition.settings import RecognitionSettings
from services.scenarios.service import ScenariosService
from services.scenarios.settings import ScenariosSettings


@dataclass(frozen=True)
class Part:
    """A nameko service, the settings it reads, and whose schema its database has."""

    service: type
    settings: type
    owner: str

    @property
    def package(self) -> str:
        return f"services.{self.owner}"

    def database_url(self, values: Mapping[str, str]) -> str:
        settings: Any = load_settings(self.settings, values)
        url: str = getattr(settings, f"{self.owner}_database")
        return url


PARTS: Final[dict[str, Part]] = {
    "recognition": Part(RecognitionService, RecognitionSettings, "recognition"),
    "scenarios": Part(ScenariosService, ScenariosSettings, "scenarios"),
    "eligibility": Part(EligibilityService, GatewaySettings, "gateway"),
    "courier": Part(CourierService, GatewaySettings, "gateway"),
}


def database_urls(values: Mapping[str, str]) -> list[str]:
    """Return the databases of a node."""
    return list(dict.fromkeys(part.database_url(values) for part in PARTS.values()))


def migrate(part: Part, values: Mapping[str, str]) -> None:
    """Bring the part's database to its newest schema.  Safe to repeat and to run at once."""
    upgrade(open_database(part.database_url(values)), part.package)


def add_part(services: Services, part: Part, values: Mapping[str, str]) -> None:
    """Prepare a part's database and add its service."""
    migrate(part, values)
    config = container_config(
        bus_url=values["bus_url"],
        settings=load_settings(part.settings, values),
        database_url=part.database_url(values),
    )
    services.add(part.service, config)


def run_part(name: str, file: Path | None, metrics_port: int | None) -> None:
    """Run one part in this process until SIGTERM or SIGINT; raise what is wrong with settings."""
    if name not in PARTS:
        known = ", ".join([*PARTS, "gateway"])
        raise BadSetting(
            {"part": spoken(f"one of {known}, not {name}", f"须为 {known} 之一，而不是 {name}")}
        )
    values = read_values(file, os.environ)
    load_settings(PARTS[name].settings, values)
    configure_logs(load_settings(ProcessSettings, values).log_level, sys.stdout)
    with running([PARTS[name].database_url(values)], alone=False):
        services = Services()
        add_part(services, PARTS[name], values)
        if metrics_port is not None:
            start_http_server(metrics_port)
        run_forever(services)
