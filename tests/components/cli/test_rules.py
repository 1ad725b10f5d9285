"""`huxin rules`: a condition is checked with its place, terms are tried without a node."""

import json

import pytest
from typer.testing import CliRunner

from services.cli.commands import app

pytestmark = pytest.mark.scenarios

TERMS = {
    "scenario_id": "rides",
    "title": "延时还车",
    "title_en": "Return late",
    "benefit": {"type": "rental_extension", "minutes": 30},
    "minimum_tier": 3,
    "per_holder": {"count": 1, "period": "day"},
}


def rules(*arguments):
    return CliRunner().invoke(app, ["rules", *map(str, arguments)])


def a_file(tmp_path, **terms):
    path = tmp_path / "late-return.json"
    path.write_text(json.dumps({**TERMS, **terms}, ensure_ascii=False), encoding="utf-8")
    return path


def test_a_condition_that_can_be_taken_says_what_it_asks_for():
    done = rules("check", "tier >= 4 && hour < 12")

    assert (done.exit_code, done.stdout) == (0, "asks for: hour tier\n")


def test_a_condition_that_cannot_be_taken_is_shown_with_its_place():
    done = rules("check", "tier >= '4'")

    assert done.exit_code == 1
    assert done.stdout == "tier >= '4'\n     ^\n"
    assert "line 1, column 6: Both sides of >= have to be alike" in done.stderr


def test_terms_of_a_file_are_tried_on_every_tier_and_home(tmp_path):
    path = a_file(tmp_path, conditions={"home_cities": ["350100"]})

    done = rules("try", path, "--home", "350100", "--home", "410100", "--json")

    told = json.loads(done.stdout)
    assert done.exit_code == 0, done.stderr
    refusals = {
        (each["sample"]["home"], each["sample"]["tier"]): each["refusal"]
        for each in told["outcomes"]
    }
    assert refusals["350100", 3] is None
    assert refusals["350100", 2] == "tier_below_minimum"
    assert refusals["410100", 5] == "home_not_covered"


def test_doubtful_terms_are_told_and_end_with_one(tmp_path):
    done = rules("try", a_file(tmp_path, conditions={"expression": "hour > 23"}))

    assert done.exit_code == 1
    assert "condition_not_met" in done.stdout
    assert "? expression: no sample ever meets this condition" in done.stdout


def test_a_file_with_a_wrong_field_names_it(tmp_path):
    done = rules("try", a_file(tmp_path, minimum_tier=9))

    assert done.exit_code == 1
    assert "minimum_tier: " in done.stderr


def test_a_file_that_is_no_json_says_so(tmp_path):
    path = tmp_path / "draft.json"
    path.write_text("{", encoding="utf-8")

    done = rules("try", path)

    assert done.exit_code == 1
    assert "huxin: " in done.stderr
