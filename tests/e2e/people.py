"""Visitors and shops, each test's own, and asking until there is an answer."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import requests

from services.cli.demo.app import App
from services.cli.demo.http import Answer, Door
from services.cli.demo.operator import Operator, accept
from services.cli.demo.partner import PartnerCity
from services.cli.demo.visitor import Visitor
from services.cli.demo.world import FUZHOU, HANGZHOU
from services.plumbing.clock import utc_now
from tests.e2e.runtimes import Alliance

SHANGHAI = ZoneInfo("Asia/Shanghai")
PATIENCE_SECONDS = 120
PURPOSES = ["transport", "sports"]
MANY = {"count": 1000, "period": "year"}
THREE_USES = {"type": "free_use", "uses": 3}


@dataclass(frozen=True)
class Shop:
    """An operator with one scenario and one incentive in it, both under one id."""

    operator: Operator
    incentive_id: str
    credentials: tuple[str, str]
    scenario: dict[str, Any]
    terms: dict[str, Any]


class Insistent(Visitor):
    """Asks again for what the host has not heard of yet."""

    def take(self, incentive_id: str) -> Answer:
        path = f"/v1/grants/{uuid4()}"
        return insist(lambda: self.door.put(path, {"incentive_id": incentive_id}))


def visit(
    alliance: Alliance,
    home: str = FUZHOU,
    host: str = HANGZHOU,
    *,
    days: float = 90,
    app: App | None = None,
) -> Visitor:
    """Let a resident of `home`, by default one nobody has seen yet, be recognised in `host`."""
    app = app or alliance.newcomer(home)
    consent = app.consent(host, PURPOSES, days)
    credential = app.attestation(host)["credential"]
    entered = app.enter(alliance.world.door(host), credential)
    assert entered.ok, entered
    door = alliance.world.door(host, entered["session"]["token"])
    return Insistent(app, consent["consent_id"], credential, door)


def open_shop(alliance: Alliance, host: str = HANGZHOU, **terms: Any) -> Shop:
    """Admit a new operator that offers one thing to everybody of tier 3."""
    shop_id = f"shop-{uuid4().hex[:12]}"
    names = {"name": "一家店", "name_en": "A shop"}
    official = alliance.world.administrator(host)
    admitted = official.put(f"/v1/operators/{shop_id}", names)
    credentials = admitted["client_id"], admitted["client_secret"]
    operator = Operator(alliance.world.cities[host].url, shop_id, *credentials)
    scenario = {**names, "category": "sports"}
    offer = {
        "title": "一份权益",
        "title_en": "A benefit",
        "benefit": {"type": "voucher", "face_fen": 100},
        "minimum_tier": 3,
        "per_holder": MANY,
        "on_withdrawal": "revoke_open",
        **terms,
    }
    answers = operator.register(scenario, {"incentive_id": shop_id, **offer})
    assert all(answer.ok for answer in answers), answers
    assert accept(official, answers[1])["state"] == "published"
    return Shop(operator, shop_id, credentials, scenario, {"scenario_id": shop_id, **offer})


def insist(ask: Callable[[], Answer]) -> Answer:
    """Ask until there is an answer, as a client that repeats what it may repeat."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            answer = ask()
        except requests.RequestException as error:
            last: object = error
        else:
            if answer.status not in {429, 503}:
                return answer
            last = answer
        assert time.monotonic() < deadline, f"no answer in time: {last}"
        time.sleep(0.05)


def until(good: Callable[[Any], bool], ask: Callable[[], Any]) -> Any:
    """Ask until the answer is good; fail with the last one when it is not in time."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not good(answer := ask()):
        assert time.monotonic() < deadline, f"not so in time: {str(answer)[:500]}"
        time.sleep(0.05)
    return answer


def offer_of(door: Door, shop: Shop) -> dict[str, Any]:
    """Return what the read side says of the shop's incentive; empty before it is known there."""
    offers = insist(lambda: door.get("/v1/eligibility"))["offers"]
    return next((offer for offer in offers if offer["incentive_id"] == shop.incentive_id), {})


def statement(alliance: Alliance, asker: str, asked: str, home: str, host: str) -> Answer:
    """Let a city ask another for this month's statement."""
    city = PartnerCity(alliance.world, asker)
    period = utc_now().astimezone(SHANGHAI).strftime("%Y-%m")
    return insist(lambda: city.get(asked, f"/v1/statements/{period}", home=home, host=host))


def settled(alliance: Alliance, shop: Shop, home: str, host: str) -> list[dict[str, Any]]:
    """Return the shop's lines of the month's statement as soon as both cities draw the same."""

    def both() -> tuple[Answer, Answer]:
        there = statement(alliance, home, host, home, host)
        return there, statement(alliance, host, home, home, host)

    here, _there = until(lambda pair: pair[0]["digest"] == pair[1]["digest"], both)
    assert not here["truncated"]
    return [line for line in here["lines"] if line["incentive_id"] == shop.incentive_id]


def ended(visitor: Visitor, grant: Answer) -> dict[str, Any]:
    """Return a grant as soon as it is revoked."""
    path = f"/v1/grants/{grant['grant_id']}"

    def ask() -> Answer:
        return insist(lambda: visitor.door.get(path))

    return until(lambda answer: answer["state"] == "revoked", ask).body
