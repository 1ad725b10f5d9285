"""What a use comes to: given and charged, for each kind of benefit in its own units."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.benefits import (
    Certificate,
    DepositWaiver,
    Discount,
    FreeUse,
    PayLater,
    RentalExtension,
    Voucher,
)
from services.scenarios.domain.reckoning import Asked, Reckoning, problems_of, reckon

pytestmark = pytest.mark.scenarios

MUCH = 10**9


def reckoned(benefit, *, left_fen=None, **asked):
    left = (benefit.most_fen or 0) if left_fen is None else left_fen
    return reckon(benefit, Asked(**asked), left)


@pytest.mark.parametrize(
    ("ride", "given_minutes", "charged"), [(50, 0, 0), (60, 0, 0), (80, 20, 0), (100, 30, 10)]
)
def test_an_extension_gives_minutes_beyond_everybodys(ride, given_minutes, charged):
    bike = RentalExtension(minutes=30, baseline_minutes=60)

    came_to = reckoned(bike, minutes=ride)

    assert came_to == Reckoning(given_minutes=given_minutes, charged_minutes=charged)


def test_minutes_of_a_free_use_over_its_own_are_charged():
    ride = FreeUse(uses=3, minutes_each=30)

    assert reckoned(ride, minutes=45) == Reckoning(given_minutes=30, charged_minutes=15)
    assert reckoned(ride, minutes=20) == Reckoning(given_minutes=20, charged_minutes=0)
    unlimited = reckoned(FreeUse(uses=1), minutes=500)
    assert unlimited == Reckoning(given_minutes=500, charged_minutes=0)


@pytest.mark.parametrize(
    ("benefit", "price", "given_fen", "charged"),
    [
        (Discount(percent_off=20), 1000, 200, 800),
        (Discount(percent_off=20, cap_fen=150), 1000, 150, 850),
        (Discount(percent_off=20, baseline_percent_off=5), 1000, 150, 800),
        (Discount(percent_off=20, baseline_percent_off=5, cap_fen=100), 1000, 100, 850),
        (Discount(percent_off=33), 101, 34, 67),  # 67.67: the part of a fen is the holder's
        (Discount(percent_off=100), 999, 999, 0),
    ],
)
def test_a_discount_is_off_the_one_base_price(benefit, price, given_fen, charged):
    came_to = reckoned(benefit, fen=price)

    assert came_to == Reckoning(given_fen=given_fen, charged_fen=charged)


@given(
    st.integers(0, MUCH), st.integers(0, 98), st.integers(1, 100), st.none() | st.integers(0, MUCH)
)
def test_nobody_with_a_discount_pays_more_than_everybody(price, baseline, percent, cap):
    benefit = Discount(
        percent_off=max(percent, baseline + 1), baseline_percent_off=baseline, cap_fen=cap
    )

    came_to = reckoned(benefit, fen=price)

    everybody = price * (100 - baseline) // 100
    assert 0 <= came_to.charged_fen <= everybody
    assert came_to.given_fen + came_to.charged_fen == everybody
    assert cap is None or came_to.given_fen <= cap


@given(st.integers(0, MUCH), st.integers(0, MUCH))
def test_a_voucher_pays_what_is_left_of_it(amount, left):
    came_to = reckoned(Voucher(face_fen=MUCH), fen=amount, left_fen=left)

    assert came_to.given_fen + came_to.charged_fen == amount
    assert came_to.given_fen == min(amount, left)


def test_a_deposit_is_waived_and_nothing_spent():
    hotel = DepositWaiver(deposit_fen=30_000)

    assert reckoned(hotel, fen=20_000) == Reckoning(waived_fen=20_000, charged_fen=0)
    assert reckoned(hotel, fen=50_000) == Reckoning(waived_fen=30_000, charged_fen=20_000)
    assert reckoned(hotel) == Reckoning(waived_fen=30_000)


def test_who_pays_later_pays_all_but_the_free_minutes():
    parking = PayLater(extra_free_minutes=15, days_to_pay=3)

    came_to = reckoned(parking, fen=700, minutes=100)

    assert came_to == Reckoning(charged_fen=700, given_minutes=15, charged_minutes=85)


@pytest.mark.parametrize(
    ("benefit", "most"),
    [
        (RentalExtension(minutes=30), Reckoning(given_minutes=30)),
        (FreeUse(uses=2, minutes_each=30), Reckoning(given_minutes=30)),
        (Discount(percent_off=20, cap_fen=500), Reckoning(given_fen=500)),
        (Voucher(face_fen=1000), Reckoning(given_fen=1000)),
        (PayLater(days_to_pay=3), Reckoning()),
        (Certificate(certificate="reader-card", valid_days=365), Reckoning()),
    ],
)
def test_what_is_not_measured_is_the_most_a_benefit_gives(benefit, most):
    assert reckoned(benefit) == most


@pytest.mark.parametrize(
    ("benefit", "asked", "fields"),
    [
        (Voucher(face_fen=1), {"minutes": 5}, ["minutes"]),
        (FreeUse(uses=1), {"fen": 5}, ["amount_fen"]),
        (
            Certificate(certificate="c", valid_days=1),
            {"fen": 5, "minutes": 1},
            ["amount_fen", "minutes"],
        ),
        (PayLater(days_to_pay=1), {"fen": 5, "minutes": 1}, []),
    ],
)
def test_a_unit_that_a_benefit_is_not_reckoned_in_is_named(benefit, asked, fields):
    assert sorted(problems_of(benefit, Asked(**asked))) == fields
