"""The gateway answers what its OpenAPI document says, whatever it is asked (schemathesis).

By its name the last to use these cities: what it leaves behind would surprise other tests.
"""

import pytest

from contracts.routes import ROUTES
from contracts.routes.route import Audience
from services.cli.demo.world import FUZHOU
from tests.e2e.conftest import EMBEDDED
from tests.fuzz.callers import open_up
from tests.fuzz.lived_in import watched
from tests.fuzz.refusals import BY_RULE, unexplained
from tests.fuzz.run import SAME_TERMS, SERVED, fuzz

pytestmark = pytest.mark.gateway
BOUNDED = ("--seed", "1", "--generation-deterministic")


@pytest.mark.parametrize("alliance", [EMBEDDED], indirect=True)
def test_the_gateway_answers_as_its_document_says(alliance, tmp_path):
    with watched(alliance) as left:
        open_up(alliance, FUZHOU)

    ended = fuzz(alliance, FUZHOU, left[FUZHOU], tmp_path, *BOUNDED, people=6, quick=True)

    assert ended.returncode == 0, ended.stdout
    assert set((tmp_path / SERVED).read_text().split()) == set(Audience)


def test_only_operations_that_there_are_have_rules_of_their_own():
    ids = {route.operation_id for route in ROUTES}

    assert set().union(*BY_RULE.values()) <= ids
    assert set(SAME_TERMS) <= ids


def test_a_rule_excuses_its_fields_and_no_others():
    wrong = [{"field": "refusal", "message": "."}, {"field": "outcome", "message": "."}]

    assert unexplained("decide_repair", {"code": "malformed", "errors": wrong}) == ["outcome"]
    assert unexplained("decide_repair", {"code": "malformed", "errors": []}) == ["malformed"]
