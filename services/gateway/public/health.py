"""Whether the process is alive and can work, and how it does."""

import time
from collections.abc import Iterator
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import prometheus_client
from sqlalchemy import Engine, select

from contracts.errors import ContractError, Unavailable
from contracts.http import Health, HealthReport, PartHealth
from contracts.recognition import ShowStatusList
from contracts.scenarios import ShowGrant
from services.gateway.adapters.roster import AdoptedRoster, Roster
from services.gateway.authentication.callers import Anyone
from services.gateway.calls import Bus, Call, Content
from services.gateway.json_text import to_json
from services.gateway.places import Crowded
from services.plumbing.clock import Clock
from services.plumbing.database import AWAY

REMEMBERED_SECONDS: Final = 1.0
"""A report is given again for so long, so that asking often costs the services nothing."""

_NOBODY: Final = ShowGrant(
    grant_id=UUID("6f1f8a54-5b0e-4c39-9a3e-2f6d1b7c0e11"), holder="nobody-0000000000"
)
_UNCACHED: Final = {"Cache-Control": "no-store"}


class HealthChecks:
    """Ready means: database, roster and both services answer just now."""

    def __init__(
        self, engine: Engine, bus: Bus, roster: Roster, roster_file: Path, clock: Clock
    ) -> None:
        self._engine, self._bus, self._clock = engine, bus, clock
        self._roster, self._roster_file = roster, roster_file
        self._last: tuple[float, HealthReport] | None = None

    def show_liveness(self, call: Call[Anyone, None]) -> HealthReport:
        return HealthReport(state=Health.READY)

    def show_readiness(self, call: Call[Anyone, None]) -> Content:
        report = self._report()
        status = None if report.state is Health.READY else HTTPStatus.SERVICE_UNAVAILABLE
        return Content(to_json(report), status, _UNCACHED)

    def show_metrics(self, call: Call[Anyone, None]) -> Content:
        return Content(prometheus_client.generate_latest(), headers=_UNCACHED)

    def _report(self) -> HealthReport:
        now = time.monotonic()
        if self._last is None or now - self._last[0] > REMEMBERED_SECONDS:
            parts = tuple(self._parts())
            ready = all(part.state is Health.READY for part in parts)
            state = Health.READY if ready else Health.NOT_READY
            self._last = (time.monotonic(), HealthReport(state=state, parts=parts))
        return self._last[1]

    def _parts(self) -> Iterator[PartHealth]:
        yield from self._database_and_roster()
        yield self._service("recognition", ShowStatusList(list=0))
        yield self._service("scenarios", _NOBODY)

    def _database_and_roster(self) -> Iterator[PartHealth]:
        try:
            with self._engine.connect() as connection:
                connection.execute(select(1))
            adopted = self._roster.adopted()
        except AWAY:
            yield _not_ready("database", "it does not answer")
            return
        yield PartHealth(part="database", state=Health.READY)
        if adopted is None:
            yield _not_ready("roster", "none was adopted yet")
        else:
            # Whatever became of it, holders withdraw and operators redeem: no reason to stop.
            reasons = (_why_over(adopted, self._clock()), _why_not_read(self._roster_file))
            reason = "; ".join(filter(None, reasons))
            yield PartHealth(part="roster", state=Health.READY, reason=reason)

    def _service(self, name: str, question: Any) -> PartHealth:
        """Ask something harmless; a no is as good as a yes, only silence is not.

        Without a key this city still takes withdrawals and grants incentives, so it stays ready;
        but it attests nothing, and somebody has to be told.
        """
        reason = ""
        try:
            self._bus.call(question)
        except Crowded:
            reason = "it answers, but has more callers than it can serve; some are turned away"
        except Unavailable as error:
            return _not_ready(name, error.detail or "it does not answer over the bus")
        except ContractError as error:
            if error.code == "key_not_usable":
                reason = str(error)
        return PartHealth(part=name, state=Health.READY, reason=reason)


def _why_over(adopted: AdoptedRoster, now: datetime) -> str:
    if adopted.grace_until is not None and now >= adopted.grace_until:
        return "it is over, and so is its grace: no other city is believed; renew it"
    if now >= adopted.valid_until:
        return "it is over; renew it"
    return ""


def _why_not_read(file: Path) -> str:
    try:
        with file.open("rb"):
            return ""
    except OSError as error:
        return f"{file.name} cannot be read ({type(error).__name__}); the version adopted serves on"


def _not_ready(part: str, reason: str) -> PartHealth:
    return PartHealth(part=part, state=Health.NOT_READY, reason=reason)
