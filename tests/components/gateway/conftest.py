"""A gateway of its own for each test."""

import pytest

from services.plumbing.database import close_database
from tests.builders.gateway import a_door


@pytest.fixture
def door(tmp_path):
    door = a_door(tmp_path)
    yield door
    close_database(door.settings.gateway_database)
