"""A repair takes a fact's effect for good, and leaves no trace for anybody to see."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from contracts.disputes import AskForRepair, DecideRepair, ListRepairCases, ListRepairs
from contracts.errors import Conflict, Malformed, NotFound, Refused
from contracts.notices import ATTESTATION_SUPERSEDED, REPAIR_COMPLETED
from contracts.recognition import NoticeReady
from contracts.words import Gravity, RepairOutcome, RepairRefusal, RepairState
from services.recognition.domain import jws
from services.recognition.handlers import repairs
from services.recognition.handlers.cases import list_repair_cases
from services.recognition.handlers.score_check import check_scores
from tests.builders.attestations import NOW
from tests.builders.facts import a_fact
from tests.builders.recognition import RESIDENT, STRANGER, an_issued_attestation
from tests.unit.recognition.test_disputes import (
    DAY,
    NODE,
    WITH_FACT,
    WITHOUT,
    facts_of,
    lowered,
    standing,
    told,
)

pytestmark = pytest.mark.recognition

REPAIR = uuid4()


def asked(uow, node=NODE, now=NOW, **overrides):
    values = {"repair_id": REPAIR, "resident": RESIDENT, "fact_id": "fz-1"}
    return repairs.ask_for_repair(
        AskForRepair(**{**values, **overrides}), uow=uow, node=node, now=now
    )


def decided(uow, refusal=None, node=NODE, now=NOW + DAY):
    outcome = RepairOutcome.REFUSED if refusal else RepairOutcome.COMPLETED
    command = DecideRepair(repair_id=REPAIR, outcome=outcome, refusal=refusal)
    return repairs.decide_repair(command, uow=uow, node=node, now=now)


def repaired(uow, node=NODE):
    asked(uow, node)
    return decided(uow, node=node)


def test_a_repaired_fact_does_not_count_and_the_host_hears_of_it(uow):
    an_issued_attestation(uow, NODE)

    record = repaired(uow)

    assert (standing(uow), record.state) == (WITHOUT, RepairState.COMPLETED)
    first, second = (
        next(iter(jws.read(notice.token).payload["events"]))
        for notice in uow.announced_of(NoticeReady)
    )
    assert (first, second) == (REPAIR_COMPLETED, ATTESTATION_SUPERSEDED)


def test_a_host_whose_attestation_says_the_same_hears_nothing(uow):
    node = lowered(a_fact(points=Decimal(-1)))
    an_issued_attestation(uow, node)

    repaired(uow, node)

    assert uow.announced_of(NoticeReady) == []


def test_until_it_is_decided_the_fact_counts(uow):
    an_issued_attestation(uow, NODE)

    asked(uow)

    assert standing(uow) == WITH_FACT


def test_nobody_sees_that_there_was_a_fact(uow):
    repaired(uow)

    assert facts_of(uow, now=NOW + DAY) == ()
    assert list_repair_cases(ListRepairCases(), uow=uow).repairs == ()
    assert told(uow, REPAIR_COMPLETED) == []


def test_whoever_asked_sees_their_own_request(uow):
    record = repaired(uow)

    assert repairs.list_repairs(ListRepairs(resident=RESIDENT), uow=uow).repairs == (record,)
    assert repairs.list_repairs(ListRepairs(resident=STRANGER), uow=uow).repairs == ()


@pytest.mark.parametrize(
    "late",
    [
        a_fact(),
        a_fact(points=Decimal(-160)),
        a_fact(decided_at=NOW - 10 * DAY),
        a_fact(id="fz-2", decided_at=a_fact().decided_at - 30 * DAY),
        a_fact(id="fz-2"),
    ],
    ids=["again", "with other points", "with another date", "older", "of the same day"],
)
def test_late_evidence_does_not_bring_a_repaired_fact_back(uow, late):
    repaired(uow)

    an_issued_attestation(uow, lowered(late, score=783 + late.points), now=NOW + 2 * DAY)

    assert standing(uow) == WITHOUT


@pytest.mark.parametrize(
    "other",
    [
        a_fact(id="fz-2", decided_at=a_fact().decided_at + DAY),
        a_fact(id="fz-2", catalogue_item="fz-arrears"),
    ],
    ids=["younger", "of another item"],
)
def test_a_repair_covers_nothing_else(uow, other):
    repaired(uow)

    an_issued_attestation(uow, lowered(other), now=NOW + 2 * DAY)

    assert standing(uow) == WITH_FACT


def test_an_older_fact_that_was_known_keeps_a_life_of_its_own(uow):
    older = a_fact(id="fz-2", decided_at=a_fact().decided_at - 30 * DAY)
    node = lowered(a_fact(points=Decimal(-10)), older, score=Decimal(673))

    repaired(uow, node)
    an_issued_attestation(uow, node, now=NOW + 2 * DAY)

    assert standing(uow) == WITH_FACT


def test_a_fact_is_not_repaired_before_its_minimum_period(uow):
    node = lowered(a_fact(gravity=Gravity.SERIOUS))
    [fact] = facts_of(uow, node)

    with pytest.raises(Refused, match="repair_too_early") as caught:
        asked(uow, node)

    assert fact.repairable_at.isoformat() in caught.value.detail
    assert asked(uow, node, now=fact.repairable_at).state is RepairState.OPEN


def test_a_refused_repair_may_be_asked_for_again(uow):
    an_issued_attestation(uow, NODE)
    asked(uow)

    record = decided(uow, RepairRefusal.DUTY_NOT_FULFILLED)
    again = asked(uow, repair_id=uuid4(), now=NOW + 2 * DAY)

    assert (record.state, record.refusal) == ("refused", RepairRefusal.DUTY_NOT_FULFILLED)
    assert (again.state, standing(uow)) == (RepairState.OPEN, WITH_FACT)


def test_at_its_maximum_period_a_fact_stops_by_itself(uow):
    fact = a_fact(gravity=Gravity.MINOR, decided_at=NOW - 80 * DAY)
    node = lowered(fact)
    an_issued_attestation(uow, node)
    before = standing(uow)

    check_scores(uow=uow, node=node, now=NOW + 15 * DAY)

    assert (before, standing(uow)) == (WITH_FACT, WITHOUT)
    assert len(told(uow)) == 1
    assert facts_of(uow, node, NOW + 15 * DAY) == ()


def test_a_repair_is_asked_for_and_decided_once(uow):
    an_issued_attestation(uow, NODE)

    assert asked(uow) == asked(uow, now=NOW + DAY)
    assert decided(uow) == decided(uow, now=NOW + 2 * DAY)
    assert len(told(uow)) == 1
    with pytest.raises(Refused, match="already_decided"):
        decided(uow, RepairRefusal.LAW_EXCLUDES)


def test_a_repair_of_a_fact_is_open_once(uow):
    asked(uow)

    with pytest.raises(Refused, match="already_open"):
        asked(uow, repair_id=uuid4())


def test_an_id_stands_for_one_repair(uow):
    asked(uow)

    with pytest.raises(Conflict, match="id_reused"):
        asked(uow, resident=STRANGER)


def test_only_a_fact_of_one_s_own_is_repaired(uow):
    with pytest.raises(NotFound):
        asked(uow, resident=STRANGER)
    with pytest.raises(NotFound):
        decided(uow)


@pytest.mark.parametrize(
    ("outcome", "refusal"),
    [
        (RepairOutcome.REFUSED, None),
        (RepairOutcome.COMPLETED, RepairRefusal.DUTY_NOT_FULFILLED),
    ],
)
def test_a_refusal_has_a_reason_and_nothing_else_has(uow, outcome, refusal):
    asked(uow)
    command = DecideRepair(repair_id=REPAIR, outcome=outcome, refusal=refusal)

    with pytest.raises(Malformed) as caught:
        repairs.decide_repair(command, uow=uow, node=NODE, now=NOW)

    assert caught.value.errors.keys() == {"refusal"}


def test_a_repair_completes_though_the_source_dropped_the_fact(uow):
    asked(uow)

    decided(uow, node=lowered(a_fact(id="fz-9")))

    assert facts_of(uow, now=NOW + 2 * DAY) == ()


def test_a_repair_is_to_be_decided_in_working_days(uow):
    record = asked(uow)

    assert record.due_at == NODE.fact_rules.repair_due_at(NOW) > NOW + timedelta(days=13)
