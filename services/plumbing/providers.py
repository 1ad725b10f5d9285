"""What a service class asks for: its settings, the clock, units of work.

A container's config carries `huxin`: settings, clock, database_url and, rarely, others (runner.py).
"""

from collections.abc import Callable
from typing import Any

from nameko.containers import WorkerContext
from nameko.extensions import DependencyProvider
from sqlalchemy import Engine

from services.plumbing.clock import Clock
from services.plumbing.database import open_database
from services.plumbing.signals import outbox_signal
from services.plumbing.unit_of_work import MessageContext, SqlUnitOfWork

MESSAGE = "message"  # where the worker's context keeps its MessageContext

MakeUnitOfWork = Callable[[Engine, Clock, MessageContext | None, Callable[[], None]], SqlUnitOfWork]


class SettingsProvider(DependencyProvider):
    """Gives the service's settings object."""

    def get_dependency(self, worker_ctx: WorkerContext) -> Any:
        return worker_ctx.config["huxin"]["settings"]


class ClockProvider(DependencyProvider):
    """Gives the clock."""

    def get_dependency(self, worker_ctx: WorkerContext) -> Clock:
        clock: Clock = worker_ctx.config["huxin"]["clock"]
        return clock


class DatabaseProvider(DependencyProvider):
    """Gives the engine of the service's database, for what is no transaction of a message."""

    def get_dependency(self, worker_ctx: WorkerContext) -> Engine:
        return open_database(worker_ctx.config["huxin"]["database_url"])


class UnitOfWorkProvider(DependencyProvider):
    """Gives each message its own unit of work, made by `make(engine, clock, message, wake)`."""

    def __init__(self, make: MakeUnitOfWork) -> None:
        self._make = make

    def setup(self) -> None:
        self._clock: Clock = self.container.config["huxin"]["clock"]
        self._engine = open_database(self.container.config["huxin"]["database_url"])

    def get_dependency(self, worker_ctx: WorkerContext) -> SqlUnitOfWork:
        message = worker_ctx.data.get(MESSAGE)
        return self._make(self._engine, self._clock, message, outbox_signal(self._engine).wake)
