"""Whatever happens in whichever order, the numbers agree with the grants.

A machine takes, redeems in part, reverses, calls deposits, recalls, revokes, restores and expires
at random, on the fake and on SQL alike.
"""

from collections import Counter
from contextlib import suppress
from datetime import timedelta
from tempfile import TemporaryDirectory
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from contracts.benefits import DepositWaiver, Discount
from contracts.corrections import RecognitionResumed, RecognitionRevised
from contracts.errors import Conflict, Refused
from contracts.passes import CallDeposit, RecallGrant, ReverseRedemption
from contracts.rules import Limit
from contracts.words import GrantState, OnWithdrawal, Period, RecallReason, UsageFact
from services.scenarios.domain.bounds import Bound, Count
from services.scenarios.domain.limits import Tally, window_of
from services.scenarios.handlers.catalogue import publish_incentive
from services.scenarios.handlers.corrections import (
    on_recognition_resumed,
    on_recognition_revised,
)
from services.scenarios.handlers.expiry import expire_grants
from services.scenarios.handlers.lives import review_incentive
from services.scenarios.handlers.recalls import recall_grant
from services.scenarios.handlers.recognitions import on_recognition_ended
from services.scenarios.handlers.reversals import call_deposit, release_holds, reverse_redemption
from tests.builders.scenarios import (
    BIKES,
    FUZHOU,
    HANGZHOU,
    KEEP_STARTED,
    NOW,
    TEN_YUAN,
    a_catalogue,
    a_holder,
    a_publish_incentive,
    a_recognition_ended,
    a_review,
    issue,
    redeem,
)
from tests.unit.scenarios import storages

pytestmark = pytest.mark.scenarios

HOLDERS = ("holder-of-fuzhou-1", "holder-of-fuzhou-2")
BUDGET, QUOTA = 3500, 6
OFFERS = {
    "voucher": {
        "benefit": TEN_YUAN,
        "budget_fen": BUDGET,
        "minimum_tier": 4,
        "reversible_minutes": 600,
    },
    "rides": {**KEEP_STARTED, "reversible_minutes": 600},
    "discount": {
        "benefit": Discount(percent_off=20, cap_fen=500),
        "budget_fen": BUDGET,
        "reversible_minutes": 600,
    },
    "deposit": {"benefit": DepositWaiver(deposit_fen=900, hold_days=2), "budget_fen": BUDGET},
    "few": {
        "quota": Limit(count=QUOTA, period=Period.LIFETIME),
        "on_withdrawal": OnWithdrawal.CALL_BACK,
        "notice_days": 1,
    },
}
MEASURED = ("voucher", "discount", "deposit")
PERIODS = st.sampled_from(Period)
REASONS = ("score_changed", "fact_disputed", "consent_withdrawn")
HOUR = timedelta(hours=1)


class Scenarios(RuleBasedStateMachine):
    """Takes incentives at random; `grants` are the records of those that succeeded."""

    def open_storage(self, directory):
        raise NotImplementedError

    def __init__(self):
        super().__init__()
        self.directory = TemporaryDirectory()
        self.storage = self.open_storage(self.directory.name)
        self.uow = self.storage.__enter__()
        self.now, self.grants, self.recognised = NOW, [], {}
        self.redemptions, self.given = [], {}

    def teardown(self):
        self.storage.__exit__(None, None, None)
        self.directory.cleanup()

    @initialize()
    def begin(self):
        a_catalogue(self.uow)
        for incentive_id in OFFERS:
            self.publish(incentive_id, 4, Period.MONTH)
        for holder in HOLDERS:
            self.recognise(holder)

    @rule(offer=st.sampled_from(sorted(OFFERS)), count=st.integers(1, 4), period=PERIODS)
    def publish(self, offer, count, period):
        per_holder = Limit(count=count, period=period)
        command = a_publish_incentive(incentive_id=offer, per_holder=per_holder, **OFFERS[offer])
        draft = publish_incentive(command, uow=self.uow, city=HANGZHOU, now=self.now)
        review_incentive(a_review(draft), uow=self.uow, now=self.now)

    @rule(holder=st.sampled_from(HOLDERS))
    def recognise(self, holder):
        until = self.now + 60 * HOUR
        self.recognised[holder] = a_holder(
            self.uow, holder=holder, recognised_at=self.now, until=until
        )

    @rule(holder=st.sampled_from(HOLDERS), offer=st.sampled_from(sorted(OFFERS)))
    def take(self, holder, offer):
        recognised = self.recognised[holder]
        with suppress(Refused):
            self.grants.append(issue(self.uow, recognised, now=self.now, incentive_id=offer))

    @rule(place=st.integers(0), amount=st.none() | st.integers(0, 3000))
    def redeem(self, place, amount):
        if not self.grants:
            return
        grant = self.grants[-1 - place % min(4, len(self.grants))]
        asked = {"amount_fen": amount} if grant.incentive_id in MEASURED else {}
        with suppress(Refused):
            redeemed = redeem(self.uow, grant, now=self.now, **asked)
            self.redemptions.append(redeemed)
            self.given[redeemed.redemption_id] = redeemed.given_fen

    @rule(place=st.integers(0))
    def reverse(self, place):
        if not self.redemptions:
            return
        redeemed = self.redemptions[place % len(self.redemptions)]
        command = ReverseRedemption(
            reversal_id=uuid4(), redemption_id=redeemed.redemption_id, operator_id=BIKES
        )
        with suppress(Refused):
            reverse_redemption(command, uow=self.uow, city=HANGZHOU, now=self.now)
            self.given[redeemed.redemption_id] = 0

    @rule(place=st.integers(0), days=st.integers(1, 3))
    def recall(self, place, days):
        if not self.grants:
            return
        command = RecallGrant(
            grant_id=self.grants[place % len(self.grants)].grant_id,
            operator_id=None,
            reason=RecallReason.MISUSE,
            notice_days=days,
        )
        with suppress(Refused):
            recall_grant(command, uow=self.uow, city=HANGZHOU, now=self.now)

    @rule(place=st.integers(0), called=st.integers(0, 900))
    def call_deposit(self, place, called):
        waived = [each for each in self.redemptions if each.waived_fen is not None]
        if not waived:
            return
        redeemed = waived[place % len(waived)]
        command = CallDeposit(
            redemption_id=redeemed.redemption_id, operator_id=BIKES, called_fen=called
        )
        with suppress(Refused, Conflict):
            call_deposit(command, uow=self.uow, city=HANGZHOU, now=self.now)
            self.given[redeemed.redemption_id] = called

    @rule(holder=st.sampled_from(HOLDERS), reason=st.sampled_from(REASONS))
    def end_recognition(self, holder, reason):
        event = a_recognition_ended(self.recognised[holder], reason=reason)
        on_recognition_ended(event, uow=self.uow, city=HANGZHOU, now=self.now)

    @rule(holder=st.sampled_from(HOLDERS), tier=st.sampled_from((3, 4)), hours=st.integers(1, 70))
    def revise_recognition(self, holder, tier, hours):
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
            until=self.now + hours * HOUR,
        )
        on_recognition_revised(event, uow=self.uow, city=HANGZHOU, now=self.now)

    @rule(holder=st.sampled_from(HOLDERS))
    def resume_recognition(self, holder):
        recognised = self.recognised[holder]
        event = RecognitionResumed(
            recognition_id=recognised.recognition_id,
            holder=holder,
            home=recognised.home,
            resumed_at=self.now,
        )
        on_recognition_resumed(event, uow=self.uow, city=HANGZHOU, now=self.now)

    @rule(hours=st.integers(1, 30))
    def let_time_pass(self, hours):
        self.now += hours * HOUR
        expire_grants(uow=self.uow, city=HANGZHOU, now=self.now, batch=2)
        release_holds(uow=self.uow, now=self.now, batch=2)

    @invariant()
    def tallies_say_what_the_grants_say(self):
        with self.uow:
            for offer in OFFERS:
                grants = self.grants_of(offer)
                states = Counter(grant.state.value for grant in grants)
                given = [
                    self.given[redeemed.redemption_id]
                    for redeemed in self.redemptions
                    if redeemed.incentive_id == offer
                ]
                assert self.uow.tallies.get(offer) == Tally(
                    issued=len(grants),
                    **{state.value: states[state.value] for state in GrantState},
                    reserved_fen=sum(grant.reserved_fen for grant in grants),
                    spent_fen=sum(given),
                )

    @invariant()
    def no_bound_is_exceeded(self):
        with self.uow:
            for offer in MEASURED:
                tally = self.uow.tallies.get(offer)
                assert tally.reserved_fen + tally.spent_fen + tally.free_fen(BUDGET) == BUDGET
            assert self.uow.tallies.get("few").issued <= QUOTA

    @invariant()
    def lines_say_what_became_of_the_grants(self):
        booked = Counter()
        with self.uow:
            for month in ("2026-11", "2026-12", "2027-01"):
                some = self.uow.usage_lines.of_month(month, home=FUZHOU, host=HANGZHOU, most=10**6)
                booked.update((line.grant_id, line.fact) for line in some)
            for offer in OFFERS:
                for grant in self.grants_of(offer):
                    ended = grant.state is GrantState.REVOKED
                    assert booked[grant.id, UsageFact.RESTORED] == grant.restored
                    assert booked[grant.id, UsageFact.REVOKED] == grant.restored + ended

    @invariant()
    def no_open_grant_outlives_its_recognition(self):
        with self.uow:
            for offer in OFFERS:
                for grant in self.grants_of(offer):
                    recognition = self.uow.recognitions.get(grant.basis.recognition_id)
                    runs_on = grant.state is GrantState.OPEN and recognition.ended_at is None
                    assert not runs_on or grant.until <= recognition.until

    @invariant()
    def counters_say_what_the_grants_say(self):
        with self.uow:
            for offer in OFFERS:
                for period in Period:
                    window = window_of(period, self.now)
                    grants = [g for g in self.grants_of(offer) if g.counted_at >= window.since]
                    for holder in (*HOLDERS, None):
                        bound = Bound(window=window, holder=holder, units=10**6)
                        counting = [g for g in grants if holder in (None, g.holder)]
                        assert self.uow.counters.look(offer, [bound]) == [
                            Count(
                                issued=len(counting),
                                reserved_fen=sum(grant.reserved_fen for grant in counting),
                                spent_fen=sum(grant.spent_fen for grant in counting),
                            )
                        ]

    def grants_of(self, offer):
        ids = [grant.grant_id for grant in self.grants if grant.incentive_id == offer]
        return [self.uow.grants.get(grant_id) for grant_id in ids]


class OnTheFake(Scenarios):
    def open_storage(self, directory):
        return storages.fake(directory)


class OnSqlite(Scenarios):
    def open_storage(self, directory):
        return storages.sqlite(directory)


TestOnTheFake = OnTheFake.TestCase
TestOnTheFake.settings = settings(
    max_examples=25,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
TestOnSqlite = OnSqlite.TestCase
TestOnSqlite.settings = settings(TestOnTheFake.settings, max_examples=4, stateful_step_count=20)
