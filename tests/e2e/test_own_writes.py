"""What somebody has just done is counted in when they ask after it."""

from uuid import uuid4

from tests.e2e.load import take
from tests.e2e.people import insist, open_shop, visit

ONCE = {"count": 1, "period": "year"}


def reasons_after(visitor, shop, **write):
    offers = insist(lambda: visitor.door.get("/v1/eligibility", **write))["offers"]
    [offer] = [each for each in offers if each["incentive_id"] == shop.incentive_id]
    return offer["reasons"]


def test_a_holder_who_asks_after_a_grant_sees_it_counted(alliance):
    visitor = visit(alliance)
    for _ in range(3):
        shop = open_shop(alliance, per_holder=ONCE)
        grant_id = uuid4()

        taken = take(visitor.door, grant_id, shop)

        assert taken.ok
        assert reasons_after(visitor, shop, after_grant=grant_id) == ["holder_limit_reached"]


def test_a_holder_who_asks_after_a_reservation_sees_it_counted(alliance):
    visitor = visit(alliance)
    shop, reservation_id = open_shop(alliance, quota=ONCE, per_holder=ONCE), uuid4()
    body = {"incentive_id": shop.incentive_id}

    held = insist(lambda: visitor.door.put(f"/v1/reservations/{reservation_id}", body))

    assert held.ok
    assert reasons_after(visitor, shop, after_reservation=reservation_id) == ["quota_exhausted"]
