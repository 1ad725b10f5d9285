"""`huxin explain` and `huxin replay` on a node's own database."""

import json
from uuid import uuid4

import pytest
from sqlalchemy import update

from services.cli.parts import PARTS, migrate
from services.plumbing.clock import utc_now
from services.plumbing.database import open_database
from services.plumbing.settings import read_values
from services.scenarios.adapters.decisions_tables import decisions
from services.scenarios.adapters.unit_of_work import make_unit_of_work
from tests.builders.explanations import EVIDENCE
from tests.builders.scenarios import HOLDER, STRANGER, a_holder, an_offer, issue
from tests.unit.scenarios.test_replay_decisions import decided

pytestmark = pytest.mark.scenarios


@pytest.fixture
def engine(settings):
    values = read_values(settings, {})
    migrate(PARTS["scenarios"], values)
    return open_database(values["scenarios_database"])


@pytest.fixture
def uow(engine):
    return make_unit_of_work(engine, utc_now, None, lambda: None)


@pytest.fixture
def refusal(uow):
    an_offer(uow, minimum_tier=5)
    return decided(uow, a_holder(uow, evidence=EVIDENCE))


def test_a_decision_is_explained_for_people(huxin, settings, refusal):
    said = huxin("explain", refusal.id, "--settings", settings)

    assert said.exit_code == 0
    for text in (
        "refused  tier_below_minimum",
        "The tier is below what the incentive asks.",
        "Tier 5 or higher is asked; it is 4.",
        "incentive late-return version 1",
        "home 350100, key fuzhou-2026",
        "status 90 s old",
        "crosswalk 2 + 350100-330100-transport 1",
        "See which other incentives there are.",
    ):
        assert text in said.output, text
    assert HOLDER not in said.output


def test_a_decision_is_explained_for_programs_by_its_document(huxin, settings, refusal):
    said = huxin("explain", refusal.id, "--settings", settings, "--json")

    assert said.output.strip() == refusal.document
    assert json.loads(said.output)["reason"] == "tier_below_minimum"


def test_every_decision_of_an_id_is_explained(huxin, settings, uow, refusal):
    decided(uow, a_holder(uow, holder=STRANGER), grant_id=refusal.id)

    said = huxin("explain", refusal.id, "--settings", settings, "--json")

    assert len(said.output.strip().splitlines()) == 2


@pytest.mark.parametrize("command", ["explain", "replay"])
@pytest.mark.usefixtures("engine")
def test_a_decision_that_is_not_on_record_is_named(huxin, settings, command):
    unknown = uuid4()

    said = huxin(command, unknown, "--settings", settings)

    assert said.exit_code == 1
    assert f"no decision {unknown} is on record" in said.stderr
    assert "Traceback" not in said.output


def test_a_decision_comes_out_the_same(huxin, settings, refusal):
    said = huxin("replay", refusal.id, "--settings", settings)
    told = huxin("replay", refusal.id, "--settings", settings, "--json")

    assert (said.exit_code, said.output) == (0, "the same\n")
    assert (told.exit_code, json.loads(told.output)) == (0, [])


def test_what_differs_is_named_and_ends_in_1(huxin, settings, engine, uow):
    an_offer(uow)
    grant = issue(uow, a_holder(uow))
    with uow:
        document = uow.decisions.of_holder(grant.grant_id, HOLDER).document
    changed = json.dumps({**json.loads(document), "rule_version": 9})
    with engine.begin() as connection:
        connection.execute(update(decisions).values(document=changed))

    said = huxin("replay", grant.grant_id, "--settings", settings)

    assert said.exit_code == 1
    assert "rule: on record late-return version 9; now gone" in said.output
    assert "record: on record" in said.output
