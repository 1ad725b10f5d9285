"""Whoever repeats a request gets the same answer, and what it asks for happens once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest

from services.cli.demo.http import Door
from services.cli.demo.world import FUZHOU, HANGZHOU, ZHENGZHOU
from services.plumbing.clock import utc_now
from tests.e2e.people import PURPOSES, THREE_USES, insist, open_shop, settled, visit
from tests.e2e.test_isolation import bearer_of

AT_ONCE = 8
# shown once; begins when it is given; made anew each time a grant is shown
CHANGING = {"client_secret", "session", "pass_token", "pass_until"}
UNTIL = (utc_now() + timedelta(days=30)).isoformat()


class Told:
    """Every PUT there is: door, path, body, another body, and its refusal if not id_reused."""

    def __init__(self, alliance):
        self.alliance = alliance
        self.visitor, self.shop = visit(alliance), open_shop(alliance, benefit=THREE_USES)
        self.citizen, self.till = self.visitor.app.home, self.shop.operator.door
        self.official = alliance.world.administrator(HANGZHOU)

    def consent(self):
        body = {
            "recipient": HANGZHOU,
            "purposes": PURPOSES,
            "text_version": "2026-11",
            "until": UNTIL,
        }
        return (self.citizen, f"/v1/consents/{uuid4()}", body, {**body, "recipient": ZHENGZHOU})

    def attestation(self):
        key = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
        body = {"recipient": HANGZHOU, "holder_key": key}
        other = {**key, "x": "PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw"}
        return (
            self.citizen,
            f"/v1/attestations/{uuid4()}",
            body,
            {**body, "holder_key": other},
        )

    def recognition(self):
        host = self.alliance.world.door(HANGZHOU)
        bodies = []
        for _ in range(2):
            challenge = self.visitor.app.challenge(host)
            presentation = self.visitor.app.presentation(self.visitor.credential, challenge)
            bodies.append({"challenge_id": challenge["challenge_id"], "presentation": presentation})
        return (host, f"/v1/recognitions/{uuid4()}", *bodies)

    def grant(self):
        other = open_shop(self.alliance)
        body = {"incentive_id": self.shop.incentive_id}
        return (
            self.visitor.door,
            f"/v1/grants/{uuid4()}",
            body,
            {"incentive_id": other.incentive_id},
        )

    def redemption(self):
        grant, other = (self.visitor.take(self.shop.incentive_id) for _ in range(2))
        body = {"pass_token": grant["pass_token"]}
        path = f"/v1/redemptions/{uuid4()}"
        return (self.till, path, body, {"pass_token": other["pass_token"]}, "ordinary_terms")

    def scenario(self):
        body = {**self.shop.scenario, "category": "library"}
        path = f"/v1/scenarios/more-{uuid4().hex[:8]}"
        return (self.till, path, body, {**body, "category": "sports"})

    def incentive(self):
        path = f"/v1/incentives/more-{uuid4().hex[:8]}"
        elsewhere = f"else-{uuid4().hex[:8]}"
        assert self.till.put(f"/v1/scenarios/{elsewhere}", self.shop.scenario).ok
        return (self.till, path, self.shop.terms, {**self.shop.terms, "scenario_id": elsewhere})

    def webhook(self):
        return (self.till, "/v1/webhook", {"url": "http://127.0.0.1:9/"})

    def operator(self):
        body = {"name": "又一家", "name_en": "Another"}
        return (self.official, f"/v1/operators/more-{uuid4().hex[:8]}", body)

    def revocation(self):
        attestation = self.visitor.app.attestation(HANGZHOU)
        official = self.alliance.world.administrator(FUZHOU)
        path = f"/v1/attestations/{attestation['attestation_id']}/revocation"
        return (official, path, {"reason": "fact_disputed"})

    def suspension(self):
        attestation = self.visitor.app.attestation(HANGZHOU)
        official = self.alliance.world.administrator(FUZHOU)
        path = f"/v1/attestations/{attestation['attestation_id']}/suspension"
        return (official, path, {"reason": "key_in_doubt"})

    def reservation(self):
        other = open_shop(self.alliance)
        body = {"incentive_id": self.shop.incentive_id}
        path = f"/v1/reservations/{uuid4()}"
        return (self.visitor.door, path, body, {"incentive_id": other.incentive_id})

    def confirmation(self):
        door, path, body, _ = self.reservation()
        assert put(door, path, body).ok
        return (door, f"{path}/confirmation", None)

    def cancellation(self):
        door, path, body, _ = self.reservation()
        assert put(door, path, body).ok
        return (door, f"{path}/cancellation", None)

    def reversal(self):
        till, redemption_id, second = self._redeemed(THREE_USES, reversible_minutes=30)
        return (
            till,
            f"/v1/reversals/{uuid4()}",
            {"redemption_id": redemption_id},
            {"redemption_id": second},
        )

    def deposit(self):
        till, redemption_id, _ = self._redeemed({"type": "deposit_waiver", "deposit_fen": 900})
        path = f"/v1/redemptions/{redemption_id}/deposit"
        return (till, path, {"called_fen": 300}, {"called_fen": 0})

    def recall(self):
        grant = self.visitor.take(self.shop.incentive_id)
        body = {"reason": "misuse", "notice_days": 7}
        other = {**body, "reason": "scenario_closed"}
        path = f"/v1/grants/{grant['grant_id']}/recall"
        return (self.till, path, body, other, "already_recalled")

    def _redeemed(self, benefit, **terms):
        shop = open_shop(self.alliance, benefit=benefit, **terms)
        ids = [str(uuid4()) for _ in range(2)]
        for redemption_id in ids:
            grant = self.visitor.take(shop.incentive_id)
            assert shop.operator.redeem(grant["pass_token"], redemption_id).ok
        return shop.operator.door, *ids


WHATEVER = [name for name in vars(Told) if not name.startswith("_")]
CHANGEABLE = {
    "webhook",
    "operator",
    "revocation",
    "suspension",
    "confirmation",
    "cancellation",
}  # what a repeat with new content may change


@pytest.fixture
def told(alliance):
    return Told(alliance)


def lasting(answer):
    return {name: value for name, value in answer.body.items() if name not in CHANGING}


def put(door, path, body):
    """Send a request, again while what it rests on has not arrived."""
    return insist(lambda: door.put(path, body))


def side_by_side(door, path, body):
    """Send the same request from eight threads at once, each with its own connection."""
    header = door._session.headers.get("Authorization")  # noqa: SLF001  as its owner
    doors = [Door(door.url, bearer_of(door) if header else None) for _ in range(AT_ONCE)]
    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(lambda door: insist(lambda: door.put(path, body)), doors))


@pytest.mark.parametrize("what", WHATEVER)
def test_the_same_request_again_gets_the_same_answer(told, what):
    door, path, body, *_ = getattr(told, what)()

    first, again = put(door, path, body), put(door, path, body)

    assert first.status == again.status == 200
    assert lasting(first) == lasting(again)


@pytest.mark.parametrize("what", [what for what in WHATEVER if what not in CHANGEABLE])
def test_an_id_does_not_come_to_stand_for_something_else(told, what):
    door, path, body, other, *code = getattr(told, what)()
    first = put(door, path, body)

    refused, again = put(door, path, other), put(door, path, body)

    assert refused.code == (code[0] if code else "id_reused")
    assert refused.status == (422 if code else 409)
    assert lasting(first) == lasting(again)


@pytest.mark.parametrize("what", WHATEVER)
def test_the_same_request_many_times_at_once_gets_the_same_answer(told, what):
    door, path, body, *_ = getattr(told, what)()

    answers = side_by_side(door, path, body)

    assert {(answer.status, answer.code) for answer in answers} == {(200, "")}
    assert all(lasting(answer) == lasting(answers[0]) for answer in answers)


def test_what_was_asked_many_times_happened_once(alliance, told):
    for what in ("consent", "grant", "redemption"):
        door, path, body, *_ = getattr(told, what)()
        side_by_side(door, path, body)

    consents = told.citizen.get("/v1/consents")["consents"]
    grants = told.visitor.door.get("/v1/grants")["grants"]
    lines = settled(alliance, told.shop, FUZHOU, HANGZHOU)
    assert len(consents) == 2  # the visit's and this one
    assert sorted(grant["uses_left"] for grant in grants) == [2, 3, 3]
    assert sorted(line["fact"] for line in lines) == ["issued"] * 3 + ["redeemed"]


def test_an_operator_admitted_many_times_at_once_has_one_working_secret(told):
    door, path, body, *_ = told.operator()

    answers = side_by_side(door, path, body)

    [secret] = [answer["client_secret"] for answer in answers if answer["client_secret"]]
    form = {
        "grant_type": "client_credentials",
        "client_id": answers[0]["client_id"],
        "client_secret": secret,
    }
    assert Door(door.url).post("/v1/oauth/token", form=form).ok
