"""Whatever happens in whichever order: issued = open + redeemed + expired + revoked, and a quota or
a budget is spent + reserved + free, exactly.

A machine takes, reserves, confirms, cancels, redeems, revokes, restores and expires at random in
two districts, under quotas in number and in money by every period, on SQL.
"""

from contextlib import suppress
from datetime import timedelta
from tempfile import TemporaryDirectory
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from contracts.corrections import RecognitionRevised
from contracts.errors import Refused
from contracts.quotas import (
    CancelReservation,
    ConfirmReservation,
    MeasureIncentive,
    ReserveGrant,
)
from contracts.rules import Conditions, Quota
from contracts.scenarios import Limit
from contracts.words import Period
from services.scenarios.adapters.audit import audit
from services.scenarios.handlers.catalogue import register_scenario
from services.scenarios.handlers.corrections import on_recognition_revised
from services.scenarios.handlers.expiry import expire_grants
from services.scenarios.handlers.forgetting import forget_counters
from services.scenarios.handlers.recognitions import on_recognition_ended
from services.scenarios.handlers.reservations import (
    cancel_reservation,
    confirm_reservation,
    expire_reservations,
    reserve_grant,
)
from services.scenarios.handlers.usage import measure_incentive
from tests.builders.scenarios import (
    BIKES,
    HANGZHOU,
    NODE,
    NOW,
    TEN_YUAN,
    THREE_USES,
    a_holder,
    a_recognition_ended,
    a_register_scenario,
    an_offer,
    issue,
    redeem,
)
from tests.unit.scenarios import storages

pytestmark = pytest.mark.scenarios

HOLDERS = ("holder-of-fuzhou-1", "holder-of-fuzhou-2", "holder-of-fuzhou-3")
DISTRICTS = ("330106", "330108")
BUDGET = 9500
LIMITS = Conditions(
    holder_limits=(Limit(count=2, period=Period.DAY), Limit(count=7, period=Period.YEAR))
)
OFFERS = {
    "voucher": {
        "benefit": TEN_YUAN,
        "budget_fen": BUDGET,
        "conditions": LIMITS,
        "quota": Limit(count=9, period=Period.MONTH),
        "quotas": (
            Quota(period=Period.DAY, fen=3500),
            Quota(period=Period.DAY, count=2, district=DISTRICTS[0]),
            Quota(period=Period.DAY, count=3, district=DISTRICTS[1]),
            Quota(period=Period.MONTH, fen=6500, district=DISTRICTS[1]),
        ),
    },
    "rides": {
        "benefit": THREE_USES,
        "quotas": (
            Quota(period=Period.DAY, count=4),
            Quota(period=Period.LIFETIME, count=11),
        ),
    },
}
OFFER, HOLDER = st.sampled_from(sorted(OFFERS)), st.sampled_from(HOLDERS)
PLACE = st.integers(0, 3)
HOUR = timedelta(hours=1)


class Quotas(RuleBasedStateMachine):
    """Every command's answer is remembered, so that it can be repeated."""

    def __init__(self):
        super().__init__()
        self.directory = TemporaryDirectory()
        self.storage = storages.sqlite(self.directory.name)
        self.uow = self.storage.__enter__()
        self.now, self.grants, self.reservations, self.recognised = NOW, [], [], {}

    def teardown(self):
        self.storage.__exit__(None, None, None)
        self.directory.cleanup()

    @initialize()
    def begin(self):
        for incentive_id, terms in OFFERS.items():
            per_holder = Limit(count=6, period=Period.MONTH)
            an_offer(self.uow, incentive_id=incentive_id, per_holder=per_holder, **terms)
        self.move_scenario(0)
        for holder in HOLDERS:
            self.recognise(holder)
        self.take(HOLDERS[0], "voucher")
        self.take(HOLDERS[0], "rides")
        self.reserve(HOLDERS[1], "voucher", 1)

    @rule(place=st.integers(0, 1))
    def move_scenario(self, place):
        command = a_register_scenario(district=DISTRICTS[place])
        register_scenario(command, uow=self.uow, city=HANGZHOU, now=self.now)

    @rule(holder=HOLDER)
    def recognise(self, holder):
        until = self.now + 90 * HOUR
        self.recognised[holder] = a_holder(
            self.uow, holder=holder, recognised_at=self.now, until=until
        )

    @rule(holder=HOLDER, offer=OFFER)
    def take(self, holder, offer):
        with suppress(Refused):
            grant = issue(self.uow, self.recognised[holder], now=self.now, incentive_id=offer)
            self.grants.append(grant)

    @rule(holder=HOLDER, offer=OFFER, times=st.integers(1, 2))
    def reserve(self, holder, offer, times):
        recognised, new_id = self.recognised[holder], uuid4()
        for _ in range(times):
            command = ReserveGrant(
                reservation_id=new_id,
                holder=holder,
                recognition_id=recognised.recognition_id,
                incentive_id=offer,
            )
            with suppress(Refused):
                reserve_grant(command, uow=self.uow, city=HANGZHOU, minutes=90, now=self.now)
                self.reservations.append((holder, new_id))

    @rule(place=PLACE, times=st.integers(1, 2))
    def confirm(self, place, times):
        for holder, named in self.some(self.reservations, place) * times:
            command = ConfirmReservation(
                reservation_id=named,
                holder=holder,
                recognition_id=self.recognised[holder].recognition_id,
            )
            with suppress(Refused):
                grant = confirm_reservation(command, uow=self.uow, now=self.now, **NODE)
                self.grants.append(grant)

    @rule(place=PLACE, times=st.integers(1, 2))
    def cancel(self, place, times):
        for holder, named in self.some(self.reservations, place) * times:
            with suppress(Refused):
                command = CancelReservation(reservation_id=named, holder=holder)
                cancel_reservation(command, uow=self.uow, now=self.now)

    @rule(place=PLACE)
    def redeem(self, place):
        for grant in self.some(self.grants, place):
            with suppress(Refused):
                redeem(self.uow, grant, now=self.now)

    @rule(holder=HOLDER)
    def end_recognition(self, holder):
        event = a_recognition_ended(self.recognised[holder], reason="score_changed")
        on_recognition_ended(event, uow=self.uow, city=HANGZHOU, now=self.now)

    @rule(holder=HOLDER, tier=st.sampled_from((2, 4)))
    def revise_recognition(self, holder, tier):
        recognised = self.recognised[holder]
        event = RecognitionRevised(
            recognition_id=recognised.recognition_id,
            attestation_id=uuid4(),
            holder=holder,
            home=recognised.home,
            tier=tier,
            purposes=recognised.purposes,
            crosswalk=3,
            reason="score_changed",
            revised_at=self.now,
            until=self.now + 90 * HOUR,
        )
        on_recognition_revised(event, uow=self.uow, city=HANGZHOU, now=self.now)

    @rule(hours=st.integers(1, 30))
    def let_time_pass(self, hours):
        self.now += hours * HOUR
        expire_grants(uow=self.uow, city=HANGZHOU, now=self.now, batch=2)
        expire_reservations(uow=self.uow, now=self.now, batch=2)

    @rule()
    def forget(self):
        forget_counters(uow=self.uow, now=self.now, batch=3)

    @staticmethod
    def some(things, place):
        """Choose one of the newest, if there is any."""
        return [things[-1 - place % min(4, len(things))]] if things else []

    @invariant()
    def nothing_differs_from_the_grants_and_reservations(self):
        assert list(audit(self.uow._engine, repair=False)) == []  # noqa: SLF001  as the command does

    @invariant()
    def every_quota_and_the_budget_are_what_was_given_and_what_is_left(self):
        for offer in OFFERS:
            command = MeasureIncentive(incentive_id=offer, operator_id=BIKES)
            usage = measure_incentive(command, uow=self.uow, now=self.now)
            ends = usage.open + usage.redeemed + usage.expired + usage.revoked
            assert usage.issued == ends
            if usage.budget_fen is not None:
                assert usage.budget_fen == usage.spent_fen + usage.reserved_fen + usage.free_fen
            for quota in usage.quotas:
                if quota.count is not None:
                    assert quota.count == quota.issued + quota.held + quota.free
                if quota.fen is not None:
                    assert quota.fen == quota.spent_fen + quota.reserved_fen + quota.free_fen


TestQuotas = Quotas.TestCase
TestQuotas.settings = settings(
    max_examples=10,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
