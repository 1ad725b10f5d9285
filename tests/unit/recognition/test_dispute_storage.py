"""What the handlers rely on of the storage of disputes and repairs: one suite, fake and SQL."""

from uuid import UUID, uuid4

import pytest

from contracts.errors import Conflict
from contracts.words import DisputeGround, DisputeState, RepairRefusal
from services.recognition.domain.docket import CorrectedFact, RepairedFact
from services.recognition.domain.routed_dispute import RoutedDispute
from services.recognition.ports import Punctuality
from tests.builders.attestations import FUZHOU, HANGZHOU, NOW
from tests.builders.facts import a_contest, a_dispute, a_fact, a_repair
from tests.builders.recognition import RESIDENT, STRANGER
from tests.unit.recognition.test_storage import (
    DAY,
    a_few_issued,
    a_recognition,
    everything,
    kept,
    seen,
    uow,
)

pytestmark = pytest.mark.recognition

MAX = UUID(int=2**128 - 1)
__all__ = ["uow"]


def test_a_dispute_is_there_as_it_was_through_all_its_course(uow):
    dispute = a_dispute(contest=a_contest(statement="该处罚决定已被撤销。", host=HANGZHOU))
    kept(uow, lambda uow: uow.disputes.add(dispute))
    first = seen(uow, lambda uow: uow.disputes.get(dispute.id))
    assert everything(first) == everything(dispute)
    first.name(a_fact(), NOW)
    first.close(DisputeState.UPHELD, NOW + DAY, "核实无误。")
    first.converged_at = NOW + 2 * DAY

    kept(uow, lambda uow: uow.disputes.save(first))

    [found] = seen(uow, lambda uow: uow.disputes.of(RESIDENT))
    assert everything(found) == everything(first)


def test_a_repair_is_there_as_it_was_through_all_its_course(uow):
    repair = a_repair()
    kept(uow, lambda uow: uow.repairs.add(repair))
    first = seen(uow, lambda uow: uow.repairs.get(repair.id))
    assert everything(first) == everything(repair)
    first.decide(RepairRefusal.LAW_EXCLUDES, NOW + DAY)

    kept(uow, lambda uow: uow.repairs.save(first))

    [found] = seen(uow, lambda uow: uow.repairs.of(RESIDENT))
    assert everything(found) == everything(first)


@pytest.mark.parametrize(("name", "make"), [("disputes", a_dispute), ("repairs", a_repair)])
def test_cases_come_by_when_they_are_due_and_deadlines_are_counted(uow, name, make):
    first, second = (make(due_at=NOW + days * DAY) for days in (1, 2))
    for case in (second, first):
        kept(uow, lambda uow, case=case: getattr(uow, name).add(case))
    kept(uow, lambda uow: getattr(uow, name).add(make(due_at=NOW)))

    def listed(after):
        def look(uow):
            cases = getattr(uow, name)
            if name == "repairs":
                return cases.open_ones(after, 9)
            return cases.in_state(DisputeState.OPEN, after, 9)

        return [case.id for case in seen(uow, look)]

    assert listed((NOW, MAX)) == [first.id, second.id]
    assert listed((first.due_at, first.id)) == [second.id]
    assert seen(uow, lambda uow: getattr(uow, name).overdue(NOW + DAY)) == 1
    punctuality = seen(uow, lambda uow: getattr(uow, name).punctuality(NOW + DAY))
    assert punctuality == Punctuality(due=2, in_time=0)


def test_what_was_closed_in_time_is_counted_though_its_resident_was_erased(uow):
    closed, open_one = a_repair(), a_repair()
    closed.decide(None, NOW)
    for repair in (closed, open_one):
        kept(uow, lambda uow, repair=repair: uow.repairs.add(repair))
    kept(uow, lambda uow: uow.repairs.save(closed))

    kept(uow, lambda uow: uow.subjects.erase(RESIDENT))

    assert seen(uow, lambda uow: uow.repairs.get(closed.id)) is None
    assert seen(uow, lambda uow: uow.repairs.overdue(open_one.due_at + DAY)) == 0
    found = seen(uow, lambda uow: uow.repairs.punctuality(open_one.due_at))
    assert found == Punctuality(due=1, in_time=1)


def test_what_was_settled_is_found_in_order_and_erased_with_its_resident(uow):
    corrected = CorrectedFact(id=uuid4(), digest="d" * 64, at=NOW + DAY)
    repaired = RepairedFact(
        id=uuid4(),
        fact_id="fz-1",
        catalogue_item="fz-penalty",
        decided_at=NOW,
        known=frozenset({"fz-1", "fz-2"}),
        at=NOW,
    )
    for settled in (corrected, repaired):
        kept(uow, lambda uow, settled=settled: uow.settlements.add(RESIDENT, settled))
    kept(uow, lambda uow: uow.settlements.hold(RESIDENT))

    assert seen(uow, lambda uow: uow.settlements.of(RESIDENT)) == [repaired, corrected]
    assert seen(uow, lambda uow: uow.settlements.of(STRANGER)) == []
    with pytest.raises(Conflict, match="id_reused"), uow:
        uow.settlements.add(RESIDENT, corrected)

    kept(uow, lambda uow: uow.subjects.erase(RESIDENT))
    assert seen(uow, lambda uow: uow.settlements.of(RESIDENT)) == []


def test_what_a_holder_contested_is_found_by_any_of_their_recognitions(uow):
    first, second, other = a_recognition(), a_recognition(), a_recognition(holder="O" * 43)
    routed = [
        RoutedDispute(
            id=uuid4(),
            recognition_id=recognition.id,
            attestation_id=recognition.attestation_id,
            home=FUZHOU,
            ground=DisputeGround.OTHER,
            opened_at=NOW + days * DAY,
        )
        for days, recognition in enumerate((first, second, other))
    ]
    for recognition, dispute in zip((first, second, other), routed, strict=True):
        kept(uow, lambda uow, recognition=recognition: uow.recognitions.add(recognition))
        kept(uow, lambda uow, dispute=dispute: uow.routed_disputes.add(dispute))
    routed[0].close(DisputeState.CORRECTED, NOW + DAY)

    kept(uow, lambda uow: uow.routed_disputes.save(routed[0]))

    found = seen(uow, lambda uow: uow.routed_disputes.of(first.holder))
    assert [everything(each) for each in found] == [everything(each) for each in routed[1::-1]]


def test_attestations_of_a_resident_are_found_newest_first_until_they_are_over(uow):
    old, new, over, other = a_few_issued(
        uow, {}, {"issued_at": NOW + DAY / 2}, {"until": NOW}, {"resident": STRANGER}
    )
    old.supersede(new.attestation_id, "score_changed", NOW)
    kept(uow, lambda uow: uow.issuances.save(old))

    first, second = seen(uow, lambda uow: uow.issuances.of(RESIDENT, NOW, 9))
    assert (first.attestation_id, everything(second)) == (new.attestation_id, everything(old))
    assert len(seen(uow, lambda uow: uow.issuances.of(RESIDENT, NOW, 1))) == 1
    assert seen(uow, lambda uow: uow.issuances.recipients_of(RESIDENT, NOW)) == [HANGZHOU]
    assert over.until == NOW
    assert other.resident == STRANGER
