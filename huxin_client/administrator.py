"""A city's own administrator: operators, revocations, disputes and repairs."""

from datetime import datetime
from uuid import UUID

from contracts import disputes, http, recognition
from contracts.words import DisputeOutcome, DisputeState, RevocationReason, SuspensionReason
from huxin_client.access import Bearer
from huxin_client.caller import Caller
from huxin_client.door import Patience


class Administrator(Caller):
    """An official, by a token of the city's identity provider that has the role."""

    def __init__(
        self, url: str, token: str, *, language: str = "zh", patience: Patience | None = None
    ) -> None:
        super().__init__(url, Bearer(token), language=language, patience=patience)

    def register_operator(
        self, operator_id: str, *, name: str, name_en: str, rotate: bool = False
    ) -> http.OperatorAdmitted:
        """Admit an operator; the secret is told this once.  `rotate` makes a new one."""
        body = http.OperatorBody(name=name, name_en=name_en)
        query = {"rotate": "true" if rotate else None}
        return self.door.ask(
            http.OperatorAdmitted, "register_operator", body, query=query, operator_id=operator_id
        )

    def revoke_attestation(
        self, attestation_id: UUID, reason: RevocationReason
    ) -> recognition.Revocation:
        body = http.RevocationBody(reason=reason)
        return self.door.ask(
            recognition.Revocation, "revoke_attestation", body, attestation_id=attestation_id
        )

    def suspend_attestation(
        self, attestation_id: UUID, reason: SuspensionReason
    ) -> recognition.Suspension:
        body = http.SuspensionBody(reason=reason)
        return self.door.ask(
            recognition.Suspension, "suspend_attestation", body, attestation_id=attestation_id
        )

    def resume_attestation(self, attestation_id: UUID) -> recognition.Suspension:
        return self.door.ask(
            recognition.Suspension, "resume_attestation", attestation_id=attestation_id
        )

    def list_dispute_cases(
        self, state: DisputeState | None = None, *, after: UUID | None = None
    ) -> disputes.DisputeCases:
        query = {"state": state, "after": after}
        return self.door.ask(disputes.DisputeCases, "list_dispute_cases", query=query)

    def name_fact_in_dispute(self, dispute_id: UUID, fact_id: str) -> disputes.DisputeRecord:
        body = http.FactBody(fact_id=fact_id)
        return self.door.ask(
            disputes.DisputeRecord, "name_fact_in_dispute", body, dispute_id=dispute_id
        )

    def decide_dispute(
        self, dispute_id: UUID, outcome: DisputeOutcome, note: str = ""
    ) -> disputes.DisputeRecord:
        body = http.DisputeDecisionBody(outcome=outcome, note=note)
        return self.door.ask(disputes.DisputeRecord, "decide_dispute", body, dispute_id=dispute_id)

    def list_repair_cases(self, *, after: UUID | None = None) -> disputes.RepairRecords:
        query = {"after": after}
        return self.door.ask(disputes.RepairRecords, "list_repair_cases", query=query)

    def decide_repair(
        self, repair_id: UUID, decision: http.RepairDecisionBody
    ) -> disputes.RepairRecord:
        return self.door.ask(disputes.RepairRecord, "decide_repair", decision, repair_id=repair_id)

    def show_deadlines(self, at: datetime | None = None) -> disputes.Deadlines:
        """Show how many cases were closed in time, as of a moment."""
        query = {"time": int(at.timestamp()) if at else None}
        return self.door.ask(disputes.Deadlines, "show_deadlines", query=query)
