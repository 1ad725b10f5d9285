"""A holder's app at a host: present an attestation, see what may be taken, take it."""

from typing import Self
from uuid import UUID, uuid4

from contracts import disputes, erasures, http, recognition, scenarios
from contracts.words import Category, DisputeGround
from huxin_client.access import Bearer
from huxin_client.caller import Caller
from huxin_client.credentials import HolderKey
from huxin_client.door import Patience


class Holder(Caller):
    """A holder; nobody but a stranger until an attestation is recognised."""

    recognised: http.RecognitionAnswer | None = None

    @classmethod
    def with_session(
        cls, url: str, token: str, *, language: str = "zh", patience: Patience | None = None
    ) -> Self:
        """Go on with a session that was opened before."""
        holder = cls(url, language=language, patience=patience)
        holder.door.auth = Bearer(token)
        return holder

    def open_challenge(self) -> recognition.Challenge:
        return self.door.ask(recognition.Challenge, "open_challenge")

    def recognise_attestation(
        self, challenge_id: UUID, presentation: str, *, recognition_id: UUID | None = None
    ) -> http.RecognitionAnswer:
        """Hand over a presentation; from then on calls carry the session it opens."""
        body = http.PresentationBody(challenge_id=challenge_id, presentation=presentation)
        self.recognised = self.door.ask(
            http.RecognitionAnswer,
            "recognise_attestation",
            body,
            recognition_id=recognition_id or uuid4(),
        )
        self.door.auth = Bearer(self.recognised.session.token)
        return self.recognised

    def enter(self, key: HolderKey, credential: str) -> http.RecognitionAnswer:
        """Answer a fresh challenge with an attestation."""
        challenge = self.open_challenge()
        return self.recognise_attestation(
            challenge.challenge_id, key.present(credential, challenge)
        )

    def show_eligibility(self, category: Category | None = None) -> http.EligibilityAnswer:
        query = {"category": category}
        return self.door.ask(http.EligibilityAnswer, "show_eligibility", query=query)

    def issue_grant(
        self, incentive_id: str, *, grant_id: UUID | None = None
    ) -> scenarios.GrantRecord:
        """Take an incentive."""
        body = http.GrantBody(incentive_id=incentive_id)
        return self.door.ask(
            scenarios.GrantRecord, "issue_grant", body, grant_id=grant_id or uuid4()
        )

    def list_grants(self) -> scenarios.GrantRecords:
        return self.door.ask(scenarios.GrantRecords, "list_grants")

    def show_grant(self, grant_id: UUID) -> scenarios.GrantRecord:
        return self.door.ask(scenarios.GrantRecord, "show_grant", grant_id=grant_id)

    def show_pass(self, grant_id: UUID) -> bytes:
        """Draw the pass of an open grant as a QR code (SVG)."""
        return self.door.fetch("show_pass", grant_id=grant_id)

    def contest_recognition(
        self, ground: DisputeGround, *, dispute_id: UUID | None = None
    ) -> disputes.RoutedDisputeRecord:
        """Say what is wrong with what home attested; the host hands it on."""
        body = http.ContestBody(ground=ground)
        return self.door.ask(
            disputes.RoutedDisputeRecord,
            "contest_recognition",
            body,
            dispute_id=dispute_id or uuid4(),
        )

    def list_contested(self) -> disputes.RoutedDisputeRecords:
        return self.door.ask(disputes.RoutedDisputeRecords, "list_contested")


class Erased(Caller):
    """Whoever holds the receipt of an erasure."""

    def __init__(
        self, url: str, receipt: str, *, language: str = "zh", patience: Patience | None = None
    ) -> None:
        super().__init__(url, Bearer(receipt), language=language, patience=patience)

    def show_erasure(self, erasure_id: UUID) -> erasures.ErasureRecord:
        return self.door.ask(erasures.ErasureRecord, "show_erasure", erasure_id=erasure_id)
