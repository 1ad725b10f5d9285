"""Integration tests run on eventlet, as the services do: patch before anything else is imported."""
# ruff: noqa: E402  what is patched must be patched first

from services.plumbing.green import patch

patch()

import uuid
from collections.abc import Iterator

import pytest

from services.plumbing.broker.transport import forget
from tests.integration.bus import Bus


@pytest.fixture(
    scope="module", params=["inprocess", pytest.param("rabbitmq", marks=pytest.mark.rabbitmq)]
)
def broker_url(request) -> Iterator[str]:
    """Address each kind of broker in turn; both must do the same."""
    if request.param == "rabbitmq":
        yield request.getfixturevalue("rabbitmq").url
    else:
        name = uuid.uuid4().hex
        yield f"inprocess://localhost/{name}"
        forget(name)


@pytest.fixture
def bus(broker_url) -> Iterator[Bus]:
    client = Bus(broker_url)
    yield client
    client.close()
