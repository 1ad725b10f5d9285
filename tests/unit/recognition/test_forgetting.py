"""What is too old to matter is dropped, and nothing that still does."""

from datetime import timedelta
from uuid import uuid4

import pytest

from contracts.errors import Refused
from services.recognition.domain.notice import OLDEST
from services.recognition.domain.verification import LONGEST_LIFE
from services.recognition.handlers import forgetting
from services.recognition.handlers.forgetting import forget_old
from services.recognition.handlers.receiving import receive_notice
from services.recognition.handlers.recognitions import recognise_attestation
from tests.builders.attestations import NOW
from tests.builders.recognition import (
    a_receive_notice,
    a_recognise_attestation,
    a_revocation_notice,
    an_issued_attestation,
    an_open_challenge,
    host_node,
)
from tests.fakes.recognition import FakeUnitOfWork

pytestmark = pytest.mark.recognition

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)


def received(uow, token, now=NOW):
    return receive_notice(a_receive_notice(token), uow=uow, node=host_node(), now=now)


def test_challenges_long_over_are_forgotten(uow):
    old = an_open_challenge(uow)
    new = an_open_challenge(uow, now=NOW + HOUR)

    forget_old(uow=uow, now=old.until + HOUR + SECOND)

    assert uow.state.challenges.get(old.challenge_id) is None
    assert uow.state.challenges.get(new.challenge_id) is not None


def test_a_notice_is_known_again_for_as_long_as_it_would_be_taken_in(uow):
    token = a_revocation_notice(attestation_id=uuid4())
    received(uow, token)

    forget_old(uow=uow, now=NOW + OLDEST)

    assert received(uow, token, now=NOW + OLDEST).repeated


def test_a_notice_is_forgotten_when_it_would_not_be_taken_in_any_more(uow):
    received(uow, a_revocation_notice())

    forget_old(uow=uow, now=NOW + OLDEST + DAY)

    assert not uow.state.received_notices.received


def test_a_revocation_is_remembered_for_as_long_as_any_attestation_lives(uow):
    received(uow, a_revocation_notice())
    credential = an_issued_attestation(FakeUnitOfWork()).credential

    forget_old(uow=uow, now=NOW + LONGEST_LIFE)

    with pytest.raises(Refused, match="status_invalid"):
        recognise_attestation(
            a_recognise_attestation(credential, an_open_challenge(uow)),
            uow=uow,
            node=host_node(),
            now=NOW,
        )


def test_what_was_noted_of_attestations_that_must_be_over_is_forgotten(uow):
    received(uow, a_revocation_notice())

    forget_old(uow=uow, now=NOW + LONGEST_LIFE + DAY + SECOND)

    assert not uow.state.revocations.noted


def test_old_rows_are_dropped_some_at_a_time(uow, monkeypatch):
    monkeypatch.setattr(forgetting, "AT_A_TIME", 2)
    for _ in range(3):
        an_open_challenge(uow)

    answers = [forget_old(uow=uow, now=NOW + DAY) for _ in range(2)]

    assert answers == [True, False]
    assert not uow.state.challenges.rows
