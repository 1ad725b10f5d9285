"""A city's official with evidence and rules of their own, and an operator who works by them."""

from datetime import timedelta
from uuid import uuid4

from services.cli.demo.world import HANGZHOU
from services.plumbing.clock import utc_now
from tests.e2e.people import open_shop

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


def holder_of(alliance, visitor):
    """Return how this city knows a visitor; their app is told, and may tell an operator."""
    entered = visitor.app.enter(alliance.world.door(HANGZHOU), visitor.credential)
    return entered["recognition"]["holder"]
