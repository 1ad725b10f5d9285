"""A host tells home what became of each grant on home's attestation, and nobody else."""

from datetime import timedelta
from uuid import uuid4

import pytest

from contracts.notices import USAGE_REPORTED
from contracts.recognition import NoticeReady, UsageReported
from contracts.scenarios import GrantEnded, GrantRedeemed
from contracts.usage import usage_of
from contracts.words import GrantState
from services.recognition.adapters.keys import CityKey
from services.recognition.domain import jws
from services.recognition.handlers.notices import sign_kept_notices
from services.recognition.handlers.receiving import receive_notice
from services.recognition.handlers.usage import report_usage
from tests.builders.attestations import FUZHOU, GATEWAY, HANGZHOU, NOW, OTHER_KEY, a_roster
from tests.builders.recognition import (
    ID,
    a_receive_notice,
    an_issued_attestation,
    home_node,
    host_node,
)
from tests.fakes.recognition import FakeUnitOfWork

pytestmark = pytest.mark.recognition


def a_redemption(**overrides):
    values = {
        "grant_id": uuid4(),
        "redemption_id": uuid4(),
        "incentive_id": "long-bike-ride",
        "scenario_id": "public-bike",
        "operator_id": "bike-company",
        "home": FUZHOU,
        "attestation_id": ID,
        "value_fen": 150,
        "uses_left": 0,
        "redeemed_at": NOW,
    }
    return GrantRedeemed(**{**values, **overrides})


def an_end(**overrides):
    values = {
        "grant_id": uuid4(),
        "incentive_id": "long-bike-ride",
        "scenario_id": "public-bike",
        "operator_id": "bike-company",
        "home": FUZHOU,
        "attestation_id": ID,
        "value_fen": 0,
        "state": GrantState.REVOKED,
        "reason": "recognition_ended",
        "ended_at": NOW,
    }
    return GrantEnded(**{**values, **overrides})


def reported(uow, event):
    report_usage(event, uow=uow, node=host_node(), now=NOW)


@pytest.mark.parametrize("event", [a_redemption(), an_end()])
def test_home_learns_what_became_of_a_grant_as_the_host_books_it(uow, event):
    at_home = FakeUnitOfWork()
    an_issued_attestation(at_home)

    reported(uow, event)

    [notice] = uow.announced_of(NoticeReady)
    assert notice.recipient == FUZHOU
    command = a_receive_notice(notice.token, HANGZHOU)
    receive_notice(command, uow=at_home, node=home_node(), now=NOW)
    assert at_home.announced_of(UsageReported) == [usage_of(event, host=HANGZHOU)]


def test_a_grant_on_this_city_s_own_attestation_concerns_no_other_city(uow):
    reported(uow, a_redemption(home=HANGZHOU))

    assert not uow.announced


def test_a_report_names_neither_holder_nor_operator(uow):
    reported(uow, a_redemption())

    [notice] = uow.announced
    body = jws.read(notice.token).payload["events"][USAGE_REPORTED]
    assert body.keys() == {
        "line_id",
        "host",
        "grant_id",
        "attestation_id",
        "incentive_id",
        "fact",
        "value_fen",
        "at",
        "funding",
    }


def test_a_report_that_cannot_be_signed_today_is_sent_when_it_can(uow):
    lost = CityKey(OTHER_KEY, HANGZHOU, GATEWAY, a_roster, lambda: NOW)
    report_usage(a_redemption(), uow=uow, node=host_node(signer=lost), now=NOW)
    assert not uow.announced

    sign_kept_notices(uow=uow, node=host_node(), now=NOW)

    [notice] = uow.announced_of(NoticeReady)
    assert notice.recipient == FUZHOU


def test_a_report_made_twice_is_one_notice_to_home(uow):
    event = a_redemption()

    reported(uow, event)
    report_usage(event, uow=uow, node=host_node(), now=NOW + timedelta(days=1))

    first, second = uow.announced
    assert first.notice_id == second.notice_id
