"""An incentive from draft to withdrawal, as operator, city and holder see it."""

from services.cli.demo.world import HANGZHOU
from tests.e2e.people import insist, offer_of, open_shop, until, visit


def test_an_incentive_lives_by_the_word_of_operator_and_city(alliance):
    shop, visitor = open_shop(alliance, per_holder={"count": 9, "period": "year"}), visit(alliance)
    operator, city = shop.operator.door, alliance.world.administrator(HANGZHOU)
    own = f"/v1/incentives/{shop.incentive_id}"
    citys = f"/v1/catalogue/incentives/{shop.incentive_id}"
    until(bool, lambda: offer_of(visitor.door, shop))
    grant = visitor.take(shop.incentive_id)

    # A new version waits for the city, and the one in force goes on.
    draft = operator.put(own, {**shop.terms, "minimum_tier": 5})
    listed = city.get("/v1/catalogue/incentives", state="draft", after=_before(shop.incentive_id))
    returned = city.put(f"{citys}/versions/2/review", {"outcome": "returned", "note": "过高"})
    assert (draft["version_state"], returned["version_state"]) == ("draft", "returned")
    assert shop.incentive_id in [each["incentive_id"] for each in listed["incentives"]]
    assert offer_of(visitor.door, shop)["version"] == 1

    # Paused: not offered and not given, but what was given is good.
    assert city.put(f"{citys}/pause", {"note": "核查"})["state"] == "paused"
    until(lambda offer: not offer, lambda: offer_of(visitor.door, shop))
    assert visitor.take(shop.incentive_id).code == "not_offered"
    assert operator.delete(f"{own}/pause").code == "paused_by_city"
    assert shop.operator.redeem(
        visitor.door.get(f"/v1/grants/{grant['grant_id']}")["pass_token"]
    ).ok
    assert city.delete(f"{citys}/pause")["state"] == "published"
    until(bool, lambda: offer_of(visitor.door, shop))

    # Withdrawn: open grants end, and nothing brings it back.
    last = visitor.take(shop.incentive_id)
    assert operator.put(f"{own}/withdrawal", {"note": "合作到期"})["state"] == "withdrawn"
    ended = until(
        lambda answer: answer["state"] == "revoked",
        lambda: insist(lambda: visitor.door.get(f"/v1/grants/{last['grant_id']}")),
    )
    assert ended["ended_reason"] == "incentive_withdrawn"
    assert operator.put(own, shop.terms).code == "incentive_withdrawn"
    steps = [(move["move"], move["by"]) for move in operator.get(f"{own}/moves")["moves"]]
    assert steps == [
        ("submitted", "operator"),
        ("accepted", "city"),
        ("published", "city"),
        ("submitted", "operator"),
        ("returned", "city"),
        ("paused", "city"),
        ("resumed", "city"),
        ("withdrawn", "operator"),
    ]


def _before(incentive_id):
    """Name an id that comes before another, so that the page asked for has it."""
    return incentive_id[:-1]
