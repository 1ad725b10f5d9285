"""Settlements and statements over HTTP: who sees what, as JSON or CSV."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from contracts.counters import PlanCounters, ShowPlanCounters
from contracts.settlements import CloseSettlement, ListSettlementLines, SettlementLine
from contracts.settlements import SettlementLines as Lines
from contracts.statements import (
    DrawOperatorStatement,
    OperatorLine,
    OperatorStatement,
)
from contracts.words import Funding, PlanCounter, Titles, UsageFact
from services.gateway.exports import BOM, csv_text, harmless
from services.gateway.public.counters import CounterRow

pytestmark = pytest.mark.gateway

AT = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)
LINES = "/v1/settlements/2026-11/cities/350100/lines"


def a_line(number):
    return SettlementLine(
        line_id=UUID(int=number),
        grant_id=UUID(int=100 + number),
        attestation_id=UUID(int=5),
        incentive_id="late-return",
        fact=UsageFact.REDEEMED,
        value_fen=500,
        at=AT,
        funding=Funding.HOME_CITY,
        host="330100",
        home="350100",
        period="2026-11",
    )


def a_statement():
    line = OperatorLine(
        line_id=UUID(int=1),
        grant_id=UUID(int=2),
        incentive_id="late-return",
        fact="redeemed",
        value_fen=500,
        at=AT,
        funding=Funding.HOST_CITY,
    )
    return OperatorStatement(
        period="2026-11", operator_id="bikes", due_fen=500, borne_fen=0, sums=(), lines=(line,)
    )


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_a_text_that_looks_like_a_formula_is_quoted(text):
    assert harmless(text) == f"'{text}"


def test_numbers_and_other_texts_stand_as_they_are():
    assert [harmless(value) for value in (-5, None, "late-return")] == [-5, None, "late-return"]


def test_csv_has_titles_in_chinese_and_a_mark_for_excel_on_request():
    text = csv_text(SettlementLine, [a_line(1)], titles=Titles.ZH, bom=True)

    assert text.startswith(f"{BOM}明细编号,权益编号")
    assert text.endswith("\r\n")


@pytest.mark.parametrize(("titles", "row"), [(Titles.ZH, ",是"), (Titles.EN, ",yes")])
def test_csv_says_yes_and_no_in_the_language_of_its_titles(titles, row):
    cities = CounterRow(
        counter=PlanCounter.CITIES_ONLINE,
        title="上线站点城市",
        title_en="Cities online",
        label="",
        value=15,
        of=None,
        target=15,
        reached=True,
    )

    head, said = csv_text(CounterRow, [cities], titles=titles).splitlines()

    assert said.endswith(row)
    assert head.isascii() is (titles is Titles.EN)
    assert titles is Titles.EN or not any(each.isascii() for each in head.split(","))


def test_an_official_reads_lines_as_csv_and_is_led_to_the_next_page(door):
    door.bus.answer(ListSettlementLines, Lines(lines=(a_line(1), a_line(2))))

    response = door.ask("GET", f"{LINES}?format=csv&limit=2", door.administrator())

    assert response.headers["content-type"].startswith("text/csv")
    assert len(response.text.splitlines()) == 3
    assert f"after={UUID(int=2)}" in response.headers["link"]


def test_an_accept_header_asks_for_csv_as_well(door):
    door.bus.answer(ListSettlementLines, Lines(lines=(a_line(1),)))

    response = door.ask("GET", LINES, door.administrator(), headers={"Accept": "text/csv"})

    assert response.text.startswith("line_id,grant_id,")
    assert "link" not in response.headers


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("text/csv, */*;q=0.1", "text/csv"),
        ("application/json;q=0.5, text/csv", "text/csv"),
        ("text/csv;q=0.5, application/json", "application/json"),
        ("*/*", "application/json"),
        ("application/vnd.ms-excel", "application/json"),
        ("text/", "application/json"),
    ],
)
def test_who_would_rather_have_json_gets_it(door, accept, kind):
    door.bus.answer(ListSettlementLines, Lines(lines=(a_line(1),)))

    response = door.ask("GET", LINES, door.administrator(), headers={"Accept": accept})

    assert response.headers["content-type"].partition(";")[0] == kind


def test_a_cache_gives_json_to_nobody_who_asks_for_csv(door):
    counted = PlanCounters(as_of="2026-11-04", counters=(), districts=(), rounded_to=10)
    door.bus.answer(ShowPlanCounters, counted)

    kept = door.ask("GET", "/v1/counters")
    other = door.ask("GET", "/v1/counters", headers={"Accept": "text/csv"})

    assert kept.headers["cache-control"].startswith("public")
    assert (kept.headers["vary"], other.headers["vary"]) == ("Accept", "Accept")


def test_an_operator_reads_its_own_statement(door):
    door.bus.answer(DrawOperatorStatement, a_statement())

    response = door.ask("GET", "/v1/own-statements/2026-11", door.operator())

    [asked] = [each for each in door.bus.sent if type(each) is DrawOperatorStatement]
    assert response.json["due_fen"] == 500
    assert (asked.period, asked.after) == ("2026-11", None)
    assert not {"home", "attestation_id", "holder"} & response.json["lines"][0].keys()


def test_closing_names_city_and_month(door):
    door.ask("PUT", "/v1/settlements/2026-11/cities/350100/closing", door.administrator())

    assert CloseSettlement(period="2026-11", city="350100") in door.bus.sent
