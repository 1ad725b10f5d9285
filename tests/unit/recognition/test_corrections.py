"""A host tells home that a notice took effect: in its whole node, and not before."""

from datetime import timedelta
from uuid import uuid4

import pytest

from contracts import notices, wire
from contracts.corrections import CorrectionApplied
from contracts.notices import (
    ACKNOWLEDGED,
    NOTICE_APPLIED,
    REPAIR_COMPLETED,
    USAGE_REPORTED,
    NoticeApplied,
    RepairCompleted,
)
from contracts.recognition import NoticeReady, RecognitionEnded
from services.recognition.domain import jws
from services.recognition.handlers.corrections import on_correction_applied
from services.recognition.handlers.receiving import OBEYED, receive_notice
from services.recognition.handlers.recognitions import recognise_attestation
from tests.builders.attestations import FUZHOU, HANGZHOU, NOW
from tests.builders.recognition import (
    ID,
    a_notice,
    a_receive_notice,
    a_recognise_attestation,
    a_revocation_notice,
    a_usage_notice,
    a_usage_report,
    an_issued_attestation,
    an_open_challenge,
    home_node,
    host_node,
)
from tests.fakes.recognition import FakeUnitOfWork

pytestmark = pytest.mark.recognition

LATER = NOW + timedelta(seconds=3)


def recognised(uow):
    credential = an_issued_attestation(FakeUnitOfWork()).credential
    command = a_recognise_attestation(credential, an_open_challenge(uow))
    return recognise_attestation(command, uow=uow, node=host_node(), now=NOW).recognition_id


def revoked(uow):
    """Let home's revocation come in; returns the notice's id."""
    token = a_revocation_notice()
    return receive_notice(a_receive_notice(token), uow=uow, node=host_node(), now=NOW).notice_id


def applied(uow, notice_id, recognition_id, node=None):
    event = CorrectionApplied(notice_id=notice_id, recognition_id=recognition_id, applied_at=LATER)
    on_correction_applied(event, uow=uow, node=node or host_node(), now=LATER)


def told(uow):
    """What was told by notice: to whom, and that which notice is applied."""
    said = []
    for ready in uow.announced_of(NoticeReady):
        [(event, body)] = jws.read(ready.token).payload["events"].items()
        assert event == NOTICE_APPLIED
        said.append((ready.recipient, wire.load(NoticeApplied, body).notice_id))
    return said


def test_a_notice_that_touched_nothing_is_applied_at_once(uow):
    notice_id = revoked(uow)

    assert told(uow) == [(FUZHOU, notice_id)]


def test_a_notice_is_applied_when_every_recognition_it_touched_is_corrected(uow):
    first, second = recognised(uow), recognised(uow)
    notice_id = revoked(uow)

    applied(uow, notice_id, first)
    assert told(uow) == []
    applied(uow, notice_id, second)

    assert told(uow) == [(FUZHOU, notice_id)]


def test_a_correction_told_twice_is_told_on_once(uow):
    recognition_id = recognised(uow)
    notice_id = revoked(uow)

    for _ in range(2):
        applied(uow, notice_id, recognition_id)

    assert told(uow) == [(FUZHOU, notice_id)]


def test_what_was_not_waited_for_is_not_told(uow):
    recognition_id = recognised(uow)
    revoked(uow)

    applied(uow, uuid4(), recognition_id)

    assert told(uow) == []


def test_the_next_notice_about_what_has_ended_is_applied_at_once(uow):
    recognised(uow)
    revoked(uow)

    notice_id = revoked(uow)

    assert len(uow.announced_of(RecognitionEnded)) == 1
    assert told(uow) == [(FUZHOU, notice_id)]


def test_a_report_of_usage_is_not_acknowledged(uow):
    an_issued_attestation(uow)
    token = a_usage_notice(a_usage_report())

    receive_notice(a_receive_notice(token, HANGZHOU), uow=uow, node=home_node(), now=NOW)

    assert told(uow) == []


def test_neither_usage_nor_acknowledgements_are_acknowledged():
    assert not ACKNOWLEDGED & {NOTICE_APPLIED, USAGE_REPORTED}
    assert OBEYED.keys() >= {NOTICE_APPLIED, USAGE_REPORTED}


def test_of_a_repair_nothing_is_remembered_and_home_is_told_at_once(uow):
    record = recognised(uow)
    before = uow.state.recognitions.get(record)
    body = wire.dump(RepairCompleted(attestation_id=ID, at=NOW))
    token = a_notice(event=REPAIR_COMPLETED, body=body)

    receipt = receive_notice(a_receive_notice(token), uow=uow, node=host_node(), now=NOW)

    assert told(uow) == [(FUZHOU, receipt.notice_id)]
    assert vars(uow.state.recognitions.get(record)) == vars(before)


def test_every_event_that_cities_tell_each_other_is_obeyed():
    events = {value for value in vars(notices).values() if str(value).startswith("urn:")}

    assert OBEYED.keys() == events


def test_how_long_it_took_is_measured(uow):
    recognition_id, node = recognised(uow), host_node()
    notice_id = revoked(uow)

    applied(uow, notice_id, recognition_id, node)

    assert node.measures.notices == [LATER - NOW]
