"""Who has scores in two cities is one person where they visit."""

import pytest

from services.cli.demo.world import FUZHOU, HANGZHOU, ZHENGZHOU
from tests.e2e.people import insist, open_shop, visit

pytestmark = pytest.mark.recognition


def test_who_has_scores_in_two_cities_takes_what_one_person_may(alliance):
    shop = open_shop(alliance, per_holder={"count": 1, "period": "year"})
    of_fuzhou, of_zhengzhou = alliance.newcomer_of_two_cities(FUZHOU, ZHENGZHOU)
    by_fuzhou = visit(alliance, FUZHOU, HANGZHOU, app=of_fuzhou)
    assert insist(lambda: by_fuzhou.take(shop.incentive_id)).ok

    by_zhengzhou = visit(alliance, ZHENGZHOU, HANGZHOU, app=of_zhengzhou)
    again = insist(lambda: by_zhengzhou.take(shop.incentive_id))

    assert (again.status, again.code) == (422, "holder_limit_reached")


def test_every_node_hands_on_the_same_documents_and_counts_the_same_cities(alliance):
    for path in ("/v1/roster", "/v1/pseudonym-keys"):
        texts = {str(alliance.world.door(city).get(path).body) for city in alliance.world.cities}
        assert len(texts) == 1, path

    counted = {
        alliance.world.door(city).get("/v1/cities")["online"] for city in alliance.world.cities
    }
    assert counted == {3}
