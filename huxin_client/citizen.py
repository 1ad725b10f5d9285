"""A resident's app at home: consent, attestations, facts and what is wrong with them."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID, uuid4

from contracts import consents, disputes, http, recognition
from contracts.words import Category, DisputeGround
from huxin_client.access import Bearer
from huxin_client.caller import Caller
from huxin_client.credentials import HolderKey
from huxin_client.door import Patience


class Citizen(Caller):
    """A resident, by a token of the city's identity provider."""

    def __init__(
        self, url: str, token: str, *, language: str = "zh", patience: Patience | None = None
    ) -> None:
        super().__init__(url, Bearer(token), language=language, patience=patience)

    def give_consent(
        self,
        shown: consents.ConsentTextAnswer,
        recipient: str,
        purposes: Collection[Category],
        until: datetime,
        *,
        consent_id: UUID | None = None,
    ) -> recognition.ConsentRecord:
        """Consent to exactly the text that was shown (Everyone.show_consent_text)."""
        body = consents.ConsentBody(
            recipient=recipient,
            purposes=tuple(purposes),
            until=until,
            text_version=shown.version,
            text_digest=shown.digest,
        )
        return self.door.ask(
            recognition.ConsentRecord, "give_consent", body, consent_id=consent_id or uuid4()
        )

    def list_consents(
        self, cursor: UUID | None = None, limit: int | None = None
    ) -> recognition.ConsentRecords:
        query = {"cursor": cursor, "limit": limit}
        return self.door.ask(recognition.ConsentRecords, "list_consents", query=query)

    def show_consent(
        self, consent_id: UUID, cursor: UUID | None = None, limit: int | None = None
    ) -> consents.ConsentDetail:
        query = {"cursor": cursor, "limit": limit}
        return self.door.ask(
            consents.ConsentDetail, "show_consent", query=query, consent_id=consent_id
        )

    def export_consents(self) -> consents.ConsentExport:
        return self.door.ask(consents.ConsentExport, "export_consents")

    def withdraw_consent(self, consent_id: UUID) -> recognition.ConsentRecord:
        return self.door.ask(recognition.ConsentRecord, "withdraw_consent", consent_id=consent_id)

    def issue_attestation(
        self, recipient: str, key: HolderKey, *, attestation_id: UUID | None = None
    ) -> recognition.IssuedAttestation:
        """Get an attestation for one city, bound to the holder's key."""
        body = http.AttestationBody(recipient=recipient, holder_key=key.public)
        return self.door.ask(
            recognition.IssuedAttestation,
            "issue_attestation",
            body,
            attestation_id=attestation_id or uuid4(),
        )

    def list_attestations(self) -> recognition.IssuedAttestations:
        return self.door.ask(recognition.IssuedAttestations, "list_attestations")

    def show_attestation(self, attestation_id: UUID) -> recognition.IssuedAttestation:
        return self.door.ask(
            recognition.IssuedAttestation, "show_attestation", attestation_id=attestation_id
        )

    def list_facts(self) -> disputes.FactRecords:
        return self.door.ask(disputes.FactRecords, "list_facts")

    def open_dispute(
        self,
        ground: DisputeGround,
        *,
        statement: str = "",
        fact_id: str | None = None,
        attestation_id: UUID | None = None,
        dispute_id: UUID | None = None,
    ) -> disputes.DisputeRecord:
        """Say what is wrong: with a fact, or with what an attestation says."""
        body = http.DisputeBody(
            ground=ground, statement=statement, fact_id=fact_id, attestation_id=attestation_id
        )
        return self.door.ask(
            disputes.DisputeRecord, "open_dispute", body, dispute_id=dispute_id or uuid4()
        )

    def list_disputes(self) -> disputes.DisputeRecords:
        return self.door.ask(disputes.DisputeRecords, "list_disputes")

    def show_dispute(self, dispute_id: UUID) -> disputes.DisputeRecord:
        return self.door.ask(disputes.DisputeRecord, "show_dispute", dispute_id=dispute_id)

    def withdraw_dispute(self, dispute_id: UUID) -> disputes.DisputeRecord:
        return self.door.ask(disputes.DisputeRecord, "withdraw_dispute", dispute_id=dispute_id)

    def name_disputed_fact(self, dispute_id: UUID, fact_id: str) -> disputes.DisputeRecord:
        body = http.FactBody(fact_id=fact_id)
        return self.door.ask(
            disputes.DisputeRecord, "name_disputed_fact", body, dispute_id=dispute_id
        )

    def ask_for_repair(
        self, fact_id: str, *, repair_id: UUID | None = None
    ) -> disputes.RepairRecord:
        body = http.FactBody(fact_id=fact_id)
        return self.door.ask(
            disputes.RepairRecord, "ask_for_repair", body, repair_id=repair_id or uuid4()
        )

    def list_repairs(self) -> disputes.RepairRecords:
        return self.door.ask(disputes.RepairRecords, "list_repairs")

    def erase_resident(self, *, erasure_id: UUID | None = None) -> http.ErasureAnswer:
        """Be forgotten at home and wherever home spoke of one; keep the receipt."""
        return self.door.ask(http.ErasureAnswer, "erase_resident", erasure_id=erasure_id or uuid4())
