"""Every service's migrations: from nothing to head, again, and by two processes at once."""

import subprocess
import sys

import pytest
from sqlalchemy import inspect

from services.plumbing.database import close_database, open_database
from services.plumbing.message_tables import MESSAGES
from services.plumbing.migrate import upgrade
from tests.servers import postgresql as postgresql_server

PACKAGES = ("services.recognition", "services.scenarios", "services.gateway")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def url(request, tmp_path):
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/test.db"
        yield url
        close_database(url)
    else:
        server = request.getfixturevalue("postgresql").url
        url = postgresql_server.create_database(server, "migrations")
        yield url
        close_database(url)
        postgresql_server.drop_database(server, url)


@pytest.mark.parametrize("package", PACKAGES)
def test_a_migrated_database_has_the_message_tables_as_declared(url, package):
    engine = open_database(url)

    upgrade(engine, package)
    upgrade(engine, package)

    found = inspect(engine)
    for table in (MESSAGES.outbox, MESSAGES.inbox, MESSAGES.parked):
        columns = [column["name"] for column in found.get_columns(table.name)]
        assert columns == [column.name for column in table.columns]


def test_processes_that_start_together_migrate_once(url):
    program = (
        "import sys; from services.plumbing.migrate import upgrade; "
        "from services.plumbing.database import open_database; "
        "upgrade(open_database(sys.argv[1]), sys.argv[2])"
    )
    command = [sys.executable, "-c", program, url, PACKAGES[0]]

    started = [subprocess.Popen(command) for _ in range(3)]

    assert [process.wait(240) for process in started] == [0, 0, 0]
