"""Home learns that what it asked of other cities is done there."""

from datetime import timedelta
from uuid import uuid4

import pytest

from contracts import wire
from contracts.notices import NOTICE_APPLIED, NoticeApplied
from contracts.recognition import NoticeReady, WithdrawConsent
from services.recognition.handlers import effects
from services.recognition.handlers.consents import withdraw_consent
from services.recognition.handlers.receiving import receive_notice
from tests.builders.attestations import (
    FUZHOU,
    GATEWAY,
    HANGZHOU,
    HOME_GATEWAY,
    HOST_KEY,
    NOW,
    OTHER_KEY,
    a_city,
    a_key,
    a_roster,
)
from tests.builders.recognition import (
    ID,
    RESIDENT,
    a_notice,
    a_receive_notice,
    an_issued_attestation,
    home_node,
)

pytestmark = pytest.mark.recognition

LATER = NOW + timedelta(minutes=1)
ZHENGZHOU, ZHENGZHOU_GATEWAY = "410100", "https://zhengzhou.example"


@pytest.fixture
def converged(monkeypatch):
    """The causes that converged, in order."""
    causes = []
    monkeypatch.setattr(effects, "CONVERGED", (lambda cause, _heard: causes.append(cause),))
    return causes


def asked(uow, cause, recipient=HANGZHOU):
    notice_id = uuid4()
    with uow:
        uow.effects.expect(notice_id, recipient, cause, NOW)
        uow.commit()
    return notice_id


def told(uow, notice_id, sender=HANGZHOU, at=LATER, node=None):
    """Let a host tell Fuzhou that a notice of Fuzhou's is applied."""
    signer, issuer = {
        HANGZHOU: (HOST_KEY, GATEWAY),
        ZHENGZHOU: (OTHER_KEY, ZHENGZHOU_GATEWAY),
    }[sender]
    token = a_notice(
        signer,
        issuer=issuer,
        recipient=HOME_GATEWAY,
        event=NOTICE_APPLIED,
        body=wire.dump(NoticeApplied(notice_id=notice_id, at=at)),
    )
    zhengzhou = a_city(ZHENGZHOU, gateway=ZHENGZHOU_GATEWAY, keys=[a_key(OTHER_KEY)])
    roster = a_roster(a_city(FUZHOU), a_city(HANGZHOU), zhengzhou)
    node = node or home_node(roster=lambda: roster)
    receive_notice(a_receive_notice(token, sender), uow=uow, node=node, now=at)


def effects_of(uow, cause):
    with uow:
        return [effect.applied_at for effect in uow.effects.of(cause)]


def test_a_cause_converges_when_the_last_of_its_effects_is_applied(uow, converged):
    cause = uuid4()
    here, there = asked(uow, cause), asked(uow, cause, ZHENGZHOU)

    told(uow, here)
    assert converged == []
    told(uow, there, ZHENGZHOU)

    assert converged == [cause]
    assert effects_of(uow, cause) == [LATER, LATER]


def test_what_is_told_twice_converges_once(uow, converged):
    notice_id = asked(uow, cause := uuid4())

    for _ in range(2):
        told(uow, notice_id)

    assert converged == [cause]


def test_no_city_tells_of_what_another_was_asked(uow, converged):
    notice_id = asked(uow, cause := uuid4())

    told(uow, notice_id, ZHENGZHOU)

    assert (converged, effects_of(uow, cause)) == ([], [None])


def test_what_nobody_waits_for_changes_nothing(uow, converged):
    told(uow, uuid4())

    assert converged == []


def test_every_notice_that_is_acknowledged_is_waited_for(uow):
    an_issued_attestation(uow)
    command = WithdrawConsent(consent_id=ID, resident=RESIDENT)

    withdraw_consent(command, uow=uow, node=home_node(), now=NOW)

    told = {ready.notice_id for ready in uow.announced_of(NoticeReady)}
    assert set(uow.state.effects.asked) == told != set()


def test_how_long_it_took_is_measured(uow):
    node = home_node()

    told(uow, asked(uow, uuid4()), node=node)

    assert node.measures.effects == [LATER - NOW]
