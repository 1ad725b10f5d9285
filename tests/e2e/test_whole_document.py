"""The gateway answers what its OpenAPI document says, whatever it is asked (schemathesis).

By its name the last to use these cities: what it leaves behind would surprise other tests.
"""

import pytest

from tests.e2e.conftest import EMBEDDED
from tests.fuzz.run import fuzz

pytestmark = pytest.mark.gateway
BOUNDED = ("--seed", "1", "--generation-deterministic")


@pytest.mark.parametrize("alliance", [EMBEDDED], indirect=True)
def test_the_gateway_answers_as_its_document_says(alliance, tmp_path):
    ended = fuzz(alliance, tmp_path, *BOUNDED, people=6, quick=True)

    assert ended.returncode == 0, ended.stdout
