"""Substitution and screening over HTTP: a deposit, a trust code, a report, a tender, a vetting."""

from datetime import timedelta
from uuid import uuid4

import pytest

from services.cli.demo.world import HANGZHOU
from services.plumbing.clock import utc_now
from tests.e2e.bureau import FIRM, LAW, Bureau, holder_of, text
from tests.e2e.people import until, visit

pytestmark = pytest.mark.scenarios


def test_a_deposit_is_replaced_and_called_back_with_notice(alliance):
    bureau = Bureau(alliance, "substitution")
    rating = bureau.item("rating", "rating_notice", grades=["AA", "A", "B"])
    rule = bureau.rule(
        "substitution",
        requires=[{"item": rating, "accepts": ["AA", "A"]}],
        wants_commitment=True,
        replaces_fen=140_000_000,
        by="insurance",
    )
    letter = {
        "document_number": "承诺1号",
        "digest": "ab" * 32,
        "signed_at": text(utc_now() - timedelta(days=1)),
    }
    asked = {"scenario_id": bureau.scenario_id, "subject": FIRM, "commitment": letter}
    evidence_id = bureau.enter(rating, "rating_notice", grade="AA")

    path = f"/v1/substitutions/{uuid4()}"
    opened = bureau.operator.put(path, asked)
    bureau.official.put(f"/v1/evidence/{evidence_id}/annulment", {"reason": "document_revoked"})

    assert rule["state"] == "active"
    assert (opened["state"], opened["replaces_fen"]) == ("open", 140_000_000)
    called = until(
        lambda answer: answer["state"] == "called_back", lambda: bureau.operator.get(path)
    )
    assert called["notice_until"] > text(utc_now() + timedelta(days=29))
    assert [check["shortfall"] for check in called["checks"]] == ["missing", None]
    declined = bureau.operator.put(f"/v1/substitutions/{uuid4()}", asked)
    assert declined["state"] == "declined"


def test_a_tender_check_answers_fact_basis_and_expiry_and_leaves_a_trace(alliance):
    bureau = Bureau(alliance, "screening")
    listed = bureau.item("serious_list", "list_decision")
    bureau.cover(listed)
    path = f"/v1/screenings/{uuid4()}"
    asked = {"scenario_id": bureau.scenario_id, "subject": FIRM, "why": "小额项目118"}

    before = bureau.operator.put(path, asked)
    bureau.rule("screening", lists=[listed], legal_basis=LAW)
    clear = bureau.operator.put(f"/v1/screenings/{uuid4()}", asked)
    bureau.enter(listed, "list_decision")
    found = bureau.operator.put(f"/v1/screenings/{uuid4()}", asked)

    assert before["state"] == "no_rule_in_force"
    assert bureau.operator.put(path, asked) == before
    assert clear["state"] == "not_listed"
    assert (found["state"], found["legal_basis"]["article"]) == ("listed", "第五条")
    assert found["facts"][0]["until"]
    seen = bureau.official.post("/v1/administration/screenings", {"subject": FIRM})
    assert "小额项目118" in {entry["why"] for entry in seen["entries"]}


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ({"legal_basis": None}, "legal_basis_missing"),
        ({"legal_basis": {**LAW, "in_force_until": "2024-01-01"}}, "legal_basis_missing"),
        ({"minimum_tier": 3}, "score_not_allowed"),
        ({"conditions": {"expression": "tier >= 4"}}, "score_not_allowed"),
        ({"lists": ["qianjiang-score"]}, "score_not_allowed"),
    ],
)
def test_a_screening_rule_without_law_or_with_a_score_is_refused(alliance, terms, code):
    bureau = Bureau(alliance, "screening")
    listed = bureau.item("serious_list", "list_decision")

    refused = bureau.rule("screening", **{"lists": [listed], "legal_basis": LAW, **terms})

    assert (refused.status, refused.code) == (422, code)


def test_an_incentive_cannot_be_offered_where_screening_is_done(alliance):
    bureau = Bureau(alliance, "screening")
    offer = {
        "scenario_id": bureau.scenario_id,
        "title": "权益",
        "title_en": "A benefit",
        "benefit": {"type": "voucher", "face_fen": 100},
        "minimum_tier": 3,
        "per_holder": {"count": 1, "period": "day"},
    }

    refused = bureau.operator.put(f"/v1/incentives/{bureau.scenario_id}", offer)

    assert refused.code == "wrong_kind"


def test_a_holder_sees_a_finding_and_objects_before_it_has_effect(alliance):
    bureau = Bureau(alliance, "screening")
    listed = bureau.item("serious_list", "list_decision")
    bureau.cover(listed)
    bureau.rule("screening", lists=[listed], legal_basis=LAW)
    visitor = visit(alliance)
    holder = holder_of(alliance, visitor)
    bureau.enter(listed, "list_decision", {"type": "holder", "holder": holder})
    path = f"/v1/vettings/{uuid4()}"
    asked = {"scenario_id": bureau.scenario_id, "holder": holder}

    proposed = bureau.operator.put(path, asked)
    served = bureau.operator.put(f"{path}/notice")
    [own] = visitor.door.get("/v1/session/vettings")["vettings"]
    objected = visitor.door.put(f"/v1/session{path[3:]}/objection", {"objection": "已撤销"})
    decided = bureau.official.put(f"{path}/decision", {"outcome": "dropped"})

    assert (proposed["state"], served["state"], own["state"]) == (
        "proposed",
        "notified",
        "notified",
    )
    assert (objected["state"], decided["state"]) == ("objected", "dropped")
    assert bureau.operator.get(path)["state"] == "dropped"


def test_a_housekeepers_code_is_computed_when_it_is_shown(alliance):
    bureau = Bureau(alliance, "substitution")
    items = [bureau.item("voluntary", "certificate") for _ in range(3)]
    bureau.rule("substitution", requires=[{"item": item} for item in items])
    visitor = visit(alliance)
    subject = {"type": "holder", "holder": holder_of(alliance, visitor)}
    hired = {"scenario_id": bureau.scenario_id}
    employment = f"/v1/session/employments/{uuid4()}"
    assert visitor.door.put(employment, hired).ok

    yellow = visitor.door.get("/v1/session/trust-code")
    for item in items:
        bureau.enter(item, "certificate", subject)
    green = visitor.door.get("/v1/session/trust-code")
    checked = alliance.world.door(HANGZHOU).post("/v1/trust-codes/check", {"code": green["code"]})

    assert (yellow["colour"], len(yellow["missing"])) == ("yellow", 3)
    assert (green["colour"], green["missing"]) == ("green", [])
    assert (checked["colour"], checked["employer"]) == ("green", "一家店")
    twice = visitor.door.put(f"/v1/session/employments/{uuid4()}", hired)
    assert twice.code == "employed_elsewhere"
    assert visitor.door.delete(employment)["state"] == "ended"


def test_a_special_report_says_what_is_covered_and_what_is_not(alliance):
    bureau = Bureau(alliance, "substitution")
    known, unknown = (bureau.item("administrative", "penalty_decision") for _ in range(2))
    bureau.cover(known)
    bureau.enter(known, "penalty_decision")
    fields = [f"field-{uuid4().hex[:8]}" for _ in range(2)]
    for name, item in zip(fields, (known, unknown), strict=True):
        terms = {"title": "市场监管", "title_en": "Market", "items": [item]}
        assert bureau.official.put(f"/v1/report-fields/{name}", terms).ok
    path = f"/v1/special-reports/{uuid4()}"
    asked = {
        "scenario_id": bureau.scenario_id,
        "organisation": FIRM["organisation"],
        "fields": fields,
    }

    report = bureau.operator.put(path, asked)
    page = bureau.operator.get(f"{path}/page")

    first, second = report["content"]["lines"]
    assert first["spans"][-1]["facts"]
    assert {span["state"] for span in first["spans"]} == {"facts", "no_record"}
    assert {span["state"] for span in second["spans"]} == {"not_covered"}
    assert report["signed"].count(".") == 2
    assert "未覆盖，不代表没有记录" in page.body
