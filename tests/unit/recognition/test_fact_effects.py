"""Whatever happens in whatever order: a fact counts exactly as long as it may.

A life is played step by step, by a resident, officials, the scoring system and time; beside it
stands a second, plain account of which facts count.
"""

import random
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.disputes import (
    AskForRepair,
    DecideDispute,
    DecideRepair,
    OpenDispute,
    WithdrawDispute,
)
from contracts.periods import HOST_TIME, months_after
from contracts.words import DisputeGround, DisputeOutcome, Gravity, RepairOutcome, RepairRefusal
from services.recognition.handlers import disputes, repairs
from services.recognition.handlers.attestations import issue_attestation
from services.recognition.handlers.consents import give_consent
from services.recognition.handlers.score_check import check_scores
from tests.builders.attestations import NOW, a_crosswalk
from tests.builders.facts import a_fact
from tests.builders.recognition import (
    RESIDENT,
    a_give_consent,
    a_score,
    an_issue_attestation,
    home_node,
)
from tests.fakes.recognition import FakeScores, FakeUnitOfWork

pytestmark = pytest.mark.recognition

DAY = timedelta(days=1)
UNTOUCHED = Decimal(783)
LONGEST_MONTHS = {Gravity.MINOR: 3, Gravity.GENERAL: 12, Gravity.SERIOUS: 36}
SHORTEST_MONTHS = {Gravity.MINOR: 0, Gravity.GENERAL: 3, Gravity.SERIOUS: 12}
IDS = ["fz-1", "fz-2", "fz-3"]
ITEMS = ["fz-penalty", "fz-arrears"]
POINTS = [-60, -100, -160, 30]
SCALE = a_crosswalk().scales["350100"]


class Life:
    """One resident with one host; `chance` decides what happens next."""

    def __init__(self, chance):
        self.chance = chance
        self.uow, self.now = FakeUnitOfWork(list_size=4096), NOW
        self.delivered = {}
        self.contested, self.upheld = {}, set()
        self.asked = {}
        self.wrong, self.repaired = set(), []
        for name in IDS:
            self.deliver(name)

    @property
    def node(self):
        score = UNTOUCHED + sum(fact.points for fact in self.delivered.values())
        record = a_score(score=score, facts=tuple(self.delivered.values()))
        return home_node(scores=FakeScores({RESIDENT: record}))

    @property
    def world(self):
        return {"uow": self.uow, "node": self.node, "now": self.now}

    def step(self):
        """Do one of the things that can be done now."""
        ways = [
            (3, self.contest, self.contestable()),
            (4, self.decide, list(self.contested)),
            (1, self.withdraw, list(self.contested)),
            (3, self.ask, self.repairable()),
            (4, self.decide_repair, list(self.asked)),
            (2, self.deliver, IDS),
            (2, self.deliver_again, list(self.delivered.values())),
            (1, self.drop, list(self.delivered)),
            (2, self.time_passes, [1, 20, 60, 200]),
        ]
        possible = [way for way in ways if way[2]]
        [(_, act, choices)] = self.chance.choices(possible, [weight for weight, *_ in possible])
        act(self.chance.choice(choices))

    # --- the plain account ---

    def is_over(self, fact):
        covered = any(
            fact.id == other.id
            or (
                fact.catalogue_item == other.catalogue_item
                and fact.decided_at <= other.decided_at
                and fact.id not in known
            )
            for other, known in self.repaired
        )
        end = months_after(fact.decided_at, LONGEST_MONTHS[fact.gravity])
        return covered or fact.digest in self.wrong or self.now >= end

    def counts(self, fact):
        return not self.is_over(fact) and fact.id not in self.contested.values()

    def contestable(self):
        return [
            fact
            for fact in self.delivered.values()
            if fact.lowers and self.counts(fact) and fact.digest not in self.upheld
        ]

    def repairable(self):
        return [
            fact
            for fact in self.delivered.values()
            if fact.lowers
            and not self.is_over(fact)
            and fact.id not in {other.id for other in self.asked.values()}
            and self.now >= self.earliest(fact)
        ]

    def earliest(self, fact):
        months = SHORTEST_MONTHS[fact.gravity]
        return months_after(fact.decided_at, months) if months else fact.decided_at

    # --- the scoring system and time ---

    def deliver(self, id):
        age = self.chance.choice([0, 30, 80, 100, 150, 300, 400])
        day = (self.now - age * DAY).astimezone(HOST_TIME)
        self.delivered[id] = a_fact(
            id=id,
            catalogue_item=self.chance.choice(ITEMS),
            points=Decimal(self.chance.choice(POINTS)),
            gravity=self.chance.choice(list(Gravity)),
            decided_at=day.replace(hour=0, minute=0, second=0, microsecond=0),
        )

    def deliver_again(self, fact):
        points = Decimal(self.chance.choice(POINTS))
        self.delivered[fact.id] = replace(fact, points=points)

    def drop(self, id):
        del self.delivered[id]

    def time_passes(self, days):
        self.now += days * DAY

    # --- disputes ---

    def contest(self, fact):
        command = OpenDispute(
            dispute_id=uuid4(), resident=RESIDENT, ground=DisputeGround.OTHER, fact_id=fact.id
        )
        disputes.open_dispute(command, **self.world)
        self.contested[(command.dispute_id, fact.digest)] = fact.id

    def decide(self, case):
        dispute, digest = case
        outcome = self.chance.choice(list(DisputeOutcome))
        disputes.decide_dispute(DecideDispute(dispute_id=dispute, outcome=outcome), **self.world)
        del self.contested[case]
        (self.wrong if outcome is DisputeOutcome.CORRECTED else self.upheld).add(digest)

    def withdraw(self, case):
        dispute, _ = case
        command = WithdrawDispute(dispute_id=dispute, resident=RESIDENT)
        disputes.withdraw_dispute(command, **self.world)
        del self.contested[case]

    # --- repairs ---

    def ask(self, fact):
        command = AskForRepair(repair_id=uuid4(), resident=RESIDENT, fact_id=fact.id)
        repairs.ask_for_repair(command, **self.world)
        self.asked[command.repair_id] = fact

    def decide_repair(self, repair_id):
        fact = self.asked.pop(repair_id)
        refusal = self.chance.choice([None, None, RepairRefusal.DUTY_NOT_FULFILLED])
        outcome = RepairOutcome.REFUSED if refusal else RepairOutcome.COMPLETED
        command = DecideRepair(repair_id=repair_id, outcome=outcome, refusal=refusal)
        repairs.decide_repair(command, **self.world)
        if outcome is RepairOutcome.COMPLETED:
            self.repaired.append((fact, set(self.delivered)))

    # --- what is attested ---

    def standing(self):
        return self.uow.state.issuances.where(
            lambda each: each.revoked is None and each.until > self.now
        )

    def attested(self):
        """Return the bands of what stands; get an attestation first where there is none."""
        check_scores(**self.world)
        if not self.standing():
            consent = a_give_consent(consent_id=uuid4(), until=self.now + 700 * DAY)
            give_consent(consent, **self.world)
            issue_attestation(an_issue_attestation(attestation_id=uuid4()), **self.world)
        return {each.band for each in self.standing()}

    def due(self):
        """Return the band by what counts, and nothing else."""
        facts = self.delivered.values()
        counted = sum(each.points for each in facts if not each.lowers or self.counts(each))
        return SCALE.band_of(UNTOUCHED + counted).label


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32))
def test_what_is_attested_reckons_with_the_facts_that_count_and_no_others(seed):
    life = Life(random.Random(seed))  # noqa: S311 - to be repeated, not to be secret

    for _ in range(25):
        assert life.attested() == {life.due()}
        life.step()
