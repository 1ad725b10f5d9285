"""Whatever the reason, an operator's no is the same bytes under the same headers."""

from uuid import uuid4

import requests

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
        timeout=60,
    )
    headers = {name.lower(): value for name, value in answer.headers.items()}
    same = {name: value for name, value in headers.items() if name not in VARYING}
    return answer.status_code, answer.content, same


def tampered(pass_token):
    first = "B" if pass_token[-2] != "B" else "C"
    return pass_token[:-2] + first + pass_token[-1]


def brief_grant(alliance, shop):
    """Let somebody take a grant that is soon over; on a slow machine somewhat later."""
    for seconds in (5, 20, 60):
        taken = brief_take(alliance, shop, seconds)
        if taken.ok:
            return taken
    raise AssertionError(taken)


def brief_take(alliance, shop, seconds):
    """Let a visitor take one whose consent, and so all that rests on it, is over in so long."""
    app, host = alliance.newcomer(FUZHOU), alliance.world.door(HANGZHOU)
    app.consent(HANGZHOU, PURPOSES, days=seconds / 86_400)
    attested = app.attestation(HANGZHOU)
    if not attested.ok:
        return attested
    entered = app.enter(host, attested["credential"])
    if not entered.ok:
        return entered
    door = alliance.world.door(HANGZHOU, entered["session"]["token"])
    return door.put(f"/v1/grants/{uuid4()}", {"incentive_id": shop.incentive_id})


def test_every_no_to_an_operator_is_the_same_no(alliance):
    shop, stranger = open_shop(alliance), open_shop(alliance)
    operator, visitor = shop.operator, visit(alliance)

    over = brief_grant(alliance, shop)
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
