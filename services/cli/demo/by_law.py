"""A chapter of the story without any score: a deposit that is replaced, and a tender check by law.

An organisation is named by its code (GB 32100); this one is check-valid and no real one's.
"""

from datetime import timedelta
from typing import Any, Final
from uuid import uuid4

from services.cli.demo.http import Answer, Door
from services.cli.demo.operator import Operator
from services.cli.demo.script import Script, eventually, summary
from services.cli.demo.world import HANGZHOU, World
from services.plumbing.clock import utc_now

AGENCY: Final = {"type": "organisation", "organisation": "91350100M000100Y43"}
DEPOSIT: Final = "hz-travel-agency-deposit"
TENDER: Final = "hz-tender-credit-check"
RATING, ARREARS = "hz-travel-rating", "hz-wage-arrears-list"
RATING_LAW: Final = {
    "title": "关于推进旅行社“信用+质保金”模式的通知",
    "article": "第三条",
    "in_force_from": "2024-01-01",
}
ARREARS_LAW: Final = {
    "title": "拖欠农民工工资失信联合惩戒对象名单管理暂行办法",
    "article": "第五条",
    "in_force_from": "2022-01-01",
}


def replace_a_deposit_and_check_a_tender(script: Script, world: World) -> None:
    """Play the chapter at Hangzhou; it leaves nothing that other chapters need."""
    script.chapter("十二、不看信用分的场景", "12. Scenarios that see no score")
    official = world.administrator(HANGZHOU)
    _publish_items(script, official)
    _replace_a_deposit(script, world, official)
    _check_a_tender(script, world, official)


def _publish_items(script: Script, official: Door) -> None:
    common = {"subjects": ["organisation"], "live_from": "2024-01-01T00:00:00Z"}
    rating = {
        "name": "旅行社信用评价",
        "name_en": "Rating of travel agencies",
        "evidence_class": "rating",
        "documents": ["rating_notice"],
        "basis": RATING_LAW,
        "grades": ["AAA", "AA", "A", "B"],
        "keeps_months": 12,
    }
    arrears = {
        "name": "拖欠农民工工资失信联合惩戒对象名单",
        "name_en": "List of employers who withhold wages",
        "evidence_class": "serious_list",
        "documents": ["list_decision"],
        "basis": ARREARS_LAW,
        "keeps_months": 36,
    }
    answers = [
        official.put(f"/v1/evidence-items/{item}", {**common, **terms})
        for item, terms in ((RATING, rating), (ARREARS, arrears))
    ]
    script.expect(
        "信用信息目录列入两项，各有法律依据",
        "The evidence catalogue has two items, each with its law",
        held=all(answer.ok for answer in answers),
        seen=", ".join(str(answer["name"]) if answer.ok else summary(answer) for answer in answers),
    )


def _replace_a_deposit(script: Script, world: World, official: Door) -> None:
    operator = _admit(world, official, DEPOSIT, "旅游质保机构", "substitution")
    rule = {
        "scenario_id": DEPOSIT,
        "title": "旅行社质保金以信用替代",
        "title_en": "A travel agency's deposit is replaced by credit",
        "requires": [{"item": RATING, "accepts": ["AAA", "AA", "A"]}],
        "barred_by": [ARREARS],
        "wants_commitment": True,
        "replaces_fen": 140_000_000,
        "by": "insurance",
        "notice_days": 30,
    }
    rule_id = f"{DEPOSIT}-{uuid4().hex[:6]}"
    official.put(f"/v1/substitution-rules/{rule_id}", rule)
    script.succeeds(
        "市信用办启用“信用+质保金”规则（工作要点 36 项）",
        "The city puts the rule of the deposit into force (work plan item 36)",
        official.put(f"/v1/substitution-rules/{rule_id}/activation"),
    )
    evidence_id = _enter(official, RATING, "rating_notice", "杭文旅评", {"grade": "AA"})
    signed_at = (utc_now() - timedelta(days=1)).isoformat()
    letter = {"document_number": "承诺2026-31", "digest": "ab" * 32, "signed_at": signed_at}
    path = f"/v1/substitutions/{uuid4()}"
    opened = operator.door.put(
        path, {"scenario_id": DEPOSIT, "subject": AGENCY, "commitment": letter}
    )
    script.expect(
        "评价 AA 且签有承诺：140 万元质保金改为保险",
        "Rated AA, and committed: insurance takes the place of 1.4 million yuan",
        held=opened.ok and opened["state"] == "open",
        seen=f"{opened['state']}, {opened['replaces_fen'] // 100} 元" if opened.ok else "",
    )
    official.put(f"/v1/evidence/{evidence_id}/annulment", {"reason": "document_revoked"})
    called, seconds = eventually(
        lambda: operator.door.get(path), lambda answer: bool(answer.body.get("notice_until"))
    )
    script.expect(
        "评价被撤销：收回，但先给三十日通知",
        "The rating is revoked: it is called back, with thirty days' notice",
        held=called.ok and called["state"] == "called_back",
        seen=f"{called['state']} {called['notice_until']}, {seconds * 1000:.0f} ms"
        if called.ok
        else summary(called),
    )


def _check_a_tender(script: Script, world: World, official: Door) -> None:
    operator = _admit(world, official, TENDER, "公共资源交易中心", "screening")
    rule = {
        "scenario_id": TENDER,
        "title": "小额交易招投标欠薪名单核查",
        "title_en": "Small tenders: check of the wage-arrears list",
        "lists": [ARREARS],
    }
    path = f"/v1/screening-rules/{TENDER}-{uuid4().hex[:6]}"
    script.refused(
        "没有法律依据的筛查规则：拒绝登记",
        "A screening rule without a law is refused",
        official.put(path, rule),
        "legal_basis_missing",
    )
    script.refused(
        "以信用等级为条件的筛查规则：拒绝登记",
        "A screening rule that asks for a tier is refused",
        official.put(path, {**rule, "legal_basis": ARREARS_LAW, "minimum_tier": 3}),
        "score_not_allowed",
    )
    official.put(path, {**rule, "legal_basis": ARREARS_LAW})
    script.succeeds(
        "有法律依据的规则启用（工作要点 11、12 项）",
        "With its law the rule is put into force (work plan items 11 and 12)",
        official.put(f"{path}/activation"),
    )
    asked = {"scenario_id": TENDER, "subject": AGENCY, "why": "小额项目 2026-118 投标人核查"}
    unknown = operator.door.put(f"/v1/screenings/{uuid4()}", asked)
    script.expect(
        "无来源覆盖：答复“未覆盖”，而不是“没有”",
        "No source covers the list: the answer is “not covered”, never “none”",
        held=unknown.ok and unknown["state"] == "not_covered",
        seen=unknown["state"] if unknown.ok else summary(unknown),
    )
    _enter(official, ARREARS, "list_decision", "杭人社列", {})
    listed = operator.door.put(f"/v1/screenings/{uuid4()}", asked)
    script.expect(
        "查到一条：事实、依据、到期日，别无其他",
        "One entry is found: the fact, its basis, its expiry, and nothing else",
        held=listed.ok and listed["state"] == "listed",
        seen=_told(listed),
    )
    seen = official.post("/v1/administration/screenings", {"subject": AGENCY})
    script.expect(
        "谁查询、为何查询，均有记录",
        "Who looked, and what for, is on record",
        held=seen.ok and asked["why"] in {entry["why"] for entry in seen["entries"]},
        seen=f"{len(seen['entries'])} × {asked['why']}" if seen.ok else summary(seen),
    )


def _admit(world: World, official: Door, scenario_id: str, name: str, kind: str) -> Operator:
    """Admit an operator with one scenario, both under one id."""
    names = {"name": name, "name_en": scenario_id}
    admitted = official.put(f"/v1/operators/{scenario_id}", names)
    client = admitted["client_id"], admitted["client_secret"]
    operator = Operator(world.cities[HANGZHOU].url, scenario_id, *client)
    scenario = {**names, "category": "government_service", "kind": kind}
    operator.door.put(f"/v1/scenarios/{scenario_id}", scenario)
    return operator


def _enter(official: Door, item: str, document: str, prefix: str, content: dict[str, Any]) -> str:
    """Enter evidence about the agency by a document of last month; return its id."""
    evidence_id = str(uuid4())
    said = {
        "type": document,
        "number": f"{prefix}〔2026〕{evidence_id[:4]}号",
        "issuer": "杭州市主管部门",
        "issued_on": (utc_now() - timedelta(days=30)).date().isoformat(),
    }
    body = {"item_id": item, "subject": AGENCY, "document": said, "content": content}
    official.put(f"/v1/administration/evidence/{evidence_id}", body)
    return evidence_id


def _told(answer: Answer) -> str:
    if not answer.ok or not answer["facts"]:
        return summary(answer)
    fact, law = answer["facts"][0], answer["legal_basis"]
    return f"{fact['document_number']}; {law['title']}{law['article']}; → {fact['until'][:10]}"
