"""`huxin tallies check` finds each number that is not what the grants say, and puts it right."""

import json

import pytest
from sqlalchemy import update
from typer.testing import CliRunner

from contracts.rules import Quota
from contracts.words import Period
from services.cli.commands import app
from services.plumbing.clock import utc_now
from services.plumbing.database import close_database, open_database
from services.plumbing.migrate import upgrade
from services.scenarios.adapters.tables import counters, tallies
from services.scenarios.adapters.unit_of_work import make_unit_of_work
from tests.builders.scenarios import HANGZHOU, HOLDER, TEN_YUAN, a_grant

pytestmark = pytest.mark.scenarios


@pytest.fixture
def database(tmp_path, monkeypatch):
    url = f"sqlite:///{tmp_path}/scenarios.db"
    monkeypatch.setenv("HUXIN_SCENARIOS_DATABASE", url)
    monkeypatch.setenv("HUXIN_CITY", HANGZHOU)
    monkeypatch.setenv("HUXIN_KEYS_DIRECTORY", str(tmp_path))
    engine = open_database(url)
    upgrade(engine, "services.scenarios")
    uow = make_unit_of_work(engine, utc_now, None, lambda: None)
    a_grant(uow, benefit=TEN_YUAN, quotas=(Quota(period=Period.DAY, fen=5000),))
    yield engine
    close_database(url)


def check(*options):
    return CliRunner().invoke(app, ["tallies", "check", *options])


def spoil(database, table, **values):
    with database.begin() as connection:
        connection.execute(update(table).values(values))


@pytest.mark.usefixtures("database")
def test_numbers_that_agree_are_not_complained_of():
    result = check()

    assert (result.exit_code, result.output) == (0, "0 numbers differ from the grants\n")


def test_each_number_that_differs_is_named_and_no_holder(database):
    spoil(database, tallies, issued=3, open=3)
    spoil(database, counters, held=2)

    result = check("--json")

    found = [json.loads(line) for line in result.output.splitlines()]
    assert result.exit_code == 1
    assert {(each["where"], each["number"], each["stored"], each["counted"]) for each in found} == {
        ("tally", "issued", 3, 1),
        ("tally", "open", 3, 1),
        ("2026-11-24", "held", 2, 0),
        ("2026-11 a holder", "held", 2, 0),
    }
    assert HOLDER not in result.output


def test_what_differs_is_put_right_from_the_grants(database):
    spoil(database, tallies, issued=3, open=3, reserved_fen=0)
    spoil(database, counters, reserved_fen=7)

    repaired, again = check("--repair"), check()

    assert repaired.exit_code == 1
    assert "5 numbers differ from the grants, and put right" in repaired.output
    assert (again.exit_code, again.output) == (0, "0 numbers differ from the grants\n")
