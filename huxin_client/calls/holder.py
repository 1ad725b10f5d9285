"""What a holder of a session, at a host may ask; written by `make contracts`."""

from uuid import UUID, uuid4

from contracts import (
    disputes,
    evidence,
    evidence_disputes,
    http,
    quotas,
    scenarios,
    screening,
    trust_codes,
    vettings,
)
from contracts.words import Category
from huxin_client.caller import Caller


class HolderCalls(Caller):
    """A method for each endpoint that is for a holder of a session, at a host."""

    def list_evidence(self, *, after: UUID | None = None) -> evidence.EvidenceRecords:
        """See the evidence about oneself, a hundred at a time."""
        query = {"after": after}
        return self.door.ask(evidence.EvidenceRecords, "list_evidence", query=query)

    def open_evidence_dispute(
        self, body: http.EvidenceDisputeBody, *, dispute_id: UUID | None = None
    ) -> evidence_disputes.EvidenceDisputeRecord:
        """Contest evidence about oneself; it counts for nothing until it is decided."""
        return self.door.ask(
            evidence_disputes.EvidenceDisputeRecord,
            "open_evidence_dispute",
            body,
            dispute_id=dispute_id or uuid4(),
        )

    def withdraw_evidence_dispute(
        self, *, dispute_id: UUID
    ) -> evidence_disputes.EvidenceDisputeRecord:
        """Contest it no more."""
        return self.door.ask(
            evidence_disputes.EvidenceDisputeRecord,
            "withdraw_evidence_dispute",
            dispute_id=dispute_id,
        )

    def list_evidence_disputes(
        self, *, after: UUID | None = None
    ) -> evidence_disputes.EvidenceDisputeRecords:
        """See what one contested here."""
        query = {"after": after}
        return self.door.ask(
            evidence_disputes.EvidenceDisputeRecords, "list_evidence_disputes", query=query
        )

    def show_eligibility(
        self,
        *,
        category: Category | None = None,
        district: str | None = None,
        after_grant: UUID | None = None,
        after_reservation: UUID | None = None,
    ) -> http.EligibilityAnswer:
        """See which incentives one may take, and why not the others."""
        query = {
            "category": category,
            "district": district,
            "after_grant": after_grant,
            "after_reservation": after_reservation,
        }
        return self.door.ask(http.EligibilityAnswer, "show_eligibility", query=query)

    def issue_grant(
        self, body: http.GrantBody, *, grant_id: UUID | None = None
    ) -> scenarios.GrantRecord:
        """Take an incentive."""
        return self.door.ask(
            scenarios.GrantRecord, "issue_grant", body, grant_id=grant_id or uuid4()
        )

    def list_grants(self, *, after: UUID | None = None) -> scenarios.GrantRecords:
        """See one's newest grants."""
        query = {"after": after}
        return self.door.ask(scenarios.GrantRecords, "list_grants", query=query)

    def show_grant(self, *, grant_id: UUID) -> scenarios.GrantRecord:
        """See one grant."""
        return self.door.ask(scenarios.GrantRecord, "show_grant", grant_id=grant_id)

    def show_pass_token(self, *, grant_id: UUID) -> http.PassAnswer:
        """Get a fresh pass of an open grant; it is good for five minutes."""
        return self.door.ask(http.PassAnswer, "show_pass_token", grant_id=grant_id)

    def show_pass(self, *, grant_id: UUID) -> bytes:
        """Get the pass of an open grant as a QR code."""
        return self.door.fetch("show_pass", grant_id=grant_id)

    def reserve_grant(
        self, body: http.GrantBody, *, reservation_id: UUID | None = None
    ) -> quotas.ReservationRecord:
        """Hold the place and the worth of a grant for some minutes."""
        return self.door.ask(
            quotas.ReservationRecord,
            "reserve_grant",
            body,
            reservation_id=reservation_id or uuid4(),
        )

    def show_reservation(self, *, reservation_id: UUID) -> quotas.ReservationRecord:
        """See one reservation."""
        return self.door.ask(
            quotas.ReservationRecord, "show_reservation", reservation_id=reservation_id
        )

    def confirm_reservation(self, *, reservation_id: UUID) -> scenarios.GrantRecord:
        """Turn a reservation into the grant of the same id."""
        return self.door.ask(
            scenarios.GrantRecord, "confirm_reservation", reservation_id=reservation_id
        )

    def cancel_reservation(self, *, reservation_id: UUID) -> quotas.ReservationRecord:
        """Give back what a reservation holds."""
        return self.door.ask(
            quotas.ReservationRecord, "cancel_reservation", reservation_id=reservation_id
        )

    def list_decisions(self, *, after: UUID | None = None) -> http.DecisionsAnswer:
        """See the newest decisions about oneself, granted and refused, fifty at a time."""
        query = {"after": after}
        return self.door.ask(http.DecisionsAnswer, "list_decisions", query=query)

    def explain_decision(self, *, decision_id: UUID) -> http.DecisionAnswer:
        """See why a decision about oneself came out as it did, and what helps."""
        return self.door.ask(http.DecisionAnswer, "explain_decision", decision_id=decision_id)

    def begin_employment(
        self, body: http.EmploymentBody, *, employment_id: UUID | None = None
    ) -> trust_codes.EmploymentRecord:
        """Name one's employer, as a housekeeper; one at a time."""
        return self.door.ask(
            trust_codes.EmploymentRecord,
            "begin_employment",
            body,
            employment_id=employment_id or uuid4(),
        )

    def end_employment(self, *, employment_id: UUID) -> trust_codes.EmploymentRecord:
        """Work for an employer no more."""
        return self.door.ask(
            trust_codes.EmploymentRecord, "end_employment", employment_id=employment_id
        )

    def show_trust_code(self) -> trust_codes.TrustCode:
        """Get one's trust code: the colour now, what is missing, and a code to show."""
        return self.door.ask(trust_codes.TrustCode, "show_trust_code")

    def list_own_screenings(self, *, after: UUID | None = None) -> screening.ScreeningEntries:
        """See who looked oneself up, and why."""
        query = {"after": after}
        return self.door.ask(screening.ScreeningEntries, "list_own_screenings", query=query)

    def list_vettings(self, *, after: UUID | None = None) -> vettings.VettingRecords:
        """See what was found about oneself, and until when one may object."""
        query = {"after": after}
        return self.door.ask(vettings.VettingRecords, "list_vettings", query=query)

    def object_to_finding(
        self, body: http.ObjectionBody, *, vetting_id: UUID
    ) -> vettings.VettingRecord:
        """Object; nothing has effect until the city has decided."""
        return self.door.ask(
            vettings.VettingRecord, "object_to_finding", body, vetting_id=vetting_id
        )

    def contest_recognition(
        self, body: http.ContestBody, *, dispute_id: UUID | None = None
    ) -> disputes.RoutedDisputeRecord:
        """Contest the attestation behind one's session; its home city decides."""
        return self.door.ask(
            disputes.RoutedDisputeRecord,
            "contest_recognition",
            body,
            dispute_id=dispute_id or uuid4(),
        )

    def list_contested(self) -> disputes.RoutedDisputeRecords:
        """See what one contested here, and what became of it."""
        return self.door.ask(disputes.RoutedDisputeRecords, "list_contested")
