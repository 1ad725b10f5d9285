"""Benefits: each kind gives something, and more than everybody has."""

import pytest

from contracts.benefits import Certificate, DepositWaiver, Discount, PayLater
from contracts.errors import Malformed
from tests.builders.scenarios import an_offer

pytestmark = pytest.mark.scenarios


@pytest.mark.parametrize(
    ("benefit", "field"),
    [
        (Discount(percent_off=10, baseline_percent_off=10), "benefit.percent_off"),
        (Discount(percent_off=10, baseline_percent_off=20), "benefit.percent_off"),
        (DepositWaiver(deposit_fen=0), "benefit.deposit_fen"),
        (PayLater(), "benefit.days_to_pay"),
        (DepositWaiver(deposit_fen=100, hold_days=3661), "benefit.hold_days"),
        (PayLater(days_to_pay=3661), "benefit.days_to_pay"),
        (Certificate(certificate="annual-pass", valid_days=3661), "benefit.valid_days"),
    ],
)
def test_a_benefit_that_gives_nothing_or_beyond_the_calendar_is_not_offered(uow, benefit, field):
    with pytest.raises(Malformed) as refusal:
        an_offer(uow, benefit=benefit)

    assert list(refusal.value.errors) == [field]


@pytest.mark.parametrize(
    "benefit",
    [
        Discount(percent_off=11, baseline_percent_off=10),
        DepositWaiver(deposit_fen=1),
        PayLater(days_to_pay=1),
        PayLater(extra_free_minutes=1),
        Certificate(certificate="reader-card", valid_days=365),
    ],
)
def test_a_benefit_of_every_kind_can_be_offered(uow, benefit):
    assert an_offer(uow, benefit=benefit).benefit == benefit
