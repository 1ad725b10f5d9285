"""A person is erased: nothing leads to them in any city, and everything else is as it was."""

import base64
import hashlib
import time
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest

from contracts.pseudonyms import resident_of
from services.cli.demo.app import App, visible_claims
from services.cli.demo.world import FUZHOU, HANGZHOU, ZHENGZHOU
from services.recognition.adapters.suites import thumbprint
from services.recognition.domain import jws, sd_jwt
from tests.e2e.people import (
    PURPOSES,
    Shop,
    insist,
    offer_of,
    open_shop,
    settled,
    statement,
    until,
    visit,
)
from tests.e2e.storage import stored

pytestmark = pytest.mark.recognition

HOSTS = (HANGZHOU, ZHENGZHOU)
CITIES = (FUZHOU, *HOSTS)


@dataclass
class Guest:
    """A resident of Fuzhou who was served in two other cities, and all that might betray them."""

    app: App
    sessions: dict[str, Any]
    shops: dict[str, Shop]
    secrets: dict[str, str]


@pytest.fixture
def guest(alliance, monkeypatch):
    civil_id = next(alliance.newcomers[FUZHOU])
    monkeypatch.setitem(alliance.newcomers, FUZHOU, iter([civil_id]))
    app = alliance.newcomer(FUZHOU)
    key = bytes.fromhex((alliance.world.cities[FUZHOU].keys / "resident.key").read_text().strip())
    secrets = {"resident": resident_of(key, civil_id), "civil id": civil_id}
    sessions, shops = {}, {}
    for host in HOSTS:
        assert app.consent(host, PURPOSES).ok
        credential = app.attestation(host)["credential"]
        entered = app.enter(alliance.world.door(host), credential)
        sessions[host] = alliance.world.door(host, entered["session"]["token"])
        shops[host] = open_shop(alliance, host)
        secrets |= betraying(credential, host)
    assert len(secrets) > len(HOSTS) * 5
    return Guest(app, sessions, shops, secrets)


def betraying(credential: str, host: str) -> dict[str, str]:
    """Return every part of a credential that says whose it is, or was signed for them alone."""
    read = sd_jwt.read(credential)
    claims, key = visible_claims(credential), jws.read(read.token).payload["cnf"]["jwk"]
    parts = dict(zip(("header", "payload", "signature"), read.token.split("."), strict=True))
    del parts["header"]  # the same in all that this city signs
    digest = hashlib.sha256(claims["sub"].encode()).hexdigest()
    named = {
        "sub": claims["sub"],
        "sub's digest": digest,
        "key": key["x"],
        "thumbprint": thumbprint(key),
        **parts,
    }
    named |= {f"disclosure {at}": text for at, text in enumerate(read.disclosures)}
    return {f"{host} {name}": text for name, text in named.items()}


def found(secrets: dict[str, str], everything: bytes) -> list[str]:
    """Name the secrets that lie somewhere, plainly or inside base64 at whatever place."""
    return [
        name
        for name, text in secrets.items()
        if any(form in everything for form in (text.encode(), *hidden(text.encode())))
    ]


def hidden(text: bytes) -> list[bytes]:
    """Return the base64url of a text behind 0, 1 and 2 other bytes, without what these decide."""
    forms = []
    for before in range(3):
        whole = base64.urlsafe_b64encode(bytes(before) + text)
        forms.append(whole[-(-before * 4 // 3) : (before + len(text)) * 8 // 6])
    return forms


def use(shop: Shop, session: Any) -> None:
    """Take a benefit and use it up, so that nothing is open."""
    until(lambda offer: offer.get("eligible"), lambda: offer_of(session, shop))
    body = {"incentive_id": shop.incentive_id}
    grant_id = uuid4()
    grant = insist(lambda: session.put(f"/v1/grants/{grant_id}", body))
    assert shop.operator.redeem(grant["pass_token"]).ok


def books(alliance, guest: Guest) -> dict[str, Any]:
    """Return what has to stay the same: statements, and the status list as of a past moment."""
    lines = {host: settled(alliance, shop, FUZHOU, host) for host, shop in guest.shops.items()}
    digests = {
        host: statement(alliance, host, FUZHOU, FUZHOU, host)["digest"] for host in guest.shops
    }
    return {"lines": lines, "digests": digests}


def past_list(alliance, at: int) -> Any:
    asked = alliance.world.door(FUZHOU).get(f"/v1/status-lists/0?time={at}")
    return jws.read(asked.content.decode(), limit=jws.LARGE).payload["status_list"]


def erasure(alliance, erasure_id, receipt):
    return insist(lambda: alliance.world.door(FUZHOU, receipt).get(f"/v1/erasures/{erasure_id}"))


def test_a_person_is_erased_everywhere_though_cities_crash_meanwhile(alliance, guest):
    for host in HOSTS:
        use(guest.shops[host], guest.sessions[host])
    before, moment, erasure_id = books(alliance, guest), int(time.time()), uuid4()
    list_before = past_list(alliance, moment)
    assert "resident" in found(guest.secrets, stored(alliance, FUZHOU))
    for host in HOSTS:
        assert f"{host} sub" in found(guest.secrets, stored(alliance, host))

    alliance.kill(ZHENGZHOU)
    asked = insist(lambda: guest.app.home.put(f"/v1/erasures/{erasure_id}"))
    alliance.kill(FUZHOU)
    alliance.restart(FUZHOU)
    again = insist(lambda: guest.app.home.put(f"/v1/erasures/{erasure_id}"))
    receipt = asked["receipt"]

    # the same erasure, whatever crashed; the city that is down has not said anything
    assert again["receipt"] == receipt
    one = until(
        lambda record: record["acknowledged"] == 1,
        lambda: erasure(alliance, erasure_id, receipt),
    )
    assert (one["hosts"], one["converged_at"]) == (2, None)

    # the other learns of it when it is back, and then all is done
    alliance.restart(ZHENGZHOU)
    done = until(
        lambda record: record["converged_at"] is not None,
        lambda: erasure(alliance, erasure_id, receipt),
    )
    assert done["acknowledged"] == 2
    assert done["converged_at"] > done["erased_at"]

    # sessions are over, and home has nothing to show
    for session in guest.sessions.values():
        until(
            lambda answer: answer.status == 401, lambda session=session: session.get("/v1/grants")
        )
    assert guest.app.home.get("/v1/consents")["consents"] == []
    assert guest.app.attestation(HANGZHOU).code == "consent_missing"

    # what has to stay is as it was
    assert books(alliance, guest) == before
    assert past_list(alliance, moment) == list_before

    # nothing is left of the person: no name, no credential, in no database and no log
    assert found(guest.secrets, alliance.logs().encode()) == []
    for city in CITIES:
        alliance.kill(city)
        alliance.restart(city)
        until(
            lambda left: left == [],
            lambda city=city: found(guest.secrets, stored(alliance, city)),
        )


def test_the_search_finds_a_secret_wherever_a_token_hides_it():
    inside = [base64.urlsafe_b64encode(b"." * n + b"a person's name" + b"!") for n in range(5)]

    assert all(found({"name": "a person's name"}, text) for text in inside)
    assert not found({"name": "another name"}, b"".join(inside))


def test_who_comes_back_is_somebody_new(alliance):
    visitor = visit(alliance)
    before = visitor.door.get("/v1/eligibility")
    assert before.ok
    erased = visitor.app.home.put(f"/v1/erasures/{uuid4()}")
    assert erased["erasure"]["hosts"] == 1
    until(lambda answer: answer.status == 401, lambda: visitor.door.get("/v1/eligibility"))

    assert visitor.app.consent(HANGZHOU, PURPOSES).ok
    credential = visitor.app.attestation(HANGZHOU)["credential"]
    entered = visitor.app.enter(alliance.world.door(HANGZHOU), credential)

    assert entered.ok
    [consent] = visitor.app.home.get("/v1/consents")["consents"]
    assert consent["state"] == "live"


def test_an_erased_attestation_opens_nothing(alliance):
    visitor = visit(alliance)
    assert visitor.app.home.put(f"/v1/erasures/{uuid4()}").ok
    until(lambda answer: answer.status == 401, lambda: visitor.door.get("/v1/eligibility"))

    again = visitor.app.enter(alliance.world.door(HANGZHOU), visitor.credential)

    assert again.code == "status_invalid"


def test_nobody_follows_an_erasure_without_its_receipt(alliance):
    visitor, other = visit(alliance), visit(alliance)
    erasure_id = uuid4()
    receipt = other.app.home.put(f"/v1/erasures/{uuid4()}")["receipt"]
    assert visitor.app.home.put(f"/v1/erasures/{erasure_id}").ok

    path = f"/v1/erasures/{erasure_id}"
    assert alliance.world.door(FUZHOU).get(path).status == 401
    assert visitor.app.home.get(path).status == 401
    assert alliance.world.door(FUZHOU, receipt).get(path).status == 404
