"""What every test of recognition's handlers starts from."""

import pytest

from tests.fakes.recognition import FakeUnitOfWork


@pytest.fixture
def uow():
    return FakeUnitOfWork()
