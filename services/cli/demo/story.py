"""The first ride: a Fuzhou score earns minutes in Hangzhou (ARCHITECTURE.md, the numbered flow).

Everything happens over HTTP, as an app, an operator or a partner city would do it.
"""

from datetime import datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from services.cli.demo import catalogue
from services.cli.demo.app import visible_claims
from services.cli.demo.by_law import replace_a_deposit_and_check_a_tender
from services.cli.demo.catalogue import FREE_RIDE, LATE_RETURN, LESSONS, OPENING_DAY, SPORTS
from services.cli.demo.consenting import read_the_text
from services.cli.demo.drills import contest_a_fact, lose_a_home
from services.cli.demo.http import Answer
from services.cli.demo.operator import Operator, WebhookReceiver, accept
from services.cli.demo.partner import PartnerCity
from services.cli.demo.script import Script, eventually, summary
from services.cli.demo.settling import settle
from services.cli.demo.visitor import Visitor, taken
from services.cli.demo.world import FUZHOU, HANGZHOU, ZHENGZHOU, Nodes, World

RIDE_PURPOSES = ["transport", "sports", "driving_school"]
CHENS_TIER = 4  # 780 of 茉莉分 is 优秀


class Story:
    """Plays the chapters in order; each leaves what the next needs."""

    def __init__(self, world: World, nodes: Nodes, script: Script) -> None:
        self.world = world
        self.nodes = nodes
        self.script = script
        self.hangzhou = world.door(HANGZHOU)
        self.operators: dict[str, Operator] = {}

    def play(self) -> bool:
        """Play it all; true when every expectation held."""
        receiver = WebhookReceiver()
        try:
            self.open_the_catalogue(receiver)
            chen = self.chen_comes_from_fuzhou()
            redeemed = self.a_ride_in_hangzhou(chen, receiver)
            zhou = self.wang_comes_from_zhengzhou()
            self.low_score_no_score()
            if lin := self.enter_hangzhou(
                FUZHOU, "lin", "福州林悦同样获互认", "Lin of Fuzhou, recognised too"
            ):
                contest_a_fact(self.script, self.world, lin)
            self.bad_input()
            self.fuzhou_withdraws(chen, redeemed)
            if zhou:
                lose_a_home(self.script, self.world, self.nodes, zhou)
            self.month_end()
            if guest := self.enter_hangzhou(
                FUZHOU, "lin", "福州林悦再次来到杭州", "Lin of Fuzhou comes again"
            ):
                settle(self.script, self.world, guest, self.operators[catalogue.GYM])
            replace_a_deposit_and_check_a_tender(self.script, self.world)
        finally:
            receiver.close()
        return self.script.verdict()

    # --- chapters

    def open_the_catalogue(self, receiver: WebhookReceiver) -> None:
        self.script.chapter("一、杭州登记场景", "1. Hangzhou registers its scenarios")
        official = self.world.administrator(HANGZHOU)
        admitted = {
            operator_id: official.put(
                f"/v1/operators/{operator_id}", {"name": name, "name_en": name_en}
            )
            for operator_id, (name, name_en) in catalogue.OPERATORS.items()
        }
        self.script.expect(
            "市信用办准入三家运营方",
            "The city admits three operators and gives each its client",
            held=all(answer.ok for answer in admitted.values()),
            seen="; ".join(f"{name}: {summary(answer)}" for name, answer in admitted.items()),
        )
        for operator_id, answer in admitted.items():
            self.operators[operator_id] = Operator(
                self.hangzhou.url, operator_id, answer["client_id"], answer["client_secret"]
            )
        answers = [
            answer
            for operator_id, scenario, incentive in catalogue.OFFERS
            for answer in self.operators[operator_id].register(scenario, incentive)
        ]
        drafts = answers[1::2]
        self.script.expect(
            "运营方登记场景并提交激励措施（工作要点 31、32、33 项）",
            "The operators register scenarios and submit incentives (work plan items 31 to 33)",
            held=all(answer.ok for answer in answers),
            seen=", ".join(str(answer["title"]) for answer in drafts if answer.ok),
        )
        reviewed = [accept(official, draft) for draft in drafts]
        self.script.expect(
            "市信用办逐项审核，通过后发布",
            "The city reviews each; what it accepts is published",
            held=all(answer.ok and answer["state"] == "published" for answer in reviewed),
            seen=", ".join(f"{answer['incentive_id']}: {answer['state']}" for answer in reviewed),
        )
        hook = self.operators[catalogue.BIKES].door.put("/v1/webhook", {"url": receiver.url})
        self.script.succeeds("公共自行车公司接入回调", "The bike operator sets its webhook", hook)
        receiver.secret = hook["secret"]

    def chen_comes_from_fuzhou(self) -> Visitor:
        self.script.chapter("二、福州居民陈晨来到杭州", "2. Chen Chen of Fuzhou comes to Hangzhou")
        app = self.world.app(FUZHOU, "chen")
        self.script.refused(
            "没有授权：福州不出具证明",
            "Without consent Fuzhou attests nothing",
            app.attestation(HANGZHOU),
            "consent_missing",
        )
        app.consent(ZHENGZHOU, ["transport"])
        self.script.refused(
            "只授权郑州：不能用于杭州",
            "Consent for Zhengzhou does not serve Hangzhou",
            app.attestation(HANGZHOU),
            "consent_missing",
        )
        read_the_text(self.script, app, HANGZHOU, RIDE_PURPOSES)
        consent = self.script.succeeds(
            "单独授权杭州：出行、体育、驾培，90 天",
            "Separate consent for Hangzhou: transport, sports, driving school, 90 days",
            app.consent(HANGZHOU, RIDE_PURPOSES),
        )
        issued = self.script.succeeds(
            "福州签发信用分证明", "Fuzhou signs an attestation", app.attestation(HANGZHOU)
        )
        credential = issued["credential"]
        claims = visible_claims(credential)
        person = self.world.people["chen"]
        self.script.expect(
            "证明只有等级，没有分数和证件号",
            "It states band and tier; no score, no ID number",
            held=claims["tier"] == CHENS_TIER
            and "score" not in claims
            and person.civil_id not in credential
            and person.score not in {str(value) for value in claims.values()},
            seen=f"{claims['score_name']} {claims['band']} → tier {claims['tier']}",
        )
        challenge = app.challenge(self.hangzhou)
        presentation = app.presentation(credential, challenge)
        recognised = self.script.succeeds(
            "杭州互认",
            "Hangzhou recognises it",
            app.present(self.hangzhou, challenge, presentation),
        )
        self.script.refused(
            "重放同一出示：拒绝",
            "The same presentation replayed is refused",
            app.present(self.hangzhou, challenge, presentation),
            "challenge_used",
        )
        zhengzhou = self.world.door(ZHENGZHOU)
        self.script.refused(
            "给杭州的证明拿到郑州：拒绝",
            "An attestation for Hangzhou is refused in Zhengzhou",
            app.enter(zhengzhou, credential),
            "wrong_audience",
        )
        door = self.world.door(HANGZHOU, recognised["session"]["token"])
        return Visitor(app, consent["consent_id"], credential, door)

    def a_ride_in_hangzhou(self, chen: Visitor, receiver: WebhookReceiver) -> Answer:
        self.script.chapter("三、小红车延时还", "3. A late return of a public bike")
        plan = {LATE_RETURN, FREE_RIDE, LESSONS, SPORTS}
        offers, _seconds = eventually(  # the read side follows what was published
            lambda: chen.door.get("/v1/eligibility"), lambda answer: taken(answer) >= plan
        )
        self.script.expect(
            "查询可享激励：四项工作要点权益全部可领",
            "Eligibility, from the gateway's own read side: all four plan items",
            held=taken(offers) >= plan,
            seen=", ".join(sorted(taken(offers))) or summary(offers),
        )
        grant = self.script.succeeds(
            "领取 120 分钟延时还", "Chen takes 120 minutes of late return", chen.take(LATE_RETURN)
        )
        bikes = self.operators[catalogue.BIKES]
        redemption_id = uuid4()
        first = bikes.redeem(grant["pass_token"], redemption_id)
        self.script.succeeds(
            "还车时核销权益码",
            "The pass is redeemed at the dock",
            first,
            f"+{first['benefit']['minutes']} min" if first.ok else "",
        )
        again = bikes.redeem(grant["pass_token"], redemption_id)
        self.script.expect(
            "网络重试同一核销：同一答复，只扣一次",
            "The same redemption repeated gets the same answer and counts once",
            held=again.content == first.content,
            seen=summary(again),
        )
        twice = self.script.refused(
            "再次核销同一权益码：按普通条件",
            "The pass redeemed twice: ordinary terms",
            bikes.redeem(grant["pass_token"]),
            "ordinary_terms",
        )
        heard, seconds = eventually(
            lambda: {hook["type"] for hook in receiver.received},
            lambda types: {"grant.issued", "grant.redeemed"} <= types,
        )
        self.script.expect(
            "运营方系统收到签名回调",
            "The operator's own system heard of it by signed webhooks",
            held={"grant.issued", "grant.redeemed"} <= heard and not receiver.refused,
            seen=f"{', '.join(sorted(heard))} ({seconds * 1000:.0f} ms)",
        )
        return twice

    def wang_comes_from_zhengzhou(self) -> Visitor | None:
        self.script.chapter("四、郑州居民王宁", "4. Wang Ning of Zhengzhou")
        wang = self.enter_hangzhou(
            ZHENGZHOU, "wang", "商鼎分 105 属良好", "a Zhengzhou 105 is tier 3"
        )
        if wang is None:
            return None
        self.script.refused(
            "等级不足：免费骑行需 4 级",
            "Tier too low: free rides need tier 4",
            wang.take(FREE_RIDE),
            "tier_below_minimum",
        )
        self.script.succeeds(
            "领取开馆日唯一名额", "Wang takes the only place of opening day", wang.take(OPENING_DAY)
        )
        zhou = self.enter_hangzhou(
            FUZHOU, "zhou", "福州周衡同样获互认", "Zhou of Fuzhou, recognised too"
        )
        if zhou is None:
            return None
        self.script.refused(
            "名额已满：拒绝，且不占用",
            "The quota is exhausted",
            zhou.take(OPENING_DAY),
            "quota_exhausted",
        )
        zhou.take(SPORTS)
        zhou.take(SPORTS)
        self.script.refused(
            "每月两张运动券：第三张拒绝",
            "Two sports vouchers a month: the third is refused",
            zhou.take(SPORTS),
            "holder_limit_reached",
        )
        return zhou

    def low_score_no_score(self) -> None:
        self.script.chapter("五、分低或无分", "5. A low score, or none")
        low = self.enter_hangzhou(
            FUZHOU, "low", "茉莉分低也可互认，但不因此受损", "a low score is recognised too"
        )
        if low is not None:
            offers = low.door.get("/v1/eligibility")
            reasons = {reason for offer in offers["offers"] for reason in offer["reasons"]}
            self.script.expect(
                "低分：没有额外优惠，本人可见原因",
                "A low score earns nothing extra; only the holder sees why",
                held=not taken(offers) and "tier_below_minimum" in reasons,
                seen=", ".join(sorted(reasons)) or summary(offers),
            )
        none = self.world.app(FUZHOU, "none")
        none.consent(HANGZHOU, RIDE_PURPOSES)
        self.script.refused(
            "未评分：不出具证明，按普通条件",
            "No score: no attestation, ordinary terms",
            none.attestation(HANGZHOU),
            "no_score",
        )

    def bad_input(self) -> None:
        self.script.chapter("七、错误输入", "7. Bad input")
        app = self.world.app(FUZHOU, "chen")
        cases: dict[str, Any] = {
            "recipient": {"recipient": "hangzhou"},
            "purposes.0": {"purposes": ["gambling"]},
            "nickname": {"nickname": "x"},
        }
        good = {
            "recipient": HANGZHOU,
            "purposes": ["sports"],
            "text_version": "2026-11",
            "until": "2030-01-01T00:00:00+08:00",
        }
        for field, wrong in cases.items():
            answer = app.home.put(f"/v1/consents/{uuid4()}", {**good, **wrong})
            named = [error["field"] for error in answer.body.get("errors", [])]
            self.script.expect(
                f"指出错误字段 {field}",
                f"A bad request is told which field is wrong: {field}",
                held=answer.code == "malformed" and field in named,
                seen=f"{summary(answer)} {named}",
            )

    def fuzhou_withdraws(self, chen: Visitor, ordinary: Answer) -> None:
        self.script.chapter("八、撤回授权", "8. Consent withdrawn")
        grant = self.script.succeeds(
            "陈晨领取免费骑行", "Chen takes the free rides", chen.take(FREE_RIDE)
        )
        self.script.succeeds(
            "在福州撤回授权",
            "Chen withdraws the consent at home",
            chen.app.withdraw(chen.consent_id),
        )
        path = f"/v1/grants/{grant['grant_id']}"
        ended, seconds = eventually(
            lambda: chen.door.get(path), lambda answer: answer["state"] == "revoked"
        )
        self.script.expect(
            "福州通知杭州，未用权益随之终止",
            "Fuzhou tells Hangzhou, and the open grant ends",
            held=ended["state"] == "revoked",
            seen=f"{ended['state']}, {seconds * 1000:.0f} ms",
        )
        refused = self.operators[catalogue.BIKES].redeem(grant["pass_token"])
        self.script.expect(
            "运营方看到的每个“否”逐字节相同",
            "Every no an operator sees is the same bytes",
            held=refused.content == ordinary.content,
            seen=summary(refused),
        )
        self.script.refused(
            "已撤销的证明再出示：拒绝",
            "The withdrawn attestation is refused from now on",
            chen.app.enter(self.hangzhou, chen.credential),
            "status_invalid",
        )
        self.script.refused(
            "会话失效：不再有新权益",
            "The old session earns nothing more",
            chen.take(SPORTS),
            "recognition_ended",
        )

    def month_end(self) -> None:
        self.script.chapter("十、月末对账", "10. Month end")
        period = datetime.now(ZoneInfo("Asia/Shanghai")).strftime("%Y-%m")
        fuzhou = PartnerCity(self.world, FUZHOU)
        hangzhou = PartnerCity(self.world, HANGZHOU)

        def both() -> tuple[Answer, Answer]:
            query = {"home": FUZHOU, "host": HANGZHOU}
            path = f"/v1/statements/{period}"
            return fuzhou.get(HANGZHOU, path, **query), hangzhou.get(FUZHOU, path, **query)

        (host_side, home_side), _seconds = eventually(
            both, lambda pair: pair[0].ok and pair[0]["digest"] == pair[1]["digest"]
        )
        same = host_side.ok and host_side["digest"] == home_side["digest"]
        self.script.expect(
            "福州与杭州各自出账，摘要一致",
            "Fuzhou and Hangzhou draw the same statement from their own records",
            held=same and host_side["issued"] > 0,
            seen=f"issued {host_side['issued']}, redeemed {host_side['redeemed']}, "
            f"revoked {host_side['revoked']}, {host_side['digest'][:16]}"
            if same
            else f"{summary(host_side)} / {summary(home_side)}",
        )
        stranger = PartnerCity(self.world, ZHENGZHOU)
        self.script.refused(
            "郑州不得查看福州与杭州的对账单",
            "Zhengzhou may not read the statement of two other cities",
            stranger.get(HANGZHOU, f"/v1/statements/{period}", home=FUZHOU, host=HANGZHOU),
            "forbidden",
        )

    # --- what several chapters do

    def enter_hangzhou(self, home: str, person: str, zh: str, en: str) -> Visitor | None:
        """Consent, attest, present: all the way in; None when it did not hold."""
        app = self.world.app(home, person)
        consent = app.consent(HANGZHOU, RIDE_PURPOSES)
        issued = app.attestation(HANGZHOU)
        if not issued.ok:
            self.script.succeeds(zh, en, issued)
            return None
        recognised = app.enter(self.hangzhou, issued["credential"])
        self.script.succeeds(
            zh,
            en,
            recognised,
            f"tier {recognised['recognition']['tier']}" if recognised.ok else "",
        )
        if not recognised.ok:
            return None
        door = self.world.door(HANGZHOU, recognised["session"]["token"])
        return Visitor(app, consent["consent_id"], issued["credential"], door)
