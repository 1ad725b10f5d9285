"""Who a person is and what score they have stays at home; at home it stays where it was."""

import pytest

from services.cli.demo.app import App
from services.cli.demo.world import FUZHOU, HANGZHOU, ZHENGZHOU
from tests.e2e.people import ended, open_shop, settled, visit
from tests.e2e.runtimes import SCORES
from tests.e2e.storage import stored

HOMES = (FUZHOU, ZHENGZHOU)


@pytest.fixture
def civil_ids(alliance, monkeypatch):
    """Let people of two cities come, take, use, be refused and withdraw; return who they are."""
    civil_ids = []
    newcomer = alliance.newcomers

    def remembering(source):
        for civil_id in source:
            civil_ids.append(civil_id)
            yield civil_id

    for home in HOMES:
        monkeypatch.setitem(newcomer, home, remembering(newcomer[home]))
    shop = open_shop(alliance)
    for home in HOMES:
        visitor = visit(alliance, home)
        used, kept = (visitor.take(shop.incentive_id) for _ in range(2))
        assert shop.operator.redeem(used["pass_token"]).ok
        assert visitor.app.withdraw(visitor.consent_id).ok
        ended(visitor, kept)
        settled(alliance, shop, home, HANGZHOU)
        refuse_something(alliance, home, visitor.app)
    assert len(civil_ids) == len(HOMES)
    return civil_ids


def refuse_something(alliance, home, app):
    """Make home refuse and complain, with an identity in the request each time."""
    access = alliance.world.cities[home]
    for civil_id in ("990100195001010010", "x"):
        token = access.identity.resident_token(civil_id, access.url)
        assert alliance.world.door(home, token).get("/v1/consents").code == "bad_civil_id"
    assert isinstance(app, App)
    assert app.attestation(HANGZHOU).code == "consent_withdrawn"


def test_neither_civil_ids_nor_scores_are_stored_or_logged(alliance, civil_ids):
    secrets = [*civil_ids, *(SCORES[home] for home in HOMES)]

    for city in (HANGZHOU, *HOMES):
        kept, logged = stored(alliance, city), alliance.logs(city)
        assert len(kept) > 1000
        for secret in secrets:
            assert secret.encode() not in kept
            assert secret not in logged
        # nor a person's id that was refused
        assert b"990100195001010010" not in kept
        assert "990100195001010010" not in logged
