"""A gateway of its own for each test."""

import pytest

from services.plumbing.database import close_database
from tests.builders.gateway import a_door


@pytest.fixture
def settings():
    """Name the settings in which a module's gateways differ from the others."""
    return {}


@pytest.fixture
def door(tmp_path, settings):
    door = a_door(tmp_path, **settings)
    yield door
    close_database(door.settings.gateway_database)
