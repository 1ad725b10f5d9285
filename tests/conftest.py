"""Servers for every kind of test; each starts only when a test asks for it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import HealthCheck, settings

from tests.servers.process import Server

# A test is not slow because its machine is.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


# What commands say is compared in English, whatever the developer's own language is.
os.environ["HUXIN_LANG"] = "en"


def pytest_configure(config: pytest.Config) -> None:
    """Drop pytest-socket unless it is asked for: after each test it would undo eventlet's patch."""
    plugin = config.pluginmanager.get_plugin("socket")
    if plugin is not None and not config.getoption("--disable-socket"):
        config.pluginmanager.unregister(plugin)


@contextmanager
def running(server: Server) -> Iterator[Server]:
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def rabbitmq() -> Iterator[Server]:
    """Share one RabbitMQ node; crash tests start their own, others name their queues uniquely."""
    from tests.servers.rabbitmq import start  # noqa: PLC0415  unit tests never load the client

    with running(start()) as server:
        yield server


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """Share one PostgreSQL cluster; crash tests start their own, others make own databases."""
    from tests.servers.postgresql import start  # noqa: PLC0415  unit tests never load the client

    with running(start()) as server:
        yield server
