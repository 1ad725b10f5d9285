"""Bring a database to a service's newest schema, by alembic, from code.

A service keeps `migrations/versions/*.py` in its package; everything else is here.
"""

from importlib import resources
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, MetaData

from services.plumbing.locks import hold
from services.plumbing.message_tables import message_tables


def upgrade(engine: Engine, package: str) -> None:
    """Upgrade to head.  Safe to repeat, and in several processes at a time: one goes first."""
    config = configure(package)
    with hold(engine, "migrations"), engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def configure(package: str) -> Config:
    """Return alembic's configuration for the migrations of `package`, such as services.gateway."""
    config = Config()
    versions = Path(str(resources.files(package))) / "migrations" / "versions"
    for name, value in (
        ("script_location", Path(__file__).parent / "alembic"),
        ("version_locations", versions),
        ("path_separator", "newline"),
    ):
        config.set_main_option(name, str(value).replace("%", "%%"))
    return config


def create_message_tables(op: Any) -> None:
    """Create outbox, inbox and parked, in the first migration of a service; pass alembic's `op`."""
    metadata = MetaData()
    message_tables(metadata)
    metadata.create_all(op.get_bind())
