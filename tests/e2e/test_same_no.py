"""Whatever the reason, an operator's no is the same bytes under the same headers."""

from uuid import uuid4

import requests

from services.cli.demo.visitor import Visitor
from services.cli.demo.world import FUZHOU, HANGZHOU
from services.plumbing.clock import utc_now
from tests.e2e.people import PURPOSES, ended, open_shop, until, visit

SIGNATURE = 86  # characters
VARYING = {"date", "ratelimit", "x-request-id"}


def no_of(operator, pass_token, redemption_id=None, language="zh"):
    answer = requests.put(
        f"{operator.door.url}/v1/redemptions/{redemption_id or uuid4()}",
        json={"pass_token": pass_token},
        headers={
            "Authorization": f"Bearer {operator.signed_in['access_token']}",
            "Accept-Language": language,
        },
        timeout=15,
    )
    headers = {name.lower(): value for name, value in answer.headers.items()}
    same = {name: value for name, value in headers.items() if name not in VARYING}
    return answer.status_code, answer.content, same


def tampered(pass_token):
    first = "B" if pass_token[-2] != "B" else "C"
    return pass_token[:-2] + first + pass_token[-1]


def brief_visit(alliance, seconds):
    """Let a visitor in whose consent, and so everything that rests on it, is soon over."""
    app = alliance.newcomer(FUZHOU)
    consent = app.consent(HANGZHOU, PURPOSES, days=seconds / 86_400)
    credential = app.attestation(HANGZHOU)["credential"]
    entered = app.enter(alliance.world.door(HANGZHOU), credential)
    door = alliance.world.door(HANGZHOU, entered["session"]["token"])
    return Visitor(app, consent["consent_id"], credential, door)


def test_every_no_to_an_operator_is_the_same_no(alliance):
    shop, stranger = open_shop(alliance), open_shop(alliance)
    operator, visitor, brief = shop.operator, visit(alliance), brief_visit(alliance, seconds=5)

    over = brief.take(shop.incentive_id)
    open_, used, gone = (visitor.take(shop.incentive_id) for _ in range(3))
    used_by = uuid4()
    assert operator.redeem(used["pass_token"], used_by).ok
    nos = {
        "garbage": no_of(operator, "no pass at all"),
        "no ASCII": no_of(operator, "通行证"),
        "unknown pass": no_of(
            operator, ".".join([*open_["pass_token"].split(".")[:2], "A" * SIGNATURE])
        ),
        "tampered": no_of(operator, tampered(open_["pass_token"])),
        "of another operator": no_of(stranger.operator, open_["pass_token"]),
        "used up": no_of(operator, used["pass_token"]),
        "id of another redemption": no_of(operator, open_["pass_token"], used_by),
        "in English": no_of(operator, used["pass_token"], language="en"),
    }
    visitor.app.withdraw(visitor.consent_id)
    ended(visitor, gone)
    nos["revoked"] = no_of(operator, gone["pass_token"])
    moment = over["until"]
    until(lambda now: now > moment, lambda: utc_now().isoformat().replace("+00:00", "Z"))
    nos["expired"] = no_of(operator, over["pass_token"])

    first = nos["garbage"]
    assert first[0] == 422
    assert b"ordinary_terms" in first[1]
    assert {reason: no for reason, no in nos.items() if no != first} == {}
