"""The storages the promises of ports.py are tested on: the fake, and SQL on an SQLite file."""

from contextlib import contextmanager

from services.plumbing.clock import utc_now
from services.plumbing.database import close_database, open_database
from services.scenarios.adapters.tables import metadata
from services.scenarios.adapters.unit_of_work import make_unit_of_work
from tests.fakes.scenarios import FakeUnitOfWork


@contextmanager
def fake(_directory):
    yield FakeUnitOfWork()


@contextmanager
def sqlite(directory):
    url = f"sqlite:///{directory}/scenarios.db"
    engine = open_database(url)
    metadata.create_all(engine)
    yield make_unit_of_work(engine, utc_now, None, lambda: None)
    close_database(url)
