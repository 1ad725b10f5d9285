"""A holder's app at a host: present an attestation, see what may be taken, take it."""

from typing import Self
from uuid import UUID

from contracts.http import PresentationBody, RecognitionAnswer
from huxin_client.access import Bearer
from huxin_client.calls.erased import ErasedCalls
from huxin_client.calls.everyone import EveryoneCalls
from huxin_client.calls.holder import HolderCalls
from huxin_client.credentials import HolderKey
from huxin_client.door import Patience


class Holder(HolderCalls, EveryoneCalls):
    """A holder; nobody but a stranger until an attestation is recognised."""

    recognised: RecognitionAnswer | None = None

    @classmethod
    def with_session(
        cls, url: str, token: str, *, language: str = "zh", patience: Patience | None = None
    ) -> Self:
        """Go on with a session that was opened before."""
        holder = cls(url, language=language, patience=patience)
        holder.door.auth = Bearer(token)
        return holder

    def recognise_attestation(
        self, body: PresentationBody, *, recognition_id: UUID | None = None
    ) -> RecognitionAnswer:
        """Hand over a presentation; from then on calls carry the session it opens."""
        self.recognised = super().recognise_attestation(body, recognition_id=recognition_id)
        self.door.auth = Bearer(self.recognised.session.token)
        return self.recognised

    def enter(self, key: HolderKey, credential: str) -> RecognitionAnswer:
        """Answer a fresh challenge with an attestation."""
        challenge = self.open_challenge()
        shown = key.present(credential, challenge)
        return self.recognise_attestation(
            PresentationBody(challenge_id=challenge.challenge_id, presentation=shown)
        )


class Erased(ErasedCalls):
    """Whoever holds the receipt of an erasure."""

    def __init__(
        self, url: str, receipt: str, *, language: str = "zh", patience: Patience | None = None
    ) -> None:
        super().__init__(url, Bearer(receipt), language=language, patience=patience)
