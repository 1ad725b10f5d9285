"""A resident decides which city may learn what, for how long, and can take it back."""

from datetime import timedelta
from uuid import uuid4

import pytest

from contracts.errors import Conflict, Malformed, NotFound, Refused
from contracts.notices import ATTESTATION_REVOKED, CONSENT_WITHDRAWN
from contracts.recognition import ListConsents, NoticeReady, WithdrawConsent
from contracts.words import Category, ConsentState
from services.recognition.domain import jws
from services.recognition.handlers.attestations import issue_attestation
from services.recognition.handlers.consent_records import list_consents
from services.recognition.handlers.consents import (
    give_consent,
    withdraw_consent,
)
from services.recognition.handlers.notices import sign_kept_notices
from services.recognition.handlers.receiving import receive_notice
from tests.builders.attestations import FUZHOU, HANGZHOU, NOW, a_city, a_roster
from tests.builders.recognition import (
    ID,
    RESIDENT,
    STRANGER,
    a_give_consent,
    a_receive_notice,
    an_issue_attestation,
    an_issued_attestation,
    home_node,
    host_node,
)
from tests.fakes.recognition import FakeUnitOfWork

pytestmark = pytest.mark.recognition

DAY = timedelta(days=1)
WITHDRAW = WithdrawConsent(consent_id=ID, resident=RESIDENT)


def given(uow, node=None, now=NOW, **overrides):
    return give_consent(a_give_consent(**overrides), uow=uow, node=node or home_node(), now=now)


def withdrawn(uow, command=WITHDRAW, now=NOW):
    return withdraw_consent(command, uow=uow, node=home_node(), now=now)


def said(uow, event):
    """Read what the notices of one kind say."""
    read = [jws.read(notice.token).payload["events"] for notice in uow.announced_of(NoticeReady)]
    return [events[event] for events in read if event in events]


def listed(uow, now=NOW, node=None, **overrides):
    command = ListConsents(**{"resident": RESIDENT, **overrides})
    return list_consents(command, uow=uow, node=node or home_node(), now=now)


def test_a_consent_names_one_city_its_purposes_and_an_end(uow):
    record = given(uow)

    assert (record.recipient, record.until) == (HANGZHOU, NOW + 90 * DAY)
    assert record.purposes == (Category.SPORTS, Category.TRANSPORT)
    assert (record.state, record.given_at) == (ConsentState.LIVE, NOW)


def test_giving_the_same_consent_again_changes_nothing(uow):
    first = given(uow)

    again = given(uow, now=NOW + DAY, purposes=(Category.SPORTS, Category.TRANSPORT))

    assert again == first


@pytest.mark.parametrize(
    "other",
    [
        {"purposes": (Category.FINANCE,)},
        {"until": NOW + DAY},
        {"recipient": "410100"},
        {"text_version": "2026-06"},
        {"resident": STRANGER},
    ],
)
def test_a_consent_is_never_widened_under_its_id(uow, other):
    given(uow)

    with pytest.raises(Conflict, match="id_reused"):
        given(uow, **other)


@pytest.mark.parametrize("recipient", ["410100", FUZHOU])
def test_nobody_consents_to_a_city_that_is_no_other_member(uow, recipient):
    with pytest.raises(Refused, match="recipient_not_member"):
        given(uow, recipient=recipient)


def test_nobody_consents_to_a_suspended_city(uow):
    roster = a_roster(a_city(FUZHOU), a_city(HANGZHOU, state="suspended"))

    with pytest.raises(Refused, match="recipient_not_member"):
        given(uow, home_node(roster=lambda: roster))


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"purposes": ()}, "purposes"),
        ({"purposes": (Category.SPORTS, Category.SPORTS)}, "purposes"),
        ({"until": NOW}, "until"),
        ({"until": NOW + timedelta(days=732)}, "until"),
    ],
)
def test_a_consent_needs_distinct_purposes_and_an_end_within_two_years(uow, terms, field):
    with pytest.raises(Malformed) as caught:
        given(uow, **terms)

    assert caught.value.errors.keys() == {field}


def test_a_withdrawn_consent_is_not_live(uow):
    given(uow)

    record = withdrawn(uow, now=NOW + DAY)

    assert (record.state, record.withdrawn_at) == (ConsentState.WITHDRAWN, NOW + DAY)


def test_withdrawing_again_keeps_the_first_moment_and_tells_nobody_twice(uow):
    an_issued_attestation(uow)
    first = withdrawn(uow, now=NOW + DAY)

    again = withdrawn(uow, now=NOW + 2 * DAY)

    assert again == first
    assert len(uow.announced_of(NoticeReady)) == 2


def test_nobody_withdraws_a_stranger_s_consent(uow):
    given(uow)

    with pytest.raises(NotFound):
        withdrawn(uow, WithdrawConsent(consent_id=ID, resident=STRANGER))


def test_a_consent_that_was_never_given_cannot_be_withdrawn(uow):
    with pytest.raises(NotFound):
        withdrawn(uow)


def test_withdrawal_revokes_every_attestation_under_the_consent_and_tells_each_host(uow):
    an_issued_attestation(uow)
    second = an_issue_attestation(attestation_id=uuid4())
    issue_attestation(second, uow=uow, node=home_node(), now=NOW)

    withdrawn(uow)

    notices = uow.announced_of(NoticeReady)
    told = said(uow, ATTESTATION_REVOKED)
    assert {each["attestation_id"] for each in told} == {str(ID), str(second.attestation_id)}
    assert {each["reason"] for each in told} == {"consent_withdrawn"}
    assert {notice.recipient for notice in notices} == {HANGZHOU}
    with uow:
        assert len(uow.status_lists.not_valid(0)) == 2


def test_a_withdrawal_leaves_other_consents_alone(uow):
    given(uow)
    an_issued_attestation(uow)
    other = given(uow, consent_id=uuid4(), purposes=(Category.LIBRARY,))

    withdrawn(uow, WithdrawConsent(consent_id=other.consent_id, resident=RESIDENT))

    assert not uow.announced


def test_a_withdrawal_succeeds_while_the_city_may_not_sign(uow):
    an_issued_attestation(uow)

    record = withdraw_consent(WITHDRAW, uow=uow, node=home_node(signer=UnusableKey()), now=NOW)

    assert record.state is ConsentState.WITHDRAWN
    assert not uow.announced
    with uow:
        assert len(uow.status_lists.not_valid(0)) == 1


def test_the_host_is_told_as_soon_as_the_city_may_sign_again(uow):
    an_issued_attestation(uow)
    withdraw_consent(WITHDRAW, uow=uow, node=home_node(signer=UnusableKey()), now=NOW)

    kept = sign_kept_notices(uow=uow, node=home_node(), now=NOW + DAY)

    at_host = FakeUnitOfWork()
    for notice in uow.announced_of(NoticeReady):
        command = a_receive_notice(notice.token)
        receive_notice(command, uow=at_host, node=host_node(), now=NOW + DAY)
    [told] = said(uow, ATTESTATION_REVOKED)
    assert kept == 0
    assert told["attestation_id"] == str(ID)
    assert told["at"] == NOW.isoformat().replace("+00:00", "Z")


def test_a_kept_notice_is_announced_once(uow):
    an_issued_attestation(uow)
    withdraw_consent(WITHDRAW, uow=uow, node=home_node(signer=UnusableKey()), now=NOW)

    for _ in range(2):
        sign_kept_notices(uow=uow, node=home_node(), now=NOW + DAY)

    assert len(said(uow, ATTESTATION_REVOKED)) == 1
    assert len(said(uow, CONSENT_WITHDRAWN)) == 1


def test_a_notice_is_kept_on_while_the_city_may_not_sign(uow):
    an_issued_attestation(uow)
    broken = home_node(signer=UnusableKey())
    withdraw_consent(WITHDRAW, uow=uow, node=broken, now=NOW)

    kept = sign_kept_notices(uow=uow, node=broken, now=NOW + DAY)

    assert kept == 2
    assert not uow.announced


def test_a_notice_to_a_city_that_left_waits_and_holds_nobody_up(uow):
    an_issued_attestation(uow)
    alone = home_node(roster=lambda: a_roster(a_city(FUZHOU)))
    withdraw_consent(WITHDRAW, uow=uow, node=alone, now=NOW)

    assert sign_kept_notices(uow=uow, node=alone, now=NOW) == 2
    assert sign_kept_notices(uow=uow, node=home_node(), now=NOW) == 0
    assert len(uow.announced_of(NoticeReady)) == 2


def test_a_resident_sees_their_own_consents_newest_first(uow):
    given(uow)
    newer = given(uow, consent_id=uuid4(), now=NOW + DAY)
    given(uow, consent_id=uuid4(), resident=STRANGER)

    records = listed(uow, now=NOW + DAY)

    assert [record.consent_id for record in records.consents] == [newer.consent_id, ID]


def test_a_consent_is_over_at_its_end(uow):
    record = given(uow)

    [over] = listed(uow, now=record.until).consents

    assert over.state is ConsentState.OVER


class UnusableKey:
    kid, alg = "lost", "EdDSA"

    def sign(self, message):
        raise Refused("key_not_usable")
