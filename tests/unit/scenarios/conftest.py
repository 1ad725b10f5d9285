"""What every test of scenarios' handlers starts from."""

import pytest

from tests.fakes.scenarios import FakeUnitOfWork


@pytest.fixture
def uow():
    return FakeUnitOfWork()
