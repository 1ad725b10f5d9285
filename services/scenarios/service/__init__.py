"""Scenarios on the bus: every method hands its message to one handler."""

from typing import Any

from nameko.extensions import DependencyProvider

from services.plumbing.providers import ClockProvider, SettingsProvider, UnitOfWorkProvider
from services.plumbing.relay import OutboxRelay
from services.scenarios.adapters.pass_keys import PassKeys, read_pass_keys
from services.scenarios.adapters.unit_of_work import make_unit_of_work
from services.scenarios.service.evidence import EvidenceEntrypoints
from services.scenarios.service.grants import GrantEntrypoints
from services.scenarios.service.incentives import IncentiveEntrypoints
from services.scenarios.service.rules import ScreeningEntrypoints
from services.scenarios.service.settlements import SettlementEntrypoints


class PassesProvider(DependencyProvider):
    """Gives the keys of passes, read once at the start."""

    def setup(self) -> None:
        settings = self.container.config["huxin"]["settings"]
        self._passes = read_pass_keys(settings.keys_directory, settings.city)

    def get_dependency(self, worker_ctx: Any) -> PassKeys:
        return self._passes


class ScenariosService(
    IncentiveEntrypoints,
    GrantEntrypoints,
    EvidenceEntrypoints,
    ScreeningEntrypoints,
    SettlementEntrypoints,
):
    """The catalogue, grants, evidence, rules that see no score, and settlements."""

    name = "scenarios"
    queue = "scenarios.events"
    linger = 0.04  # seconds

    uow = UnitOfWorkProvider(make_unit_of_work)
    settings = SettingsProvider()
    clock = ClockProvider()
    passes = PassesProvider()
    relay = OutboxRelay()
