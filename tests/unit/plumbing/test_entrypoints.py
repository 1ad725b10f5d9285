import pytest

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
