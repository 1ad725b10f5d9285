"""A holder contests at a host; home decides, and both places say what came of it."""

from uuid import uuid4

import pytest

from contracts import wire
from contracts.disputes import (
    ContestRecognition,
    DecideDispute,
    ListContested,
    ListDisputeCases,
    NameDisputedFact,
    ShowDeadlines,
)
from contracts.erasures import EraseResident
from contracts.errors import Conflict, Forbidden, NotFound, Refused
from contracts.notices import (
    DISPUTE_OPENED,
    DISPUTE_RESOLVED,
    NOTICE_APPLIED,
    DisputeOpened,
    DisputeResolved,
    NoticeApplied,
)
from contracts.recognition import NoticeReady
from contracts.words import DisputeGround, DisputeOutcome, DisputeState
from services.recognition.domain import jws
from services.recognition.handlers import disputes, routed_disputes
from services.recognition.handlers.cases import (
    list_dispute_cases,
    show_deadlines,
    watch_deadlines,
)
from services.recognition.handlers.erasures import erase_resident
from services.recognition.handlers.receiving import receive_notice
from services.recognition.handlers.recognitions import recognise_attestation
from tests.builders.attestations import FUZHOU, GATEWAY, HANGZHOU, HOST_KEY, NOW
from tests.builders.recognition import (
    HOME_GATEWAY,
    ID,
    RESIDENT,
    a_notice,
    a_receive_notice,
    a_recognise_attestation,
    an_issued_attestation,
    an_open_challenge,
    host_node,
)
from tests.fakes.recognition import FakeMeasures, FakeUnitOfWork
from tests.unit.recognition.test_disputes import DAY, NODE, WITH_FACT, WITHOUT, lowered, standing

pytestmark = pytest.mark.recognition

DISPUTE = uuid4()
HOST = host_node()


@pytest.fixture
def there():
    """The host's own storage."""
    return FakeUnitOfWork()


def recognised(uow, there):
    issued = an_issued_attestation(uow, NODE)
    command = a_recognise_attestation(issued.credential, an_open_challenge(there))
    return recognise_attestation(command, uow=there, node=HOST, now=NOW).recognition_id


def contested(there, recognition_id, **overrides):
    values = {"dispute_id": DISPUTE, "ground": DisputeGround.NOT_MINE}
    command = ContestRecognition(recognition_id=recognition_id, **{**values, **overrides})
    return routed_disputes.contest_recognition(command, uow=there, node=HOST, now=NOW)


def carried(uow, to, node, sender, event):
    """Carry every notice of an event to the other city; return how many there were."""
    found = [
        notice
        for notice in uow.announced_of(NoticeReady)
        if event in jws.read(notice.token).payload["events"]
    ]
    for notice in found:
        receive_notice(a_receive_notice(notice.token, sender), uow=to, node=node, now=NOW)
    return len(found)


def an_opening(attestation_id=ID, **overrides):
    values = {"dispute_id": DISPUTE, "ground": "not_mine", "at": NOW}
    body = wire.dump(DisputeOpened(attestation_id=attestation_id, **{**values, **overrides}))
    whole = {"issuer": GATEWAY, "recipient": HOME_GATEWAY, "event": DISPUTE_OPENED}
    return a_receive_notice(a_notice(HOST_KEY, body=body, **whole), HANGZHOU)


def heard(uow, command, node=NODE):
    return receive_notice(command, uow=uow, node=node, now=NOW)


def state_there(there, recognition_id):
    command = ListContested(recognition_id=recognition_id)
    [record] = routed_disputes.list_contested(command, uow=there).disputes
    return record.state


def test_what_is_contested_at_a_host_is_decided_at_home_and_told_back(uow, there):
    recognition_id = recognised(uow, there)
    contested(there, recognition_id)
    carried(there, uow, NODE, HANGZHOU, DISPUTE_OPENED)
    [case] = list_dispute_cases(ListDisputeCases(), uow=uow, node=NODE, now=NOW).cases
    before = standing(uow)

    [fact] = case.facts
    named = NameDisputedFact(dispute_id=DISPUTE, fact_id=fact.fact_id)
    disputes.name_disputed_fact(named, uow=uow, node=NODE, now=NOW)
    decision = DecideDispute(dispute_id=DISPUTE, outcome=DisputeOutcome.CORRECTED)
    disputes.decide_dispute(decision, uow=uow, node=NODE, now=NOW)
    answers = carried(uow, there, HOST, FUZHOU, DISPUTE_RESOLVED)

    assert (case.dispute.host, case.dispute.attestation_id) == (HANGZHOU, ID)
    assert (before, standing(uow), answers) == (WITH_FACT, WITHOUT, 1)
    assert state_there(there, recognition_id) is DisputeState.CORRECTED


def test_home_is_told_once_and_nothing_of_the_holder_s_words(uow, there):
    recognition_id = recognised(uow, there)

    assert contested(there, recognition_id) == contested(there, recognition_id)

    [notice] = there.announced_of(NoticeReady)
    [told] = jws.read(notice.token).payload["events"].values()
    assert told.keys() == {"dispute_id", "attestation_id", "ground", "at"}
    assert notice.recipient == FUZHOU


def test_an_attestation_is_contested_at_a_host_in_one_dispute_at_a_time(uow, there):
    recognition_id = recognised(uow, there)
    contested(there, recognition_id)

    with pytest.raises(Refused, match="already_open"):
        contested(there, recognition_id, dispute_id=uuid4())

    assert len(there.announced_of(NoticeReady)) == 1


def test_an_attestation_is_contested_at_a_host_again_after_it_was_decided(uow, there):
    recognition_id = recognised(uow, there)
    contested(there, recognition_id)
    carried(there, uow, NODE, HANGZHOU, DISPUTE_OPENED)
    decision = DecideDispute(dispute_id=DISPUTE, outcome=DisputeOutcome.UPHELD)
    disputes.decide_dispute(decision, uow=uow, node=NODE, now=NOW)
    carried(uow, there, HOST, FUZHOU, DISPUTE_RESOLVED)

    again = contested(there, recognition_id, dispute_id=uuid4())

    assert again.state is DisputeState.OPEN


def test_an_id_stands_for_one_dispute_at_a_host(uow, there):
    recognition_id = recognised(uow, there)
    contested(there, recognition_id)

    with pytest.raises(Conflict, match="id_reused"):
        contested(there, recognition_id, ground=DisputeGround.OTHER)


def test_without_a_recognition_there_is_nothing_to_contest(there):
    with pytest.raises(NotFound):
        contested(there, uuid4())
    with pytest.raises(NotFound):
        routed_disputes.list_contested(ListContested(recognition_id=uuid4()), uow=there)


def test_a_city_routes_only_what_concerns_an_attestation_to_it(uow):
    an_issued_attestation(uow, NODE)
    issuance = uow.state.issuances.get(ID)
    issuance.recipient = "410100"
    uow.state.issuances.save(issuance)

    with pytest.raises(Forbidden):
        heard(uow, an_opening())
    with pytest.raises(NotFound):
        heard(uow, an_opening(uuid4()))


def test_what_an_erased_resident_contested_is_taken_in_and_leads_to_nothing(uow):
    an_issued_attestation(uow, NODE)
    erasure = EraseResident(erasure_id=uuid4(), resident=RESIDENT)
    erase_resident(erasure, uow=uow, node=NODE, now=NOW)

    receipt = heard(uow, an_opening())

    assert receipt.repeated is False
    assert not uow.state.disputes.every()


def test_a_dispute_s_id_from_a_host_stands_for_no_other(uow):
    an_issued_attestation(uow, NODE)
    heard(uow, an_opening())
    heard(uow, an_opening())

    with pytest.raises(Conflict, match="id_reused"):
        heard(uow, an_opening(ground="other"))


def test_a_ground_that_only_a_newer_city_knows_is_another_ground(uow):
    an_issued_attestation(uow, NODE)

    heard(uow, an_opening(ground="of_next_year"))

    assert uow.state.disputes.get(DISPUTE).contest.ground is DisputeGround.OTHER


@pytest.mark.parametrize(
    ("outcome", "state"), [("upheld", "upheld"), ("withdrawn", "withdrawn"), ("new", "upheld")]
)
def test_a_host_notes_what_home_decided(uow, there, outcome, state):
    recognition_id = recognised(uow, there)
    contested(there, recognition_id)
    told = DisputeResolved(dispute_id=DISPUTE, attestation_id=ID, outcome=outcome, at=NOW)
    command = a_receive_notice(a_notice(event=DISPUTE_RESOLVED, body=wire.dump(told)))

    heard(there, command, HOST)

    assert state_there(there, recognition_id) == state


def test_of_a_dispute_it_never_routed_a_host_notes_nothing(there):
    told = DisputeResolved(dispute_id=DISPUTE, attestation_id=ID, outcome="upheld", at=NOW)

    heard(there, a_receive_notice(a_notice(event=DISPUTE_RESOLVED, body=wire.dump(told))), HOST)

    assert there.state.routed_disputes.rows == {}


# --- deadlines and convergence ---------------------------------------------------------------


def test_a_decided_dispute_has_converged_when_every_host_did_what_follows(uow):
    measures = FakeMeasures()
    node = lowered(measures=measures)
    an_issued_attestation(uow, node)
    heard(uow, an_opening(), node)
    named = NameDisputedFact(dispute_id=DISPUTE, fact_id="fz-1")
    disputes.name_disputed_fact(named, uow=uow, node=node, now=NOW)
    decision = DecideDispute(dispute_id=DISPUTE, outcome=DisputeOutcome.UPHELD)
    disputes.decide_dispute(decision, uow=uow, node=node, now=NOW)
    waiting = uow.state.effects.of(DISPUTE)

    moments = []
    for effect in waiting:
        body = wire.dump(NoticeApplied(notice_id=effect.notice_id, at=NOW))
        whole = {"issuer": GATEWAY, "recipient": HOME_GATEWAY, "event": NOTICE_APPLIED}
        command = a_receive_notice(a_notice(HOST_KEY, body=body, **whole), HANGZHOU)
        moments.append(uow.state.disputes.get(DISPUTE).converged_at)
        receive_notice(command, uow=uow, node=node, now=NOW + DAY)

    assert (len(waiting), moments) == (2, [None, None])
    assert uow.state.disputes.get(DISPUTE).converged_at == NOW + DAY
    assert measures.convergences == [("dispute", DAY)]


def test_deadlines_can_be_looked_at_as_of_any_day(uow):
    measures = FakeMeasures()
    node = lowered(measures=measures)
    an_issued_attestation(uow, node)
    heard(uow, an_opening(), node)
    due_at = uow.state.disputes.get(DISPUTE).due_at

    late = due_at + DAY
    overdue = watch_deadlines(uow=uow, node=node, now=late)
    decision = DecideDispute(dispute_id=DISPUTE, outcome=DisputeOutcome.UPHELD)
    disputes.decide_dispute(decision, uow=uow, node=node, now=late)

    before = show_deadlines(ShowDeadlines(at=due_at - DAY), uow=uow, now=late)
    after = show_deadlines(ShowDeadlines(), uow=uow, now=late)
    assert (overdue, measures.overdue_cases) == ({"dispute": 1}, {"dispute": 1, "repair": 0})
    assert (before.disputes_due, after.disputes_due, after.disputes_in_time) == (0, 1, 0)
    assert watch_deadlines(uow=uow, node=node, now=late) == {}


def test_cases_are_listed_by_state_after_one_another(uow):
    an_issued_attestation(uow, NODE)
    heard(uow, an_opening())

    assert (
        list_dispute_cases(ListDisputeCases(after=DISPUTE), uow=uow, node=NODE, now=NOW).cases == ()
    )
    assert (
        list_dispute_cases(
            ListDisputeCases(state=DisputeState.UPHELD), uow=uow, node=NODE, now=NOW
        ).cases
        == ()
    )
    with pytest.raises(NotFound):
        list_dispute_cases(ListDisputeCases(after=uuid4()), uow=uow, node=NODE, now=NOW)
