"""Rules at the edge: what asks for a score, or has no law, goes no further; operators are told."""

import json
from datetime import date
from uuid import uuid4

import pytest

from contracts import vettings
from contracts.evidence import LegalBasis
from contracts.screening import RegisterScreeningRule, ScreeningRuleRecord
from contracts.special_reports import ShowSpecialReport
from contracts.states import RuleState, SubstitutionState, VettingState
from contracts.substitutions import SubstitutionChanged
from services.gateway.adapters.webhooks import Webhooks
from services.gateway.courier import deliveries, intake
from services.gateway.courier.deliveries import Kind
from tests.builders.special_reports import a_report
from tests.fakes.gateway import FakeClock

pytestmark = pytest.mark.gateway

NOW = FakeClock.START
LAW = {"title": "暂行办法", "article": "第五条", "in_force_from": "2022-01-01"}
RULE = {
    "scenario_id": "tenders",
    "title": "核查",
    "title_en": "A check",
    "lists": ["wage-arrears-list"],
    "legal_basis": LAW,
}
DEPOSIT = {
    "scenario_id": "deposits",
    "title": "替代",
    "title_en": "Replaced",
    "requires": [{"item": "credit-rating"}],
}


def put(door, path, body):
    return door.ask("PUT", path, door.administrator(), json=body)


def test_a_screening_rule_reaches_the_service_with_its_law(door):
    record = ScreeningRuleRecord(
        rule_id="check",
        scenario_id="tenders",
        title="核查",
        title_en="A check",
        lists=("wage-arrears-list",),
        legal_basis=LegalBasis(**{**LAW, "in_force_from": date(2022, 1, 1)}),
        state=RuleState.REGISTERED,
    )
    door.bus.answer(RegisterScreeningRule, record)

    answer = put(door, "/v1/screening-rules/check", RULE)

    [sent] = door.bus.sent
    assert (answer.status_code, answer.json["state"]) == (200, "registered")
    assert sent.legal_basis == record.legal_basis


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("/v1/screening-rules/check", {**RULE, "minimum_tier": 3}, "score_not_allowed"),
        (
            "/v1/screening-rules/check",
            {**RULE, "conditions": {"expression": "tier >= 4"}},
            "score_not_allowed",
        ),
        ("/v1/screening-rules/check", {**RULE, "legal_basis": None}, "legal_basis_missing"),
        ("/v1/substitution-rules/deposit", {**DEPOSIT, "minimum_tier": 3}, "score_not_allowed"),
        ("/v1/substitution-rules/deposit", {**DEPOSIT, "conditions": {}}, "score_not_allowed"),
    ],
)
def test_what_asks_for_a_score_or_has_no_law_goes_no_further(door, path, body, code):
    answer = put(door, path, body)

    assert (answer.status_code, answer.json["code"]) == (422, code)
    assert door.bus.sent == []


def test_a_score_under_any_other_name_is_no_field_of_a_rule(door):
    answer = put(door, "/v1/screening-rules/check", {**RULE, "score": 600})

    assert (answer.status_code, answer.json["code"]) == (400, "malformed")


def test_an_operator_is_told_of_a_call_back_and_not_of_whom(door):
    event = SubstitutionChanged(
        substitution_id=uuid4(),
        scenario_id="deposits",
        operator_id="hz-travel-deposits",
        rule_id="deposit-2026",
        state=SubstitutionState.CALLED_BACK,
        missing=("credit-rating",),
        replaces_fen=140_000_000,
        changed_at=NOW,
        notice_until=NOW.replace(month=12),
    )
    Webhooks(door.engine).put(event.operator_id, "https://agency.example/hook")

    with door.engine.begin() as connection:
        for _ in range(2):
            intake.take_rule_event(connection, event, id=event.substitution_id, now=NOW)
        unheard = VETTING_CHANGED
        intake.take_rule_event(connection, unheard, id=unheard.vetting_id, now=NOW)

    destination = (Kind.WEBHOOK, event.operator_id)
    [delivery] = deliveries.due(door.engine, destination, now=NOW, limit=5)
    body = json.loads(delivery.body)
    assert (body["type"], body["data"]["state"]) == ("substitution.changed", "called_back")
    assert body["timestamp"] == body["data"]["changed_at"]
    assert "subject" not in delivery.body
    assert deliveries.waited_for(door.engine) == [destination]


VETTING_CHANGED = vettings.VettingChanged(
    vetting_id=uuid4(),
    scenario_id="points",
    operator_id="nobody-who-listens",
    state=VettingState.EFFECTIVE,
    changed_at=NOW,
)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh", ["专项信用报告", "所覆盖来源中无记录", "本期未全部覆盖", "无信息来源", "本市"]),
        ("en", ["Special credit report", "no record in the sources", "not all of this period"]),
    ],
)
def test_a_report_is_a_page_in_either_language(door, language, said):
    report = a_report()
    door.bus.answer(ShowSpecialReport, report)
    path = f"/v1/special-reports/{report.content.report_id}/page"

    answer = door.ask("GET", path, door.operator(), headers={"Accept-Language": language})

    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert all(text in answer.text for text in said)
    assert '<span lang="zh">某局' in answer.text
    assert "罚&lt;1&gt;号" in answer.text
