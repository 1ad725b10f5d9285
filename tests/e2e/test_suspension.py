"""Home suspends an attestation and lets it stand again, and the host does as it says."""

import pytest

from services.cli.demo.app import visible_claims
from services.cli.demo.world import FUZHOU, HANGZHOU
from tests.e2e.people import ended, offer_of, open_shop, until, visit

pytestmark = pytest.mark.recognition

SUSPENDED = "recognition_suspended"


@pytest.fixture
def suspension(alliance):
    """Return a visitor with something to take, and what home's official may do about it."""
    shop, visitor = open_shop(alliance), visit(alliance)
    until(lambda offer: offer.get("eligible"), lambda: offer_of(visitor.door, shop))
    attestation = f"/v1/attestations/{visible_claims(visitor.credential)['jti']}"
    return shop, visitor, alliance.world.administrator(FUZHOU), attestation


def test_what_is_in_doubt_stops_at_the_host_and_goes_on_when_the_doubt_is_gone(
    alliance, suspension
):
    shop, visitor, official, attestation = suspension

    assert official.put(f"{attestation}/suspension", {"reason": "key_in_doubt"}).ok

    until(lambda offer: SUSPENDED in offer["reasons"], lambda: offer_of(visitor.door, shop))
    again = visitor.app.enter(alliance.world.door(HANGZHOU), visitor.credential)
    assert (again.status, again.code) == (422, "status_suspended")
    fresh = visitor.app.attestation(HANGZHOU)  # for the same key: no way round
    assert (fresh.status, fresh.code) == (422, "attestation_suspended")

    assert official.delete(f"{attestation}/suspension")["resumed_at"]

    until(lambda offer: offer["eligible"], lambda: offer_of(visitor.door, shop))
    assert until(lambda taken: taken.ok, lambda: visitor.take(shop.incentive_id))["state"] == "open"


def test_a_doubt_that_was_right_ends_in_a_revocation_that_is_final(suspension):
    shop, visitor, official, attestation = suspension
    grant = visitor.take(shop.incentive_id)
    assert official.put(f"{attestation}/suspension", {"reason": "identity_in_doubt"}).ok

    assert official.put(f"{attestation}/revocation", {"reason": "city_decision"}).ok

    assert ended(visitor, grant)["ended_reason"] == "city_decision"
    resumed = official.delete(f"{attestation}/suspension")
    assert (resumed.status, resumed.code) == (422, "attestation_revoked")
