"""Explanations as scenarios writes them, always the same: one for each way a decision can go."""

import json
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from contracts import wire
from contracts.decisions import EXPLANATION, ConditionFinding, Explanation
from contracts.errors import Refused
from contracts.outcomes import DecisionOutcome
from contracts.recognition import RecognitionEvidence
from contracts.rules import Conditions, Hours, Quota
from contracts.words import Condition, Period, ScenarioKind, Weekday
from services.scenarios.handlers.replay import named
from tests.builders.scenarios import (
    DAY,
    FUZHOU,
    HANGZHOU,
    HOUR,
    NOW,
    TEN_YUAN,
    ZHENGZHOU,
    a_holder,
    a_month,
    an_offer,
    issue,
)
from tests.fakes.scenarios import FakeUnitOfWork

ID = UUID("0192f3a0-0000-7000-8000-00000000000d")
EVIDENCE = RecognitionEvidence(
    key_id="fuzhou-2026",
    roster=7,
    status_as_of=NOW - timedelta(seconds=90),
    attested_at=NOW - 3 * DAY,
    roster_as_of=NOW - 2 * HOUR,
    overrides=("350100-330100-transport 1",),
)
FULL = {
    "benefit": TEN_YUAN,
    "per_holder": a_month(2),
    "quota": a_month(10),
    "quotas": (Quota(period=Period.DAY, fen=2000, district="330106"),),
    "budget_fen": 50_000,
    "conditions": Conditions(
        home_cities=(FUZHOU, ZHENGZHOU),
        attestation_age_days=30,
        weekdays=(Weekday.TUESDAY, Weekday.SUNDAY),
        hours=(Hours(since="09:00", until="17:00"),),
        districts=("330106",),
    ),
}


def an_explanation(**overrides):
    """Make the explanation of a decision that is not about an incentive."""
    values = {
        "document": EXPLANATION,
        "decision_id": ID,
        "kind": ScenarioKind.SCREENING,
        "city": HANGZHOU,
        "scenario_id": "hz-tender",
        "rule_id": "tender-lists",
        "rule_version": 1,
        "outcome": DecisionOutcome.NOT_LISTED,
        "reason": None,
        "findings": (),
        "facts": None,
        "basis": None,
        "evidence_ids": (),
        "decided_at": NOW,
    }
    return Explanation(**{**values, **overrides})


def written():
    """Return the document of every way, by name."""
    return {
        "granted": _decided(FULL, district="330106"),
        "refused-by-tier-and-hours": _decided(FULL, tier=2, district="330106", now=NOW + 4 * HOUR),
        "refused-by-limit": _decided(FULL, district="330106", before=2),
        "refused-without-recognition": _decided(FULL, holder="holder-of-fuzhou-8"),
        "refused-unknown-incentive": _decided(FULL, incentive_id="nowhere"),
        "substitution": wire.dump(
            an_explanation(
                kind=ScenarioKind.SUBSTITUTION,
                outcome=DecisionOutcome.GRANTED,
                rule_id="rental-deposit",
                findings=(
                    ConditionFinding(
                        condition=Condition.EVIDENCE, held=True, asked="lease", found="lease"
                    ),
                ),
                evidence_ids=(ID,),
            )
        ),
        "screening": wire.dump(
            an_explanation(
                findings=(
                    ConditionFinding(
                        condition=Condition.LISTS, held=True, asked="debtors", found=""
                    ),
                )
            )
        ),
    }


def _decided(terms, *, tier=4, before=0, now=NOW, **asked):
    uow = FakeUnitOfWork()
    an_offer(uow, **terms)
    recognised = a_holder(
        uow, tier=tier, evidence=EVIDENCE, recognition_id=UUID(int=3), attestation_id=UUID(int=4)
    )
    for number in range(before):
        issue(uow, recognised, grant_id=UUID(int=100 + number), now=now, **asked)
    with suppress(Refused):
        issue(uow, recognised, grant_id=ID, now=now, **asked)
    [record] = named(ID, uow=uow)
    return json.loads(record.document)
