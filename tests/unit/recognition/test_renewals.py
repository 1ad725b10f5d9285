"""When purpose, means or category of information change, consent has to be given anew (PIPL 14)."""

from datetime import timedelta
from uuid import uuid4

import pytest

from contracts.errors import Refused
from contracts.notices import ATTESTATION_REVOKED
from contracts.recognition import ListConsents, NoticeReady, WithdrawConsent
from contracts.words import Category, ConsentState, RevocationReason, TextChange
from services.recognition.domain import jws
from services.recognition.handlers import renewals
from services.recognition.handlers.attestations import issue_attestation
from services.recognition.handlers.consent_records import list_consents
from services.recognition.handlers.consents import give_consent, withdraw_consent
from services.recognition.handlers.renewals import end_unrenewed
from tests.builders.attestations import NOW
from tests.builders.recognition import (
    ID,
    RESIDENT,
    a_consent_text,
    a_give_consent,
    an_issue_attestation,
    an_issued_attestation,
    consent_texts,
    home_node,
)

pytestmark = pytest.mark.recognition

DAY = timedelta(days=1)
CHANGED_AT = NOW + 5 * DAY
MATERIAL = (TextChange.PURPOSE, TextChange.MEANS, TextChange.CATEGORY)


def announced_text(*changes):
    """A node with a version that is to change something in five days."""
    former = a_consent_text(effective_until=CHANGED_AT)
    new = a_consent_text("2026-07", effective_from=CHANGED_AT, changes=frozenset(changes))
    texts = consent_texts(former, new)
    return home_node(consent_texts=lambda: texts)


def state_of(uow, node, now, consent_id=ID):
    records = list_consents(ListConsents(resident=RESIDENT), uow=uow, node=node, now=now).consents
    [record] = [record for record in records if record.consent_id == consent_id]
    return record


def revoked(uow, attestation_id=ID):
    with uow:
        return uow.issuances.get(attestation_id).revoked


@pytest.mark.parametrize("change", MATERIAL)
def test_a_consent_to_an_older_text_attests_nothing_once_it_changed(uow, change):
    node = announced_text(change)
    give_consent(a_give_consent(), uow=uow, node=node, now=NOW)

    with pytest.raises(Refused, match="consent_renewal_needed"):
        issue_attestation(an_issue_attestation(), uow=uow, node=node, now=CHANGED_AT)


@pytest.mark.parametrize("change", MATERIAL)
def test_its_holder_sees_that_it_has_to_be_given_anew_and_what_changed(uow, change):
    node = announced_text(change, TextChange.WORDING)
    give_consent(a_give_consent(), uow=uow, node=node, now=NOW)

    before = state_of(uow, node, CHANGED_AT - timedelta(microseconds=1))
    after = state_of(uow, node, CHANGED_AT)

    assert (before.state, before.changed) == (ConsentState.LIVE, ())
    assert (after.state, after.changed) == (ConsentState.RENEWAL_NEEDED, (change,))


def test_what_several_versions_changed_adds_up(uow):
    versions = [
        a_consent_text(effective_until=NOW + DAY),
        a_consent_text(
            "2026-07",
            effective_from=NOW + DAY,
            effective_until=NOW + 2 * DAY,
            changes=frozenset({TextChange.PURPOSE}),
        ),
        a_consent_text(
            "2026-08", effective_from=NOW + 2 * DAY, changes=frozenset({TextChange.MEANS})
        ),
    ]
    texts = consent_texts(*versions)
    node = home_node(consent_texts=lambda: texts)
    give_consent(a_give_consent(), uow=uow, node=node, now=NOW)

    record = state_of(uow, node, NOW + 3 * DAY)

    assert record.changed == (TextChange.PURPOSE, TextChange.MEANS)


def test_a_change_of_wording_alone_asks_for_nothing(uow):
    node = announced_text(TextChange.WORDING)
    an_issued_attestation(uow, node)

    end_unrenewed(uow=uow, node=node, now=CHANGED_AT)
    again = an_issue_attestation(attestation_id=uuid4())
    issue_attestation(again, uow=uow, node=node, now=CHANGED_AT)

    assert revoked(uow) is None
    assert state_of(uow, node, CHANGED_AT).state is ConsentState.LIVE


def test_an_attestation_does_not_outlive_a_change_that_is_known_already(uow):
    node = announced_text(TextChange.CATEGORY)

    issued = an_issued_attestation(uow, node)

    assert issued.until == CHANGED_AT


def test_standing_attestations_end_when_the_text_changes_and_their_host_is_told(uow):
    an_issued_attestation(uow)  # nobody knew then that the text would change
    node = announced_text(TextChange.MEANS)

    early = end_unrenewed(uow=uow, node=node, now=CHANGED_AT - DAY)
    assert (early, revoked(uow)) == (False, None)
    end_unrenewed(uow=uow, node=node, now=CHANGED_AT)

    [notice] = uow.announced_of(NoticeReady)
    told = jws.read(notice.token).payload["events"][ATTESTATION_REVOKED]
    assert revoked(uow).reason == RevocationReason.CONSENT_RENEWAL_NEEDED
    assert told["reason"] == "consent_renewal_needed"


def test_looking_again_tells_nobody_twice(uow):
    an_issued_attestation(uow)
    node = announced_text(TextChange.MEANS)

    for _ in range(2):
        end_unrenewed(uow=uow, node=node, now=CHANGED_AT)

    assert len(uow.announced_of(NoticeReady)) == 1


def test_many_are_taken_back_some_at_a_time(uow, monkeypatch):
    monkeypatch.setattr(renewals, "AT_A_TIME", 1)
    an_issued_attestation(uow)
    second = an_issue_attestation(attestation_id=uuid4())
    issue_attestation(second, uow=uow, node=home_node(), now=NOW)
    node = announced_text(TextChange.MEANS)

    looks = [end_unrenewed(uow=uow, node=node, now=CHANGED_AT) for _ in range(3)]

    assert looks == [True, True, False]
    assert revoked(uow)
    assert revoked(uow, second.attestation_id)


def test_a_consent_to_the_new_text_attests_again(uow):
    an_issued_attestation(uow)
    node = announced_text(TextChange.PURPOSE)
    end_unrenewed(uow=uow, node=node, now=CHANGED_AT)
    anew = a_give_consent(consent_id=uuid4(), text_version="2026-07")
    give_consent(anew, uow=uow, node=node, now=CHANGED_AT)
    second = an_issue_attestation(attestation_id=uuid4())

    issue_attestation(second, uow=uow, node=node, now=CHANGED_AT)
    end_unrenewed(uow=uow, node=node, now=CHANGED_AT)

    with uow:
        assert uow.issuances.get(second.attestation_id).consent_id == anew.consent_id
    assert revoked(uow, second.attestation_id) is None


def test_a_new_category_of_scenarios_is_a_new_consent_and_the_old_one_stays_as_it_is(uow):
    node = home_node()
    give_consent(a_give_consent(), uow=uow, node=node, now=NOW)
    wider = a_give_consent(
        consent_id=uuid4(),
        purposes=(Category.TRANSPORT, Category.SPORTS, Category.LIBRARY),
    )

    give_consent(wider, uow=uow, node=node, now=NOW + DAY)

    assert Category.LIBRARY not in state_of(uow, node, NOW + DAY).purposes


def test_a_consent_that_is_to_be_renewed_can_be_withdrawn(uow):
    an_issued_attestation(uow)
    node = announced_text(TextChange.PURPOSE)
    end_unrenewed(uow=uow, node=node, now=CHANGED_AT)

    command = WithdrawConsent(consent_id=ID, resident=RESIDENT)
    record = withdraw_consent(command, uow=uow, node=node, now=CHANGED_AT)

    assert (record.state, record.changed) == (ConsentState.WITHDRAWN, ())


def test_a_version_that_nobody_knows_attests_nothing_and_ends_nothing(uow):
    an_issued_attestation(uow)
    texts = consent_texts(a_consent_text("2026-09"))
    node = home_node(consent_texts=lambda: texts)

    second = an_issue_attestation(attestation_id=uuid4())

    end_unrenewed(uow=uow, node=node, now=NOW)

    with pytest.raises(Refused, match="consent_renewal_needed"):
        issue_attestation(second, uow=uow, node=node, now=NOW)
    assert revoked(uow) is None
    assert state_of(uow, node, NOW).changed == MATERIAL
