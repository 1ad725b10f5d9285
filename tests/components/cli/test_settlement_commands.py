"""`huxin settlement`: a month is drawn, closed and exported from this city's own records."""

import csv
import json

import pytest

from contracts.words import Titles
from services.cli.settlement import commands
from services.cli.settlement.commands import open_scenarios
from tests.builders.scenarios import FUZHOU, HANGZHOU
from tests.builders.settlements import a_line, book

pytestmark = pytest.mark.scenarios

ROAD = ("--period", "2025-10", "--city", HANGZHOU)


@pytest.fixture
def lines(settings):
    """Two lines of Fuzhou's residents in Hangzhou, a year ago."""
    uow, own = open_scenarios(settings)
    assert own.city == FUZHOU
    booked = [a_line(number) for number in (1, 2)]
    booked = [
        type(line)(**{**vars(line), "at": line.at.replace(year=2025, month=10)}) for line in booked
    ]
    book(uow, *booked)
    return booked


@pytest.mark.usefixtures("lines")
def test_a_month_is_drawn_with_what_is_owed(huxin, settings):
    shown = huxin("settlement", "draw", "--period", "2025-10", "--settings", settings).stdout

    assert "open" in shown
    assert "-1000" in shown


def test_a_closed_month_is_exported_as_csv(huxin, settings, lines, tmp_path):
    file = tmp_path / "october.csv"
    closed = huxin("settlement", "close", *ROAD, "--settings", settings)

    huxin(
        *("settlement", "export", *ROAD, "--settings", settings),
        *("--format", "csv", "--out", file, "--titles", Titles.ZH, "--bom"),
    )

    assert "closed" in closed.stdout
    rows = list(csv.reader(file.read_text(encoding="utf-8-sig").splitlines()))
    assert rows[0][0] == "明细编号"
    assert {row[0] for row in rows[1:]} == {str(line.id) for line in lines}


@pytest.mark.usefixtures("lines")
def test_a_month_is_exported_as_json(huxin, settings):
    said = huxin("settlement", "export", *ROAD, "--format", "json", "--settings", settings).stdout

    assert json.loads(said)["net_fen"] == -1000
    assert len(json.loads(said)["rows"]) == 2


def test_a_month_of_many_pages_is_exported_whole(huxin, settings, lines, monkeypatch):
    monkeypatch.setattr(commands, "PAGE", 1)

    said = huxin("settlement", "export", *ROAD, "--format", "json", "--settings", settings).stdout

    assert {row["line_id"] for row in json.loads(said)["rows"]} == {str(each.id) for each in lines}


@pytest.mark.usefixtures("lines")
def test_a_month_that_is_not_closed_is_not_compared(huxin, settings):
    result = huxin("settlement", "compare", *ROAD, "--settings", settings)

    assert result.exit_code == 1


def test_a_city_that_does_not_exist_is_named(huxin, settings):
    for word in ("close", "draw"):
        asked = ("settlement", word, "--period", "2025-10", "--city", "999999")
        result = huxin(*asked, "--settings", settings)

        assert (result.exit_code, "not_found: city 999999" in result.stderr) == (1, True)


def test_that_there_are_no_lines_with_any_city_is_said(huxin, settings):
    shown = huxin("settlement", "draw", "--period", "2025-10", "--settings", settings).stdout

    assert "no lines with any city" in shown


def test_what_is_no_month_is_told_the_form(huxin, settings):
    result = huxin("settlement", "draw", "--period", "2026-13", "--settings", settings)

    assert "Not a month (YYYY-MM)." in result.stderr


def test_a_month_that_lasts_is_not_closed(huxin, settings):
    result = huxin(
        *("settlement", "close", "--period", "2099-01", "--city", HANGZHOU),
        *("--settings", settings),
    )

    assert (result.exit_code, "period_not_over" in result.stderr) == (1, True)
    assert "  The month is not over yet.\n" in result.stderr
