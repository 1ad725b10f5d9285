"""Residents list, see and take along everything that home recorded of their consents."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from contracts.consents import ShowConsent
from contracts.errors import Malformed, NotFound
from contracts.recognition import ListConsents, WithdrawConsent
from contracts.words import ConsentState
from services.recognition.domain.consent import Consent, Terms
from services.recognition.handlers.attestations import issue_attestation
from services.recognition.handlers.consent_records import list_consents, show_consent
from services.recognition.handlers.consents import give_consent, withdraw_consent
from tests.builders.attestations import HANGZHOU, NOW
from tests.builders.recognition import (
    ID,
    RESIDENT,
    STRANGER,
    a_give_consent,
    an_issue_attestation,
    an_issued_attestation,
    home_node,
)

pytestmark = pytest.mark.recognition

DAY = timedelta(days=1)
NODE = home_node()


def given(uow, n, **overrides):
    command = a_give_consent(**{"consent_id": UUID(int=n + 1, version=4), **overrides})
    return give_consent(command, uow=uow, node=NODE, now=NOW + n * DAY).consent_id


def listed(uow, **overrides):
    command = ListConsents(**{"resident": RESIDENT, **overrides})
    return list_consents(command, uow=uow, node=NODE, now=NOW)


def shown(uow, consent_id=ID, now=NOW, **overrides):
    command = ShowConsent(**{"consent_id": consent_id, "resident": RESIDENT, **overrides})
    return show_consent(command, uow=uow, node=NODE, now=now)


def test_consents_come_page_by_page_newest_first_each_once(uow):
    ids = [given(uow, n) for n in range(5)]
    given(uow, 9, resident=STRANGER)

    pages, cursor = [], None
    while True:
        page = listed(uow, limit=2, cursor=cursor)
        pages.append([record.consent_id for record in page.consents])
        if (cursor := page.next) is None:
            break

    assert pages == [[ids[4], ids[3]], [ids[2], ids[1]], [ids[0]]]


def test_a_page_that_holds_the_rest_has_no_next(uow):
    given(uow, 0)

    assert listed(uow, limit=1).next is None


def test_consents_of_the_same_moment_are_not_lost_between_pages(uow):
    ids = {
        give_consent(a_give_consent(consent_id=uuid4()), uow=uow, node=NODE, now=NOW).consent_id
        for _ in range(5)
    }

    found, cursor = [], None
    while len(found) < len(ids):
        page = listed(uow, limit=2, cursor=cursor)
        found += [record.consent_id for record in page.consents]
        cursor = page.next

    assert set(found) == ids


def test_a_cursor_of_somebody_else_or_of_nobody_is_refused(uow):
    theirs = given(uow, 0, resident=STRANGER)

    for cursor in (theirs, uuid4()):
        with pytest.raises(Malformed) as caught:
            listed(uow, cursor=cursor)
        assert caught.value.errors.keys() == {"query.after"}


def test_one_consent_is_shown_with_its_text_and_what_was_said_by_it(uow):
    issued = an_issued_attestation(uow)

    detail = shown(uow)

    [attestation] = detail.attestations
    assert detail.text.digest == detail.consent.text_digest
    assert "授权文本" in detail.text.text_zh
    assert detail.impact_assessment == "PIA-1"
    assert (attestation.attestation_id, attestation.recipient) == (ID, HANGZHOU)
    assert (attestation.issued_at, attestation.until) == (NOW, issued.until)
    assert attestation.claims.keys() == {"tier", "band", "as_of", "score_name", "purposes"}
    assert attestation.claims["purposes"] == ["sports", "transport"]


def test_what_was_taken_back_says_when_and_why(uow):
    an_issued_attestation(uow)
    command = WithdrawConsent(consent_id=ID, resident=RESIDENT)
    withdraw_consent(command, uow=uow, node=NODE, now=NOW + DAY)

    detail = shown(uow)

    [attestation] = detail.attestations
    assert detail.consent.state is ConsentState.WITHDRAWN
    assert attestation.revoked_at == NOW + DAY
    assert attestation.revoked_reason == "consent_withdrawn"


def test_its_holder_sees_when_the_host_had_ended_everything(uow):
    an_issued_attestation(uow)
    command = WithdrawConsent(consent_id=ID, resident=RESIDENT)
    withdraw_consent(command, uow=uow, node=NODE, now=NOW)
    with uow:
        asked = uow.effects.of(ID)

    for n, effect in enumerate(asked, 1):
        assert shown(uow).ended_there_at is None
        with uow:
            uow.effects.applied(effect.notice_id, HANGZHOU, NOW + n * DAY)
            uow.commit()

    assert shown(uow).ended_there_at == NOW + len(asked) * DAY


def test_attestations_come_page_by_page_too(uow):
    an_issued_attestation(uow)
    for n in (1, 2):
        command = an_issue_attestation(attestation_id=uuid4())
        issue_attestation(command, uow=uow, node=NODE, now=NOW + n * DAY)

    first = shown(uow, limit=2)
    second = shown(uow, limit=2, cursor=first.next)

    moments = [each.issued_at for each in (*first.attestations, *second.attestations)]
    assert moments == [NOW + 2 * DAY, NOW + DAY, NOW]
    assert second.next is None


def test_an_attestation_under_another_consent_is_no_cursor(uow):
    an_issued_attestation(uow)
    other = given(uow, 1)

    with pytest.raises(Malformed):
        shown(uow, other, cursor=ID)


def test_nobody_sees_a_stranger_s_consent(uow):
    given(uow, 0, consent_id=ID, resident=STRANGER)

    with pytest.raises(NotFound):
        shown(uow)


def test_a_consent_of_before_texts_were_kept_is_shown_without_one(uow):
    terms = Terms(
        resident=RESIDENT,
        recipient=HANGZHOU,
        purposes=("sports",),
        text_version="1",
        until=NOW + DAY,
    )
    with uow:
        uow.consents.add(Consent(id=ID, terms=terms, given_at=NOW))
        uow.commit()

    detail = shown(uow)

    assert (detail.text, detail.impact_assessment) == (None, None)
    assert detail.consent.state is ConsentState.RENEWAL_NEEDED
