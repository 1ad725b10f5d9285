"""Home can suspend an attestation and let it stand again; a host goes by home's last word."""

from contextlib import suppress
from datetime import datetime, timedelta
from itertools import permutations
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.corrections import (
    RecognitionResumed,
    RecognitionSuspended,
)
from contracts.errors import NotFound, Refused
from contracts.notices import ATTESTATION_RESUMED, ATTESTATION_SUSPENDED
from contracts.recognition import (
    NoticeReady,
    ResumeAttestation,
    RevokeAttestation,
    ShowStatusList,
    SuspendAttestation,
    WithdrawConsent,
)
from contracts.words import RevocationReason, SuspensionReason
from services.recognition.adapters.suites import SuiteSignatures
from services.recognition.domain import jws
from services.recognition.domain.issuance import Suspension
from services.recognition.domain.standing import Standing
from services.recognition.domain.status_list import Status, read_status_list
from services.recognition.handlers.attestations import issue_attestation, revoke_attestation
from services.recognition.handlers.consents import withdraw_consent
from services.recognition.handlers.receiving import receive_notice
from services.recognition.handlers.recognitions import recognise_attestation
from services.recognition.handlers.status_lists import show_status_list
from services.recognition.handlers.suspensions import (
    resume,
    resume_attestation,
    suspend,
    suspend_attestation,
)
from tests.builders.attestations import FUZHOU, HANGZHOU, HOME_GATEWAY, NOW, OTHER_KEY, a_city
from tests.builders.recognition import (
    ID,
    RESIDENT,
    a_notice,
    a_receive_notice,
    a_recognise_attestation,
    a_resumption_notice,
    a_revocation_notice,
    a_suspension_notice,
    an_issue_attestation,
    an_issued_attestation,
    an_open_challenge,
    home_node,
    host_node,
)
from tests.fakes.recognition import FakeUnitOfWork

pytestmark = pytest.mark.recognition

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
IN_DOUBT = SuspensionReason.IDENTITY_IN_DOUBT


# --- at home -------------------------------------------------------------------------------


def suspended(uow, now=NOW, reason=IN_DOUBT):
    command = SuspendAttestation(attestation_id=ID, reason=reason)
    return suspend_attestation(command, uow=uow, node=home_node(), now=now)


def resumed(uow, now=NOW):
    command = ResumeAttestation(attestation_id=ID)
    return resume_attestation(command, uow=uow, node=home_node(), now=now)


def revoked(uow, now=NOW):
    command = RevokeAttestation(attestation_id=ID, reason=RevocationReason.CITY_DECISION)
    return revoke_attestation(command, uow=uow, node=home_node(), now=now)


def issued(uow, **overrides):
    command = an_issue_attestation(attestation_id=uuid4(), **overrides)
    return issue_attestation(command, uow=uow, node=home_node(), now=NOW)


def shown_status(uow, at=None, now=NOW + 30 * DAY):
    """Read the attestation's entry of the list as its readers do."""
    token = show_status_list(
        ShowStatusList(list=0, at=at), uow=uow, node=home_node(), now=now
    ).token
    statuses = read_status_list(
        token,
        uri=f"{HOME_GATEWAY}/v1/status-lists/0",
        city=a_city(FUZHOU),
        signatures=SuiteSignatures(),
        now=at or now,
    ).statuses
    return statuses[uow.state.issuances.get(ID).status_index]


def told(uow):
    """Return what each notice says, in the order of their making."""
    tokens = [jws.read(notice.token) for notice in uow.announced_of(NoticeReady)]
    return [next(iter(token.payload["events"].items())) for token in tokens]


def test_a_suspended_attestation_is_told_to_its_host_and_to_everyone_by_the_list(uow):
    an_issued_attestation(uow)

    record = suspended(uow)

    assert (record.reason, record.suspended_at, record.resumed_at) == (IN_DOUBT, NOW, None)
    assert shown_status(uow) == Status.SUSPENDED
    [(event, body)] = told(uow)
    assert (event, body["attestation_id"], body["reason"]) == (
        ATTESTATION_SUSPENDED,
        str(ID),
        "identity_in_doubt",
    )
    [notice] = uow.announced_of(NoticeReady)
    assert (notice.recipient, notice.subject) == (HANGZHOU, str(ID))


def test_a_resumed_attestation_stands_again_and_its_host_hears_of_it(uow):
    an_issued_attestation(uow)
    suspended(uow)

    record = resumed(uow, NOW + DAY)

    assert (record.suspended_at, record.resumed_at) == (NOW, NOW + DAY)
    assert shown_status(uow) == Status.VALID
    assert [event for event, _ in told(uow)] == [ATTESTATION_SUSPENDED, ATTESTATION_RESUMED]


def test_a_second_suspension_changes_nothing_while_the_first_lasts(uow):
    an_issued_attestation(uow)
    first = suspended(uow)

    again = suspended(uow, NOW + DAY, SuspensionReason.CITY_DECISION)

    assert again == first
    assert len(told(uow)) == 1


def test_a_second_resumption_changes_nothing(uow):
    an_issued_attestation(uow)
    suspended(uow)
    first = resumed(uow, NOW + DAY)

    again = resumed(uow, NOW + 2 * DAY)

    assert again == first
    assert len(told(uow)) == 2


def test_a_revocation_is_final_whatever_was_suspended_or_is_to_be_resumed(uow):
    an_issued_attestation(uow)
    suspended(uow)
    revoked(uow, NOW + DAY)

    with pytest.raises(Refused, match="attestation_revoked"):
        resumed(uow)
    with pytest.raises(Refused, match="attestation_revoked"):
        suspended(uow)

    assert shown_status(uow) == Status.INVALID


def test_neither_suspension_nor_resumption_of_a_revoked_attestation_does_anything(uow):
    an_issued_attestation(uow)
    revoked(uow)
    said = told(uow)

    with uow:
        issuance = uow.issuances.get(ID)
        changes = (
            suspend(issuance, IN_DOUBT, uow=uow, node=home_node(), now=NOW),
            resume(issuance, uow=uow, node=home_node(), now=NOW),
        )
        uow.commit()

    assert changes == (None, None)
    assert told(uow) == said


@pytest.mark.parametrize("change", [suspended, resumed])
def test_an_unknown_attestation_is_neither_suspended_nor_resumed(uow, change):
    with pytest.raises(NotFound):
        change(uow)


def test_what_was_never_suspended_cannot_be_resumed(uow):
    an_issued_attestation(uow)

    with pytest.raises(NotFound, match="suspension"):
        resumed(uow)


def test_a_withdrawal_revokes_what_is_suspended(uow):
    an_issued_attestation(uow)
    suspended(uow)

    command = WithdrawConsent(consent_id=ID, resident=RESIDENT)
    withdraw_consent(command, uow=uow, node=home_node(), now=NOW)

    assert shown_status(uow) == Status.INVALID


def test_the_moments_of_suspension_and_resumption_only_grow_whatever_the_clock_says(uow):
    an_issued_attestation(uow)
    clock_goes_back = [NOW, NOW - DAY, NOW - 2 * DAY, NOW - 3 * DAY]

    for now, change in zip(clock_goes_back, [suspended, resumed] * 2, strict=True):
        change(uow, now)

    moments = [datetime.fromisoformat(body["at"]) for _, body in told(uow)]
    assert moments == sorted(set(moments))


@pytest.mark.parametrize("reason", [IN_DOUBT, SuspensionReason.CITY_DECISION])
def test_a_new_attestation_is_no_way_round_a_suspension(uow, reason):
    an_issued_attestation(uow)
    suspended(uow, reason=reason)

    with pytest.raises(Refused, match="attestation_suspended"):
        issued(uow, holder_key=OTHER_KEY.public_jwk)


def test_another_key_is_the_remedy_where_the_key_alone_is_in_doubt(uow):
    an_issued_attestation(uow)
    suspended(uow, reason=SuspensionReason.KEY_IN_DOUBT)

    with pytest.raises(Refused, match="attestation_suspended"):
        issued(uow)

    assert issued(uow, holder_key=OTHER_KEY.public_jwk).recipient == HANGZHOU


def test_after_the_resumption_new_attestations_are_issued(uow):
    an_issued_attestation(uow)
    suspended(uow)
    resumed(uow)

    assert issued(uow).recipient == HANGZHOU


def test_a_list_of_the_past_says_what_was_suspended_then(uow):
    an_issued_attestation(uow)
    for day, change in enumerate([suspended, resumed, suspended, resumed, suspended, revoked], 1):
        change(uow, NOW + day * DAY)

    said = [shown_status(uow, at=NOW + day * DAY) for day in range(7)]

    assert said == [0, 2, 0, 2, 0, 2, 1]
    assert shown_status(uow, at=NOW + 2 * DAY - SECOND) == Status.SUSPENDED


@given(
    changes=st.lists(st.sampled_from([suspended, resumed, revoked]), max_size=12),
    steps=st.lists(st.integers(0, 3), min_size=12, max_size=12),
)
def test_a_list_of_a_past_moment_says_what_the_list_said_at_that_moment(changes, steps):
    uow = FakeUnitOfWork()
    an_issued_attestation(uow)
    now, then = NOW, {}

    for change, step in zip(changes, steps, strict=False):
        now += (step + 1) * SECOND
        with suppress(NotFound, Refused):
            change(uow, now)
        then[now] = shown_status(uow, now=now)

    assert {at: shown_status(uow, at=at) for at in then} == then


# --- at a host -----------------------------------------------------------------------------


def received(uow, token, now=NOW):
    return receive_notice(a_receive_notice(token), uow=uow, node=host_node(), now=now)


def a_recognition(uow, command=None):
    if command is None:
        credential = an_issued_attestation(FakeUnitOfWork()).credential
        command = a_recognise_attestation(credential, an_open_challenge(uow))
    return recognise_attestation(command, uow=uow, node=host_node(), now=NOW)


def test_a_suspension_by_home_suspends_what_rests_on_the_attestation(uow):
    record = a_recognition(uow)

    receipt = received(uow, a_suspension_notice(), now=NOW + DAY)

    assert uow.announced_of(RecognitionSuspended) == [
        RecognitionSuspended(
            recognition_id=record.recognition_id,
            holder=record.holder,
            home=FUZHOU,
            reason="key_in_doubt",
            suspended_at=NOW,
            notice_id=receipt.notice_id,
        )
    ]
    assert uow.state.recognitions.get(record.recognition_id).suspended_at == NOW


def test_a_resumption_by_home_lets_it_stand_again(uow):
    record = a_recognition(uow)
    received(uow, a_suspension_notice())

    receipt = received(uow, a_resumption_notice(NOW + DAY))

    assert uow.announced_of(RecognitionResumed) == [
        RecognitionResumed(
            recognition_id=record.recognition_id,
            holder=record.holder,
            home=FUZHOU,
            resumed_at=NOW + DAY,
            notice_id=receipt.notice_id,
        )
    ]
    assert uow.state.recognitions.get(record.recognition_id).suspended_at is None


def test_a_suspension_that_comes_before_the_presentation_refuses_it(uow):
    received(uow, a_suspension_notice())

    with pytest.raises(Refused, match="status_suspended"):
        a_recognition(uow)


def test_after_the_resumption_the_attestation_is_recognised(uow):
    received(uow, a_suspension_notice())
    received(uow, a_resumption_notice(NOW + DAY))

    assert a_recognition(uow).home == FUZHOU


def test_a_repeated_presentation_opens_nothing_while_the_recognition_is_suspended(uow):
    credential = an_issued_attestation(FakeUnitOfWork()).credential
    command = a_recognise_attestation(credential, an_open_challenge(uow))
    a_recognition(uow, command)
    received(uow, a_suspension_notice())

    with pytest.raises(Refused, match="status_suspended"):
        a_recognition(uow, command)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_latest_word_of_home_counts_in_whatever_order_it_arrives(uow, order):
    a_recognition(uow)
    tokens = [
        a_suspension_notice(NOW),
        a_resumption_notice(NOW + DAY),
        a_suspension_notice(NOW + 2 * DAY),
    ]

    for index in order:
        received(uow, tokens[index])

    [recognition] = uow.state.recognitions.where(lambda _: True)
    assert recognition.suspended_at is not None
    received(uow, a_resumption_notice(NOW + 3 * DAY))
    [recognition] = uow.state.recognitions.where(lambda _: True)
    assert recognition.suspended_at is None


def test_a_resumption_that_overtakes_its_suspension_counts(uow):
    a_recognition(uow)
    received(uow, a_resumption_notice(NOW + DAY))

    received(uow, a_suspension_notice(NOW))

    assert not uow.announced_of(RecognitionSuspended)
    assert not uow.announced_of(RecognitionResumed)


def test_of_two_words_of_one_moment_the_no_counts():
    yes, no = Standing(None, NOW), Standing("key_in_doubt", NOW)

    assert no.overrides(yes)
    assert not yes.overrides(no)
    assert not no.overrides(no)


def test_a_revocation_ends_what_is_suspended_and_a_resumption_does_not_bring_it_back(uow):
    a_recognition(uow)
    received(uow, a_suspension_notice())
    received(uow, a_revocation_notice())

    received(uow, a_resumption_notice(NOW + DAY))

    assert not uow.announced_of(RecognitionResumed)
    [recognition] = uow.state.recognitions.where(lambda _: True)
    assert recognition.ended_at is not None


def test_a_suspension_for_what_is_no_word_at_all_is_obeyed(uow):
    a_recognition(uow)
    body = {"attestation_id": str(ID), "reason": "Meteor!", "at": "2026-06-01T09:00:00Z"}

    received(uow, a_notice(event=ATTESTATION_SUSPENDED, body=body))

    [announced] = uow.announced_of(RecognitionSuspended)
    assert announced.reason == "city_decision"


def test_the_first_suspension_of_an_issued_attestation_stands():
    uow = FakeUnitOfWork()
    an_issued_attestation(uow)
    issuance = uow.state.issuances.get(ID)

    assert issuance.suspend(IN_DOUBT, NOW) == Suspension(IN_DOUBT, NOW)
    assert issuance.suspend(SuspensionReason.CITY_DECISION, NOW + DAY) is None
    assert issuance.suspension == Suspension(IN_DOUBT, NOW)
