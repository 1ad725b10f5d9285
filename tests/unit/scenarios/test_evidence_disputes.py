"""Evidence is disputed: it counts for nothing until the city has decided."""

from uuid import uuid4

import pytest

from contracts.erasures import HolderErased
from contracts.errors import Conflict, NotFound, Refused
from contracts.evidence import AnnulEvidence, ListEvidence, RepairEvidence
from contracts.evidence_disputes import (
    DecideEvidenceDispute,
    ListEvidenceDisputeCases,
    ListEvidenceDisputes,
    OpenEvidenceDispute,
    WithdrawEvidenceDispute,
)
from contracts.periods import HOST_TIME
from contracts.words import (
    AnnulmentReason,
    DisputeGround,
    DisputeOutcome,
    DisputeState,
    EvidenceState,
)
from services.scenarios.handlers.erasures import on_holder_erased
from services.scenarios.handlers.evidence import (
    annul_evidence,
    expire_evidence,
    list_evidence,
    repair_evidence,
)
from services.scenarios.handlers.evidence_disputes import (
    decide_evidence_dispute,
    list_evidence_dispute_cases,
    list_evidence_disputes,
    open_evidence_dispute,
    withdraw_evidence_dispute,
)
from services.scenarios.settings import ScenariosSettings
from tests.builders.evidence import (
    FIRM_SUBJECT,
    HOLDER_SUBJECT,
    a_document,
    an_item,
    evidence_about,
)
from tests.builders.scenarios import DAY, HANGZHOU, HOLDER, NOW, STRANGER
from tests.unit.scenarios.storages import sqlite
from tests.unit.scenarios.test_evidence import AFTER_3_YEARS, current

pytestmark = pytest.mark.scenarios

SETTINGS = ScenariosSettings(city=HANGZHOU, scenarios_database="", keys_directory=None)


@pytest.fixture
def uow(tmp_path):
    with sqlite(tmp_path) as uow:
        an_item(uow)
        yield uow


def contest(uow, evidence, *, holder=HOLDER, now=NOW, **overrides):
    values = {
        "dispute_id": uuid4(),
        "evidence_id": evidence.evidence_id,
        "ground": DisputeGround.NOT_MINE,
        "holder": holder,
    }
    command = OpenEvidenceDispute(**{**values, **overrides})
    return open_evidence_dispute(command, uow=uow, deadlines=SETTINGS, now=now)


def decide(uow, dispute, outcome, *, now=NOW + DAY):
    command = DecideEvidenceDispute(dispute_id=dispute.dispute_id, outcome=outcome)
    return decide_evidence_dispute(command, uow=uow, now=now)


def withdraw(uow, dispute, *, holder=HOLDER, now=NOW + DAY):
    command = WithdrawEvidenceDispute(dispute_id=dispute.dispute_id, holder=holder)
    return withdraw_evidence_dispute(command, uow=uow, now=now)


def counting(uow, *, at=NOW + DAY):
    return bool(current(uow, HOLDER_SUBJECT, at=at))


def test_disputed_evidence_does_not_count(uow):
    evidence = evidence_about(uow, HOLDER_SUBJECT)

    dispute = contest(uow, evidence)

    assert not counting(uow)
    [shown] = list_evidence(ListEvidence(subject=HOLDER_SUBJECT), uow=uow, now=NOW).evidence
    assert (shown.state, shown.counts) == (EvidenceState.DISPUTED, False)
    assert shown.dispute_id == dispute.dispute_id


def test_a_dispute_is_due_in_working_days(uow):
    dispute = contest(uow, evidence_about(uow, HOLDER_SUBJECT))

    due = dispute.due_at.astimezone(HOST_TIME)
    assert (due.month, due.day, due.hour) == (12, 4, 0)  # seven working days after a Tuesday


def test_evidence_that_is_upheld_counts_again(uow):
    dispute = contest(uow, evidence_about(uow, HOLDER_SUBJECT))

    decided = decide(uow, dispute, DisputeOutcome.UPHELD)

    assert decided.state is DisputeState.UPHELD
    assert counting(uow)
    assert not counting(uow, at=NOW)


def test_evidence_that_was_wrong_is_annulled(uow):
    evidence = evidence_about(uow, HOLDER_SUBJECT)

    decide(uow, contest(uow, evidence), DisputeOutcome.CORRECTED)

    assert not counting(uow)
    with pytest.raises(Refused, match="document_used"):
        evidence_about(uow, HOLDER_SUBJECT)


def test_a_dispute_that_is_withdrawn_lets_evidence_count_again(uow):
    dispute = contest(uow, evidence_about(uow, HOLDER_SUBJECT))

    withdrawn = [withdraw(uow, dispute).state for _ in "12"]

    assert withdrawn == [DisputeState.WITHDRAWN] * 2
    assert counting(uow)


def test_nobody_contests_what_is_about_somebody_else(uow):
    evidence = evidence_about(uow, HOLDER_SUBJECT)

    for holder in (STRANGER, None):
        with pytest.raises(NotFound):
            contest(uow, evidence, holder=holder)
    assert counting(uow, at=NOW)


def test_nobody_withdraws_somebody_elses_dispute(uow):
    dispute = contest(uow, evidence_about(uow, HOLDER_SUBJECT))

    for holder in (STRANGER, None):
        with pytest.raises(NotFound):
            withdraw(uow, dispute, holder=holder)


def test_an_organisation_contests_at_the_citys_desk(uow):
    dispute = contest(uow, evidence_about(uow), holder=None)

    assert not current(uow, FIRM_SUBJECT)
    withdraw(uow, dispute, holder=None)
    assert current(uow, FIRM_SUBJECT, at=NOW + DAY)


def test_evidence_has_one_open_dispute(uow):
    evidence = evidence_about(uow, HOLDER_SUBJECT)
    contest(uow, evidence)

    with pytest.raises(Refused, match="already_open"):
        contest(uow, evidence)


def test_to_contest_the_same_twice_is_to_contest_it_once(uow):
    evidence, name = evidence_about(uow, HOLDER_SUBJECT), uuid4()

    first, second = (contest(uow, evidence, dispute_id=name) for _ in "12")

    assert first == second
    with pytest.raises(Conflict):
        contest(uow, evidence, dispute_id=name, ground=DisputeGround.OTHER)


def test_what_was_upheld_is_not_contested_again(uow):
    evidence = evidence_about(uow, HOLDER_SUBJECT)
    decide(uow, contest(uow, evidence), DisputeOutcome.UPHELD)

    with pytest.raises(Refused, match="already_decided"):
        contest(uow, evidence, now=NOW + 2 * DAY)


def test_what_was_contested_and_withdrawn_twice_is_not_contested_again(uow):
    evidence = evidence_about(uow, HOLDER_SUBJECT)
    for _ in range(2):
        withdraw(uow, contest(uow, evidence), now=NOW)

    with pytest.raises(Refused, match="withdrawn_too_often"):
        contest(uow, evidence)

    assert counting(uow)


def test_a_decision_is_not_turned_round(uow):
    dispute = contest(uow, evidence_about(uow, HOLDER_SUBJECT))
    decide(uow, dispute, DisputeOutcome.UPHELD)

    assert decide(uow, dispute, DisputeOutcome.UPHELD).state is DisputeState.UPHELD
    with pytest.raises(Refused, match="already_decided"):
        decide(uow, dispute, DisputeOutcome.CORRECTED)


def test_evidence_that_is_over_is_not_contested(uow):
    evidence = evidence_about(uow, HOLDER_SUBJECT)

    with pytest.raises(Refused, match="already_decided"):
        contest(uow, evidence, now=AFTER_3_YEARS)


def test_a_decision_after_its_time_was_up_does_not_bring_evidence_back(uow):
    dispute = contest(uow, evidence_about(uow, HOLDER_SUBJECT))
    expire_evidence(uow=uow, now=AFTER_3_YEARS)

    decide(uow, dispute, DisputeOutcome.UPHELD, now=AFTER_3_YEARS)

    assert not counting(uow, at=AFTER_3_YEARS)


def test_an_annulment_closes_the_dispute(uow):
    evidence = evidence_about(uow, HOLDER_SUBJECT)
    contest(uow, evidence)
    command = AnnulEvidence(
        evidence_id=evidence.evidence_id, reason=AnnulmentReason.DOCUMENT_REVOKED
    )

    annul_evidence(command, uow=uow, now=NOW)

    [dispute] = list_evidence_disputes(ListEvidenceDisputes(holder=HOLDER), uow=uow).disputes
    assert dispute.state is DisputeState.CORRECTED


def test_disputed_evidence_is_not_repaired(uow):
    evidence = evidence_about(uow, HOLDER_SUBJECT)
    contest(uow, evidence)

    with pytest.raises(Refused, match="already_open"):
        repair_evidence(
            RepairEvidence(evidence_id=evidence.evidence_id, fulfilled_on=NOW.date()),
            uow=uow,
            now=NOW,
        )


def test_officials_see_what_is_to_be_decided_by_when_it_is_due(uow):
    late, early = (
        contest(
            uow, evidence_about(uow, HOLDER_SUBJECT, document=a_document(number=str(n))), now=now
        )
        for n, now in enumerate((NOW + DAY, NOW))
    )

    cases = list_evidence_dispute_cases(ListEvidenceDisputeCases(), uow=uow).disputes
    rest = list_evidence_dispute_cases(
        ListEvidenceDisputeCases(after=early.dispute_id), uow=uow
    ).disputes

    assert cases == (early, late)
    assert rest == (late,)
    with pytest.raises(NotFound):
        list_evidence_dispute_cases(ListEvidenceDisputeCases(after=uuid4()), uow=uow)


def test_a_dispute_that_nobody_opened_is_not_found(uow):
    with pytest.raises(NotFound):
        decide_evidence_dispute(
            DecideEvidenceDispute(dispute_id=uuid4(), outcome=DisputeOutcome.UPHELD),
            uow=uow,
            now=NOW,
        )


def test_an_erased_holder_leaves_neither_evidence_nor_dispute_behind(uow):
    contest(uow, evidence_about(uow, HOLDER_SUBJECT))
    evidence_about(uow, FIRM_SUBJECT)

    for _ in "12":
        on_holder_erased(HolderErased(holder=HOLDER, erased_at=NOW), uow=uow)

    assert list_evidence(ListEvidence(subject=HOLDER_SUBJECT), uow=uow, now=NOW).evidence == ()
    assert list_evidence_disputes(ListEvidenceDisputes(holder=HOLDER), uow=uow).disputes == ()
    assert current(uow, FIRM_SUBJECT)
