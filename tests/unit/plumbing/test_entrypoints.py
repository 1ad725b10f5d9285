"""What may be answered and heard."""

import pytest

from contracts.errors import Conflict
from contracts.recognition import RecognitionEnded, RevokeAttestation
from services.plumbing.entrypoints import answers, hears


def test_a_command_is_answered_by_the_method_of_its_name():
    with pytest.raises(TypeError, match="revoke_attestation"):

        @answers(RevokeAttestation)
        def withdraw(self, command): ...


def test_only_messages_can_be_answered_or_heard():
    for decorator in (answers, hears):
        with pytest.raises(KeyError):
            decorator(str)


def test_the_decorated_method_stays_callable():
    @hears(RecognitionEnded)
    def on_recognition_ended(service, event):
        return service, event

    assert on_recognition_ended("service", "event") == ("service", "event")


def test_a_conflict_with_the_same_command_sent_a_moment_earlier_is_none():
    outcomes = [Conflict("id_reused"), "the first one's reply"]

    @answers(RevokeAttestation)
    def revoke_attestation(_service, _command):
        outcome = outcomes.pop(0)
        if isinstance(outcome, Conflict):
            raise outcome
        return outcome

    assert revoke_attestation("service", "command") == "the first one's reply"


def test_a_conflict_that_stays_is_one():
    @answers(RevokeAttestation)
    def revoke_attestation(_service, _command):
        raise Conflict("id_reused")

    with pytest.raises(Conflict):
        revoke_attestation("service", "command")
