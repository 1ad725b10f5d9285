"""Substitution and screening over HTTP: a deposit, a trust code, a report, a tender, a vetting."""

from datetime import timedelta
from uuid import uuid4

import pytest

from services.cli.demo.world import HANGZHOU
from services.plumbing.clock import utc_now
from tests.e2e.people import open_shop, until, visit

pytestmark = pytest.mark.scenarios

FIRM = {"type": "organisation", "organisation": "91350100M000100Y43"}
LAW = {
    "title": "拖欠农民工工资失信联合惩戒对象名单管理暂行办法",
    "article": "第五条",
    "in_force_from": "2022-01-01",
}


def text(moment):
    return moment.isoformat().replace("+00:00", "Z")


class Bureau:
    """The city's official, one operator with one scenario, and items of their own."""

    def __init__(self, alliance, kind):
        self.official = alliance.world.administrator(HANGZHOU)
        self.operator = open_shop(alliance).operator.door
        self.scenario_id = f"{kind}-{uuid4().hex[:12]}"
        names = {"name": "场景", "name_en": "A scenario", "kind": kind}
        scenario = {**names, "category": "government_service"}
        assert self.operator.put(f"/v1/scenarios/{self.scenario_id}", scenario).ok

    def item(self, evidence_class, document, **more):
        item_id = f"item-{uuid4().hex[:12]}"
        body = {
            "name": "目录项",
            "name_en": "An item",
            "evidence_class": evidence_class,
            "basis": LAW,
            "subjects": ["holder", "organisation"],
            "documents": [document],
            "live_from": "2024-01-01T00:00:00Z",
            "keeps_months": 36,
            **more,
        }
        answer = self.official.put(f"/v1/evidence-items/{item_id}", body)
        assert answer.ok, answer
        return item_id

    def enter(self, item_id, document, subject=FIRM, **content):
        day = (utc_now() - timedelta(days=30)).date().isoformat()
        said = {"type": document, "number": f"杭{uuid4()}号", "issuer": "杭州市某局"}
        body = {"item_id": item_id, "subject": subject, "document": {**said, "issued_on": day}}
        path = f"/v1/administration/evidence/{uuid4()}"
        answer = self.official.put(path, {**body, "content": content})
        assert answer.ok, answer
        return answer["evidence_id"]

    def cover(self, item_id):
        now = utc_now()
        span = {"since": text(now - timedelta(days=2000)), "until": text(now)}
        path = f"/v1/administration/evidence-items/{item_id}/coverage"
        answer = self.official.put(path, span)
        assert answer.ok, answer

    def rule(self, kind, **terms):
        rule_id = f"rule-{uuid4().hex[:12]}"
        body = {"scenario_id": self.scenario_id, "title": "规则", "title_en": "A rule", **terms}
        registered = self.official.put(f"/v1/{kind}-rules/{rule_id}", body)
        if registered.ok:
            return self.official.put(f"/v1/{kind}-rules/{rule_id}/activation")
        return registered


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


def holder_of(alliance, visitor):
    """Return how this city knows a visitor; their app is told, and may tell an operator."""
    entered = visitor.app.enter(alliance.world.door(HANGZHOU), visitor.credential)
    return entered["recognition"]["holder"]
