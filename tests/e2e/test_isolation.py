"""Nobody sees or touches what is somebody else's."""

from uuid import uuid4

import pytest

from services.cli.demo.partner import PartnerCity
from services.cli.demo.world import FUZHOU, HANGZHOU, ZHENGZHOU
from tests.e2e.people import PURPOSES, open_shop, settled, visit


@pytest.fixture
def shops(alliance):
    return open_shop(alliance), open_shop(alliance)


def test_an_operator_cannot_change_the_scenario_of_another(shops):
    mine, theirs = shops
    door = mine.operator.door

    scenario = door.put(f"/v1/scenarios/{theirs.incentive_id}", mine.scenario)
    revised = {**theirs.terms, "title": "改了"}
    incentive = door.put(f"/v1/incentives/{theirs.incentive_id}", revised)
    moved = door.put(f"/v1/incentives/{theirs.incentive_id}", mine.terms)
    within = door.put(f"/v1/incentives/new-{mine.incentive_id}", theirs.terms)

    assert (scenario.status, scenario.code) == (409, "id_reused")
    assert [answer.status for answer in (incentive, moved, within)] == [404, 409, 404]
    kept = theirs.operator.door.put(f"/v1/incentives/{theirs.incentive_id}", theirs.terms)
    assert (kept["version"], kept["title"]) == (1, theirs.terms["title"])


def test_an_operator_learns_nothing_by_the_redemption_id_of_another(alliance, shops):
    mine, theirs = shops
    visitor, redemption_id = visit(alliance), uuid4()
    grant = visitor.take(theirs.incentive_id)
    assert theirs.operator.redeem(grant["pass_token"], redemption_id).ok

    tried = mine.operator.redeem(grant["pass_token"], redemption_id)
    own = mine.operator.redeem(visitor.take(mine.incentive_id)["pass_token"], redemption_id)

    assert tried.code == "ordinary_terms"
    assert own.ok


def test_a_resident_sees_and_withdraws_only_their_own_consents(alliance):
    one, other = alliance.newcomer(FUZHOU), alliance.newcomer(FUZHOU)
    consent = one.consent(HANGZHOU, PURPOSES)

    withdrawn = other.withdraw(consent["consent_id"])
    elsewhere = alliance.newcomer(ZHENGZHOU).withdraw(consent["consent_id"])

    assert (withdrawn.status, withdrawn.code) == (404, "not_found")
    assert elsewhere.status == 404
    assert other.home.get("/v1/consents").body == {"consents": [], "next": None}
    [kept] = one.home.get("/v1/consents")["consents"]
    assert kept["state"] == "live"


def test_a_resident_cannot_take_over_the_ids_of_another(alliance):
    one, other = alliance.newcomer(FUZHOU), alliance.newcomer(FUZHOU)
    consent = one.consent(HANGZHOU, PURPOSES)
    attestation = one.attestation(HANGZHOU)
    body = {name: consent[name] for name in ("recipient", "purposes", "text_version", "until")}

    same = other.home.put(f"/v1/consents/{consent['consent_id']}", body)
    other.consent(HANGZHOU, PURPOSES)
    key = {"kty": "EC", "crv": "P-256", **generator()}
    wanted = {"recipient": HANGZHOU, "holder_key": key}
    theirs = other.home.put(f"/v1/attestations/{attestation['attestation_id']}", wanted)

    assert (same.status, same.code) == (409, "id_reused")
    assert (theirs.status, theirs.code) == (409, "id_reused")


def generator():
    """Return the base point of P-256 (SEC 2): a public key that anybody may write down."""
    return {
        "x": "axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY",
        "y": "T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU",
    }


def test_an_attestation_serves_nobody_but_its_holder(alliance):
    one, other = alliance.newcomer(FUZHOU), alliance.newcomer(FUZHOU)
    one.consent(HANGZHOU, PURPOSES)
    credential = one.attestation(HANGZHOU)["credential"]

    answer = other.enter(alliance.world.door(HANGZHOU), credential)

    assert (answer.status, answer.code) == (422, "bad_key_binding")


def test_a_holder_sees_only_their_own_grants(alliance, shops):
    shop, _ = shops
    one, other = visit(alliance), visit(alliance)
    grant = one.take(shop.incentive_id)
    path = f"/v1/grants/{grant['grant_id']}"

    assert other.door.get(path).code == "not_found"
    assert other.door.get(path + "/pass.svg").code == "not_found"
    assert other.door.put(path, {"incentive_id": shop.incentive_id}).code == "id_reused"
    assert other.door.get("/v1/grants").body == {"grants": [], "next": None}
    anew = dict.fromkeys(("pass_token", "pass_until"))  # different each time it is read
    assert one.door.get(path).body | anew == grant.body | anew


def test_a_city_reads_only_its_own_statements(alliance, shops):
    shop, _ = shops
    assert visit(alliance).take(shop.incentive_id).ok
    settled(alliance, shop, FUZHOU, HANGZHOU)

    stranger = PartnerCity(alliance.world, ZHENGZHOU)
    pairs = [(FUZHOU, HANGZHOU), (HANGZHOU, FUZHOU), (FUZHOU, ZHENGZHOU), (HANGZHOU, HANGZHOU)]
    for home, host in pairs:
        answer = stranger.get(HANGZHOU, "/v1/statements/2026-11", home=home, host=host)
        assert (answer.status, answer.code) == (403, "forbidden")


def test_what_opens_one_door_opens_no_other(alliance, shops):
    shop, _ = shops
    visitor, grant_id = visit(alliance), uuid4()
    session = visitor.door
    tokens = {
        "holder": bearer_of(session),
        "operator": bearer_of(shop.operator.door),
        "citizen": bearer_of(visitor.app.home),
        "administrator": bearer_of(alliance.world.administrator(HANGZHOU)),
        "nobody": None,
    }
    entrances = {
        "holder": lambda door: door.get("/v1/grants"),
        "taker": lambda door: door.put(
            f"/v1/grants/{grant_id}", {"incentive_id": shop.incentive_id}
        ),
        "operator": lambda door: door.put(
            f"/v1/scenarios/{shop.incentive_id}", {**shop.scenario, "name": "改了"}
        ),
        "citizen": lambda door: door.get("/v1/consents"),
        "administrator": lambda door: door.put(
            f"/v1/operators/{shop.incentive_id}?rotate=true", {"name": "改", "name_en": "x"}
        ),
        "city": lambda door: door.get("/v1/membership"),
    }
    fits = {("holder", "holder"), ("holder", "taker")}
    fits |= {(name, name) for name in ("operator", "administrator")}

    wrong = [
        f"{caller} at {entrance}: {answer.status}"
        for caller, token in tokens.items()
        for entrance, enter in entrances.items()
        if (caller, entrance) not in fits
        if (answer := enter(alliance.world.door(HANGZHOU, token))).status not in (401, 403)
    ]

    assert not wrong
    assert session.get("/v1/grants").body == {"grants": [], "next": None}


def test_a_session_of_one_city_is_worth_nothing_in_another(alliance, shops):
    shop, _ = shops
    visitor = visit(alliance)
    elsewhere = alliance.world.door(ZHENGZHOU, bearer_of(visitor.door))
    till = alliance.world.door(ZHENGZHOU, bearer_of(shop.operator.door))

    assert elsewhere.get("/v1/eligibility").status == 401
    assert elsewhere.get("/v1/grants").status == 401
    assert till.put(f"/v1/scenarios/{shop.incentive_id}", shop.scenario).status == 401


def bearer_of(door):
    return door._session.headers["Authorization"].removeprefix("Bearer ")  # noqa: SLF001  to steal
