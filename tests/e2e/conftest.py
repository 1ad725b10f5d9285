"""One alliance per runtime for the whole run; a test that crashes something starts it again."""

from collections.abc import Iterator

import pytest

from services.cli.sandbox import NAMES
from tests.conftest import running as serving
from tests.e2e.runtimes import Alliance, Embedded, production, running
from tests.servers import postgresql, rabbitmq

EMBEDDED, PRODUCTION = "embedded", "production"
SERVERS = [pytest.mark.rabbitmq, pytest.mark.postgresql]
RUNTIMES = [EMBEDDED, pytest.param(PRODUCTION, marks=SERVERS)]


@pytest.fixture(scope="session", params=RUNTIMES)
def alliance(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Alliance]:
    directory = tmp_path_factory.mktemp(request.param)
    if request.param == EMBEDDED:
        with running(Embedded(), directory) as cities:
            yield cities
        return
    with (
        serving(postgresql.start()) as server,
        serving(rabbitmq.start(tuple(NAMES))) as broker,
        production(broker, server) as runtime,
        running(runtime, directory) as cities,
    ):
        yield cities
