"""A withdrawal ends everything of a holder at the host, whatever arrives first (PIPL 15, 47)."""

from datetime import timedelta
from uuid import uuid4

import pytest

from contracts.errors import Malformed, Refused
from contracts.notices import ATTESTATION_REVOKED, CONSENT_WITHDRAWN
from contracts.recognition import NoticeReady, RecognitionEnded, WithdrawConsent
from contracts.words import Category
from services.recognition.domain import jws
from services.recognition.domain.attestation import subject_of
from services.recognition.handlers.attestations import issue_attestation
from services.recognition.handlers.consents import give_consent, withdraw_consent
from services.recognition.handlers.forgetting import ATTESTATION_KEPT, forget_old
from services.recognition.handlers.receiving import receive_notice
from services.recognition.handlers.recognitions import recognise_attestation
from tests.builders.attestations import FUZHOU, HANGZHOU, NOW
from tests.builders.recognition import (
    ID,
    RESIDENT,
    a_give_consent,
    a_notice,
    a_receive_notice,
    a_recognise_attestation,
    a_withdrawal_notice,
    an_issue_attestation,
    an_issued_attestation,
    an_open_challenge,
    holder_keys,
    home_node,
    host_node,
)
from tests.fakes.recognition import FakeScores, FakeUnitOfWork

pytestmark = pytest.mark.recognition

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
NODE = host_node()


def recognised(uow, credential, now=NOW):
    challenge = an_open_challenge(uow, NODE, now)
    command = a_recognise_attestation(credential, challenge, now)
    return recognise_attestation(command, uow=uow, node=NODE, now=now)


def heard(uow, token, now=NOW):
    return receive_notice(a_receive_notice(token), uow=uow, node=NODE, now=now)


def withdrawn(home, now=NOW, consent_id=ID, **overrides):
    command = WithdrawConsent(consent_id=consent_id, resident=RESIDENT)
    return withdraw_consent(command, uow=home, node=home_node(**overrides), now=now)


def said(uow, event):
    read = [jws.read(notice.token).payload["events"] for notice in uow.announced_of(NoticeReady)]
    return [events[event] for events in read if event in events]


# --- at home -------------------------------------------------------------------------------


def test_the_recipient_is_told_by_the_name_it_knows_the_holder_by():
    home = FakeUnitOfWork()
    credential = an_issued_attestation(home).credential

    withdrawn(home, NOW + DAY)

    [told] = said(home, CONSENT_WITHDRAWN)
    assert told["subject"] == subject_of(credential)
    assert told["at"] == "2026-06-02T09:00:00Z"
    assert {notice.recipient for notice in home.announced_of(NoticeReady)} == {HANGZHOU}


def test_a_recipient_that_was_told_nothing_hears_nothing():
    home = FakeUnitOfWork()
    give_consent(a_give_consent(), uow=home, node=home_node(), now=NOW)

    withdrawn(home)

    assert not home.announced


def test_the_recipient_goes_on_by_another_live_consent():
    home = FakeUnitOfWork()
    an_issued_attestation(home)
    other = a_give_consent(consent_id=uuid4(), purposes=(Category.LIBRARY,))
    give_consent(other, uow=home, node=home_node(), now=NOW)

    withdrawn(home)
    assert len(said(home, ATTESTATION_REVOKED)) == 1
    assert not said(home, CONSENT_WITHDRAWN)
    issue_attestation(
        an_issue_attestation(attestation_id=uuid4()), uow=home, node=home_node(), now=NOW
    )
    withdrawn(home, consent_id=other.consent_id)

    assert len(said(home, CONSENT_WITHDRAWN)) == 1


def test_a_withdrawal_needs_neither_roster_keys_nor_score():
    home = FakeUnitOfWork()
    an_issued_attestation(home)

    withdrawn(home, holder_keys=holder_keys({}), scores=FakeScores())

    assert len(said(home, CONSENT_WITHDRAWN)) == 1


def test_home_waits_for_all_that_it_asked_to_be_done():
    home = FakeUnitOfWork()
    an_issued_attestation(home)

    withdrawn(home)

    with home:
        waiting = home.effects.of(ID)
    asked = {notice.notice_id for notice in home.announced_of(NoticeReady)}
    assert {effect.notice_id for effect in waiting} == asked
    assert len(waiting) == 2


# --- at the host ---------------------------------------------------------------------------


def test_all_recognitions_of_the_holder_by_that_home_end(uow):
    home = FakeUnitOfWork()
    credential = an_issued_attestation(home).credential
    second = an_issue_attestation(attestation_id=uuid4())
    other = issue_attestation(second, uow=home, node=home_node(), now=NOW).credential
    records = [recognised(uow, each) for each in (credential, other)]

    heard(uow, a_withdrawal_notice(credential))

    ended = uow.announced_of(RecognitionEnded)
    assert {event.recognition_id for event in ended} == {each.recognition_id for each in records}
    assert {event.reason for event in ended} == {"consent_withdrawn"}


def test_what_came_of_a_withdrawal_can_be_traced_to_its_notice(uow):
    credential = an_issued_attestation(FakeUnitOfWork()).credential
    recognised(uow, credential)
    notice_id = uuid4()

    heard(uow, a_withdrawal_notice(credential, id=notice_id))

    [event] = uow.announced_of(RecognitionEnded)
    assert event.notice_id == notice_id


def test_another_holder_s_recognition_goes_on(uow):
    credential = an_issued_attestation(FakeUnitOfWork()).credential
    recognised(uow, credential)
    body = {"subject": "somebody-else-entirely", "at": "2026-06-01T09:00:00Z"}

    heard(uow, a_notice(event=CONSENT_WITHDRAWN, body=body))

    assert not uow.announced_of(RecognitionEnded)


def test_what_another_city_says_of_the_holder_changes_nothing(uow):
    credential = an_issued_attestation(FakeUnitOfWork()).credential
    recognised(uow, credential)

    with uow:
        uow.withdrawals.add("410100", subject_of(credential), NOW + DAY, NOW)
        uow.commit()

    assert recognised(uow, credential).home == FUZHOU


def test_an_attestation_of_before_is_not_recognised_after_a_withdrawal(uow):
    credential = an_issued_attestation(FakeUnitOfWork()).credential

    heard(uow, a_withdrawal_notice(credential, at=NOW + SECOND))

    with pytest.raises(Refused, match="status_invalid"):
        recognised(uow, credential)


def test_an_attestation_under_a_consent_given_anew_is_recognised(uow):
    home = FakeUnitOfWork()
    old = an_issued_attestation(home).credential
    withdrawn(home, NOW + SECOND)
    anew = a_give_consent(consent_id=uuid4())
    give_consent(anew, uow=home, node=home_node(), now=NOW + 2 * SECOND)
    command = an_issue_attestation(attestation_id=uuid4())
    new = issue_attestation(command, uow=home, node=home_node(), now=NOW + 2 * SECOND).credential

    heard(uow, a_withdrawal_notice(old, at=NOW + SECOND))

    assert recognised(uow, new, NOW + 2 * SECOND).home == FUZHOU


def test_a_late_notice_does_not_end_what_rests_on_a_consent_given_anew(uow):
    home = FakeUnitOfWork()
    later = NOW + 30 * SECOND
    credential = an_issued_attestation(home, now=later).credential
    record = recognised(uow, credential, later)

    heard(uow, a_withdrawal_notice(credential, at=NOW), later)

    with uow:
        assert uow.recognitions.get(record.recognition_id).ended_at is None


def test_an_older_withdrawal_that_comes_later_takes_nothing_away(uow):
    credential = an_issued_attestation(FakeUnitOfWork()).credential

    heard(uow, a_withdrawal_notice(credential, at=NOW + SECOND))
    heard(uow, a_withdrawal_notice(credential, at=NOW - DAY))

    with pytest.raises(Refused, match="status_invalid"):
        recognised(uow, credential)


def test_a_withdrawal_is_remembered_for_as_long_as_an_attestation_may_live(uow):
    credential = an_issued_attestation(FakeUnitOfWork()).credential
    heard(uow, a_withdrawal_notice(credential))

    forget_old(uow=uow, now=NOW + ATTESTATION_KEPT)
    with uow:
        assert uow.withdrawals.at(FUZHOU, subject_of(credential), NOW) == NOW
    forget_old(uow=uow, now=NOW + ATTESTATION_KEPT + SECOND)

    with uow:
        assert uow.withdrawals.at(FUZHOU, subject_of(credential), NOW) is None


def test_a_withdrawal_that_cannot_be_read_changes_nothing(uow):
    with pytest.raises(Malformed) as caught:
        heard(uow, a_notice(event=CONSENT_WITHDRAWN, body={"at": "2026-06-01T09:00:00Z"}))

    assert caught.value.errors.keys() == {"subject"}


def test_home_learns_when_the_host_has_ended_everything(uow):
    home = FakeUnitOfWork()
    an_issued_attestation(home)
    withdrawn(home)

    for notice in home.announced_of(NoticeReady):
        heard(uow, notice.token)
    answers = [each for each in uow.announced_of(NoticeReady) if each.recipient == FUZHOU]

    told = [jws.read(each.token).payload["events"] for each in answers]
    done = {body["notice_id"] for events in told for body in events.values()}
    asked = {str(notice.notice_id) for notice in home.announced_of(NoticeReady)}
    assert done == asked
