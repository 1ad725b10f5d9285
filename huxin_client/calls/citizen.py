"""What a resident, at home may ask; written by `make contracts`."""

from uuid import UUID, uuid4

from contracts import consents, disputes, http, recognition
from huxin_client.caller import Caller


class CitizenCalls(Caller):
    """A method for each endpoint that is for a resident, at home."""

    def give_consent(
        self, body: consents.ConsentBody, *, consent_id: UUID | None = None
    ) -> recognition.ConsentRecord:
        """Let one city learn band and tier, for named purposes, until a moment."""
        return self.door.ask(
            recognition.ConsentRecord, "give_consent", body, consent_id=consent_id or uuid4()
        )

    def list_consents(
        self, *, after: UUID | None = None, limit: int | None = None
    ) -> recognition.ConsentRecords:
        """See one's consents, newest first."""
        query = {"after": after, "limit": limit}
        return self.door.ask(recognition.ConsentRecords, "list_consents", query=query)

    def export_consents(self) -> consents.ConsentExport:
        """One's own copy of everything recorded about one's consents (PIPL 45)."""
        return self.door.ask(consents.ConsentExport, "export_consents")

    def show_consent(
        self, *, consent_id: UUID, after: UUID | None = None, limit: int | None = None
    ) -> consents.ConsentDetail:
        """See one consent: the text it was given to, and the attestations under it."""
        query = {"after": after, "limit": limit}
        return self.door.ask(
            consents.ConsentDetail, "show_consent", query=query, consent_id=consent_id
        )

    def withdraw_consent(self, *, consent_id: UUID) -> recognition.ConsentRecord:
        """Withdraw a consent; what rests on it ends."""
        return self.door.ask(recognition.ConsentRecord, "withdraw_consent", consent_id=consent_id)

    def issue_attestation(
        self, body: http.AttestationBody, *, attestation_id: UUID | None = None
    ) -> recognition.IssuedAttestation:
        """Get an attestation for one city, bound to one's key."""
        return self.door.ask(
            recognition.IssuedAttestation,
            "issue_attestation",
            body,
            attestation_id=attestation_id or uuid4(),
        )

    def erase_resident(self, *, erasure_id: UUID | None = None) -> http.ErasureAnswer:
        """Be forgotten here and by every city told of one; the receipt shows how far it is."""
        return self.door.ask(http.ErasureAnswer, "erase_resident", erasure_id=erasure_id or uuid4())

    def list_attestations(self) -> recognition.IssuedAttestations:
        """See one's attestations, and what took the place of which."""
        return self.door.ask(recognition.IssuedAttestations, "list_attestations")

    def show_attestation(self, *, attestation_id: UUID) -> recognition.IssuedAttestation:
        """Get an attestation of one's own again."""
        return self.door.ask(
            recognition.IssuedAttestation, "show_attestation", attestation_id=attestation_id
        )

    def list_facts(self) -> disputes.FactRecords:
        """See the facts that lower one's score."""
        return self.door.ask(disputes.FactRecords, "list_facts")

    def open_dispute(
        self, body: http.DisputeBody, *, dispute_id: UUID | None = None
    ) -> disputes.DisputeRecord:
        """Contest a fact, or what an attestation says; meanwhile the fact does not count."""
        return self.door.ask(
            disputes.DisputeRecord, "open_dispute", body, dispute_id=dispute_id or uuid4()
        )

    def list_disputes(self) -> disputes.DisputeRecords:
        """See one's disputes."""
        return self.door.ask(disputes.DisputeRecords, "list_disputes")

    def show_dispute(self, *, dispute_id: UUID) -> disputes.DisputeRecord:
        """See one dispute."""
        return self.door.ask(disputes.DisputeRecord, "show_dispute", dispute_id=dispute_id)

    def withdraw_dispute(self, *, dispute_id: UUID) -> disputes.DisputeRecord:
        """Contest it no more."""
        return self.door.ask(disputes.DisputeRecord, "withdraw_dispute", dispute_id=dispute_id)

    def name_disputed_fact(
        self, body: http.FactBody, *, dispute_id: UUID
    ) -> disputes.DisputeRecord:
        """Say which fact one's dispute is about."""
        return self.door.ask(
            disputes.DisputeRecord, "name_disputed_fact", body, dispute_id=dispute_id
        )

    def ask_for_repair(
        self, body: http.FactBody, *, repair_id: UUID | None = None
    ) -> disputes.RepairRecord:
        """Ask that a fact lose its effect."""
        return self.door.ask(
            disputes.RepairRecord, "ask_for_repair", body, repair_id=repair_id or uuid4()
        )

    def list_repairs(self) -> disputes.RepairRecords:
        """See what one asked to be repaired."""
        return self.door.ask(disputes.RepairRecords, "list_repairs")
