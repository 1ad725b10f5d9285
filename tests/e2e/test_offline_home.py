"""A home city that is away does not stop its people's hosts, and is heard again when it is back."""

import pytest

from services.cli.demo.world import FUZHOU, HANGZHOU, ZHENGZHOU
from tests.e2e.people import PURPOSES, ended, offer_of, open_shop, settled, until, visit


@pytest.fixture
def away(alliance):
    """Crash Fuzhou and Zhengzhou; Zhengzhou comes back and remembers no status list."""
    earlier = visit(alliance)  # since then Hangzhou has Fuzhou's status list
    newcomer = alliance.newcomer(FUZHOU)
    credentials = {}
    for host in (HANGZHOU, ZHENGZHOU):
        assert newcomer.consent(host, PURPOSES).ok
        credentials[host] = newcomer.attestation(host)["credential"]
    alliance.kill(FUZHOU)
    alliance.kill(ZHENGZHOU)
    alliance.restart(ZHENGZHOU)
    yield earlier, newcomer, credentials
    if not alliance.is_ready(FUZHOU):
        alliance.restart(FUZHOU)


def test_a_host_serves_on_while_home_is_away_and_hears_it_when_it_is_back(alliance, away):
    earlier, newcomer, credentials = away
    shop = open_shop(alliance, per_holder={"count": 2, "period": "month"})

    # whom it recognised it serves
    until(bool, lambda: offer_of(earlier.door, shop))
    grant, kept = (earlier.take(shop.incentive_id) for _ in range(2))
    assert shop.operator.redeem(grant["pass_token"]).ok

    # whom it meets now it recognises by the list it has; a host without one says so
    entered = newcomer.enter(alliance.world.door(HANGZHOU), credentials[HANGZHOU])
    assert entered.ok
    stranger = newcomer.enter(alliance.world.door(ZHENGZHOU), credentials[ZHENGZHOU])
    assert (stranger.status, stranger.code) == (422, "status_unavailable")

    # home is back: it learns of the usage, and its word counts
    alliance.restart(FUZHOU)
    assert len(settled(alliance, shop, FUZHOU, HANGZHOU)) == 3
    assert earlier.app.withdraw(earlier.consent_id).ok
    ended(earlier, kept)
