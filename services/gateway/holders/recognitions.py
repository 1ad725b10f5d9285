"""From an attestation to a session: what a person at a host does first."""

from uuid import uuid4

from contracts.http import PresentationBody, RecognitionAnswer
from contracts.recognition import (
    Challenge,
    OpenChallenge,
    RecogniseAttestation,
    RecognitionRecord,
)
from services.gateway.authentication.callers import Anyone
from services.gateway.authentication.sessions import Holders
from services.gateway.calls import Bus, Call


class Recognitions:
    """A session is opened for nothing but a recognition."""

    def __init__(self, bus: Bus, sessions: Holders) -> None:
        self._bus, self._sessions = bus, sessions

    def open_challenge(self, call: Call[Anyone, None]) -> Challenge:
        command = OpenChallenge(challenge_id=uuid4())
        challenge: Challenge = self._bus.call(command, cause=call.cause)
        return challenge

    def recognise_attestation(self, call: Call[Anyone, PresentationBody]) -> RecognitionAnswer:
        command = RecogniseAttestation(
            recognition_id=call.path["recognition_id"],
            challenge_id=call.body.challenge_id,
            presentation=call.body.presentation,
        )
        record: RecognitionRecord = self._bus.call(command, cause=call.cause)
        return RecognitionAnswer(recognition=record, session=self._sessions.open(record))
