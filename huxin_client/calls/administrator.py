"""What an administrator of the city may ask; written by `make contracts`."""

from uuid import UUID, uuid4

from contracts import (
    catalogue,
    counters,
    coverage,
    disputes,
    evidence,
    evidence_disputes,
    http,
    passes,
    recognition,
    scenarios,
    screening,
    settlements,
    special_reports,
    statements,
    substitutions,
    trials,
    vettings,
)
from contracts.words import DisputeState, ExportFormat, IncentiveState, Titles
from huxin_client.caller import Caller


class AdministratorCalls(Caller):
    """A method for each endpoint that is for an administrator of the city."""

    def publish_evidence_item(
        self, body: http.EvidenceItemBody, *, item_id: str
    ) -> evidence.EvidenceItemRecord:
        """Put an item into the evidence catalogue, or a new version of it."""
        return self.door.ask(
            evidence.EvidenceItemRecord, "publish_evidence_item", body, item_id=item_id
        )

    def enter_evidence(
        self, body: http.EvidenceBody, *, evidence_id: UUID | None = None
    ) -> evidence.EvidenceRecord:
        """Enter what an effective document says of a subject."""
        return self.door.ask(
            evidence.EvidenceRecord, "enter_evidence", body, evidence_id=evidence_id or uuid4()
        )

    def list_evidence_about_organisation(
        self, *, organisation: str, after: UUID | None = None
    ) -> evidence.EvidenceRecords:
        """See the evidence about an organisation, a hundred at a time."""
        query = {"organisation": organisation, "after": after}
        return self.door.ask(
            evidence.EvidenceRecords, "list_evidence_about_organisation", query=query
        )

    def repair_evidence(
        self, body: http.EvidenceRepairBody, *, evidence_id: UUID
    ) -> evidence.EvidenceRecord:
        """Let evidence stop early, as its item allows."""
        return self.door.ask(
            evidence.EvidenceRecord, "repair_evidence", body, evidence_id=evidence_id
        )

    def annul_evidence(
        self, body: http.AnnulmentBody, *, evidence_id: UUID
    ) -> evidence.EvidenceRecord:
        """Take evidence out for good, as its document was revoked or it was wrong."""
        return self.door.ask(
            evidence.EvidenceRecord, "annul_evidence", body, evidence_id=evidence_id
        )

    def list_evidence_dispute_cases(
        self, *, after: UUID | None = None
    ) -> evidence_disputes.EvidenceDisputeRecords:
        """See open disputes about evidence by when they are due, a hundred at a time."""
        query = {"after": after}
        return self.door.ask(
            evidence_disputes.EvidenceDisputeRecords, "list_evidence_dispute_cases", query=query
        )

    def open_dispute_of_organisation(
        self, body: http.EvidenceDisputeBody, *, dispute_id: UUID | None = None
    ) -> evidence_disputes.EvidenceDisputeRecord:
        """Take in what an organisation contests."""
        return self.door.ask(
            evidence_disputes.EvidenceDisputeRecord,
            "open_dispute_of_organisation",
            body,
            dispute_id=dispute_id or uuid4(),
        )

    def withdraw_dispute_of_organisation(
        self, *, dispute_id: UUID
    ) -> evidence_disputes.EvidenceDisputeRecord:
        """Note that an organisation contests it no more."""
        return self.door.ask(
            evidence_disputes.EvidenceDisputeRecord,
            "withdraw_dispute_of_organisation",
            dispute_id=dispute_id,
        )

    def decide_evidence_dispute(
        self, body: http.EvidenceDisputeDecisionBody, *, dispute_id: UUID
    ) -> evidence_disputes.EvidenceDisputeRecord:
        """Decide a dispute: the evidence was wrong and is annulled, or counts again."""
        return self.door.ask(
            evidence_disputes.EvidenceDisputeRecord,
            "decide_evidence_dispute",
            body,
            dispute_id=dispute_id,
        )

    def note_coverage(
        self, body: http.SourceCoverageBody, *, item_id: str
    ) -> coverage.CoverageRecords:
        """Note that the city, or a source, has reported everything of a period."""
        return self.door.ask(coverage.CoverageRecords, "note_coverage", body, item_id=item_id)

    def list_clients(self, *, operator_id: str) -> http.ClientRecords:
        """See an operator's clients and what each may."""
        return self.door.ask(http.ClientRecords, "list_clients", operator_id=operator_id)

    def set_client(
        self, body: http.ClientBody, *, operator_id: str, client: str
    ) -> http.ClientMade:
        """Make a client of an operator, or say anew what it may; tokens from before end."""
        return self.door.ask(
            http.ClientMade, "set_client", body, operator_id=operator_id, client=client
        )

    def remove_client(self, *, operator_id: str, client: str) -> None:
        """Remove an operator's client; its tokens end with it."""
        self.door.fetch("remove_client", operator_id=operator_id, client=client)

    def rotate_client_secret(
        self, *, operator_id: str, client: str, rotation_id: UUID | None = None
    ) -> http.ClientMade:
        """Get a new secret for a client, shown once; the one before is good for another day."""
        return self.door.ask(
            http.ClientMade,
            "rotate_client_secret",
            operator_id=operator_id,
            client=client,
            rotation_id=rotation_id or uuid4(),
        )

    def stop_former_secrets(self, *, operator_id: str, client: str) -> http.ClientRecord:
        """Stop all secrets of a client but the newest at once, and its tokens until now."""
        return self.door.ask(
            http.ClientRecord, "stop_former_secrets", operator_id=operator_id, client=client
        )

    def register_substitution_rule(
        self, body: http.SubstitutionRuleBody, *, rule_id: str
    ) -> substitutions.SubstitutionRuleRecord:
        """Register what evidence takes the place of a deposit or certificate."""
        return self.door.ask(
            substitutions.SubstitutionRuleRecord,
            "register_substitution_rule",
            body,
            rule_id=rule_id,
        )

    def activate_substitution_rule(self, *, rule_id: str) -> substitutions.SubstitutionRuleRecord:
        """Let a substitution rule decide in its scenario, instead of the one before."""
        return self.door.ask(
            substitutions.SubstitutionRuleRecord, "activate_substitution_rule", rule_id=rule_id
        )

    def stop_substitution_rule(self, *, rule_id: str) -> substitutions.SubstitutionRuleRecord:
        """Let a substitution rule decide no more; what it gave stands."""
        return self.door.ask(
            substitutions.SubstitutionRuleRecord, "stop_substitution_rule", rule_id=rule_id
        )

    def put_report_field(
        self, body: http.ReportFieldBody, *, field: str
    ) -> special_reports.ReportFieldRecord:
        """Add a field to special credit reports, or say anew what answers for it."""
        return self.door.ask(
            special_reports.ReportFieldRecord, "put_report_field", body, field=field
        )

    def register_screening_rule(
        self, body: http.ScreeningRuleBody, *, rule_id: str
    ) -> screening.ScreeningRuleRecord:
        """Register a screening rule with its legal basis; it can ask for no score."""
        return self.door.ask(
            screening.ScreeningRuleRecord, "register_screening_rule", body, rule_id=rule_id
        )

    def activate_screening_rule(self, *, rule_id: str) -> screening.ScreeningRuleRecord:
        """Let a screening rule decide in its scenario, instead of the one before."""
        return self.door.ask(
            screening.ScreeningRuleRecord, "activate_screening_rule", rule_id=rule_id
        )

    def stop_screening_rule(self, *, rule_id: str) -> screening.ScreeningRuleRecord:
        """Let a screening rule decide no more."""
        return self.door.ask(screening.ScreeningRuleRecord, "stop_screening_rule", rule_id=rule_id)

    def list_screenings(self, body: http.ScreenedBody) -> screening.ScreeningEntries:
        """See who looked a subject up and why, a hundred at a time."""
        return self.door.ask(screening.ScreeningEntries, "list_screenings", body)

    def decide_objection(
        self, body: http.ObjectionDecisionBody, *, vetting_id: UUID
    ) -> vettings.VettingRecord:
        """Decide an objection to a finding."""
        return self.door.ask(
            vettings.VettingRecord, "decide_objection", body, vetting_id=vetting_id
        )

    def try_any_incentive(self, body: http.TrialBody, *, incentive_id: str) -> trials.TrialRecord:
        """See what terms would decide on samples; nothing is kept."""
        return self.door.ask(
            trials.TrialRecord, "try_any_incentive", body, incentive_id=incentive_id
        )

    def register_operator(
        self, body: http.OperatorBody, *, operator_id: str, rotate: bool | None = None
    ) -> http.OperatorAdmitted:
        """Admit an operator and make its client."""
        query = {"rotate": rotate}
        return self.door.ask(
            http.OperatorAdmitted, "register_operator", body, query=query, operator_id=operator_id
        )

    def recall_any_grant(self, body: http.RecallBody, *, grant_id: UUID) -> passes.RecallRecord:
        """Recall a grant of any operator, with notice to its holder."""
        return self.door.ask(passes.RecallRecord, "recall_any_grant", body, grant_id=grant_id)

    def revoke_attestation(
        self, body: http.RevocationBody, *, attestation_id: UUID
    ) -> recognition.Revocation:
        """Take an attestation back and tell the host."""
        return self.door.ask(
            recognition.Revocation, "revoke_attestation", body, attestation_id=attestation_id
        )

    def suspend_attestation(
        self, body: http.SuspensionBody, *, attestation_id: UUID
    ) -> recognition.Suspension:
        """Suspend an attestation and tell the host."""
        return self.door.ask(
            recognition.Suspension, "suspend_attestation", body, attestation_id=attestation_id
        )

    def resume_attestation(self, *, attestation_id: UUID) -> recognition.Suspension:
        """End the suspension of an attestation and tell the host."""
        return self.door.ask(
            recognition.Suspension, "resume_attestation", attestation_id=attestation_id
        )

    def list_incentives(
        self, *, state: IncentiveState | None = None, after: str | None = None
    ) -> catalogue.IncentiveRecords:
        """List every operator's incentives, or those in one state."""
        query = {"state": state, "after": after}
        return self.door.ask(catalogue.IncentiveRecords, "list_incentives", query=query)

    def show_incentive(
        self, *, incentive_id: str, version: int | None = None
    ) -> scenarios.IncentiveRecord:
        """See an incentive: its newest version or another."""
        query = {"version": version}
        return self.door.ask(
            scenarios.IncentiveRecord, "show_incentive", query=query, incentive_id=incentive_id
        )

    def list_moves(self, *, incentive_id: str, after: int | None = None) -> catalogue.Moves:
        """See who took which step with an incentive, and when."""
        query = {"after": after}
        return self.door.ask(catalogue.Moves, "list_moves", query=query, incentive_id=incentive_id)

    def review_incentive(
        self, body: http.ReviewBody, *, incentive_id: str, version: int
    ) -> scenarios.IncentiveRecord:
        """Accept a version, or send it back with a note."""
        return self.door.ask(
            scenarios.IncentiveRecord,
            "review_incentive",
            body,
            incentive_id=incentive_id,
            version=version,
        )

    def pause_incentive(
        self, body: http.NoteBody, *, incentive_id: str
    ) -> scenarios.IncentiveRecord:
        """Let no more grants be given for now; only the city can resume it."""
        return self.door.ask(
            scenarios.IncentiveRecord, "pause_incentive", body, incentive_id=incentive_id
        )

    def resume_incentive(self, *, incentive_id: str) -> scenarios.IncentiveRecord:
        """Let grants be given again."""
        return self.door.ask(
            scenarios.IncentiveRecord, "resume_incentive", incentive_id=incentive_id
        )

    def withdraw_incentive(
        self, body: http.NoteBody, *, incentive_id: str
    ) -> scenarios.IncentiveRecord:
        """End an incentive for good; open grants end as its terms say."""
        return self.door.ask(
            scenarios.IncentiveRecord, "withdraw_incentive", body, incentive_id=incentive_id
        )

    def list_dispute_cases(
        self, *, state: DisputeState | None = None, after: UUID | None = None
    ) -> disputes.DisputeCases:
        """See disputes by when they are due, a hundred at a time."""
        query = {"state": state, "after": after}
        return self.door.ask(disputes.DisputeCases, "list_dispute_cases", query=query)

    def name_fact_in_dispute(
        self, body: http.FactBody, *, dispute_id: UUID
    ) -> disputes.DisputeRecord:
        """Say which fact a dispute is about."""
        return self.door.ask(
            disputes.DisputeRecord, "name_fact_in_dispute", body, dispute_id=dispute_id
        )

    def decide_dispute(
        self, body: http.DisputeDecisionBody, *, dispute_id: UUID
    ) -> disputes.DisputeRecord:
        """Decide a dispute: the fact was corrected, or is upheld."""
        return self.door.ask(disputes.DisputeRecord, "decide_dispute", body, dispute_id=dispute_id)

    def list_repair_cases(self, *, after: UUID | None = None) -> disputes.RepairRecords:
        """See repairs to be decided by when they are due, a hundred at a time."""
        query = {"after": after}
        return self.door.ask(disputes.RepairRecords, "list_repair_cases", query=query)

    def decide_repair(
        self, body: http.RepairDecisionBody, *, repair_id: UUID
    ) -> disputes.RepairRecord:
        """Complete a repair, or refuse it for a reason."""
        return self.door.ask(disputes.RepairRecord, "decide_repair", body, repair_id=repair_id)

    def show_deadlines(self, *, time: int | None = None) -> disputes.Deadlines:
        """See how many cases were closed in time."""
        query = {"time": time}
        return self.door.ask(disputes.Deadlines, "show_deadlines", query=query)

    def list_settlements(self, *, period: str) -> settlements.SettlementRecords:
        """See the settlements of a month with every city."""
        return self.door.ask(settlements.SettlementRecords, "list_settlements", period=period)

    def show_settlement(self, *, period: str, city: str) -> settlements.SettlementRecord:
        """See the settlement of a month with a city."""
        return self.door.ask(
            settlements.SettlementRecord, "show_settlement", period=period, city=city
        )

    def list_settlement_lines(
        self, *, period: str, city: str, after: UUID | None = None, limit: int | None = None
    ) -> settlements.SettlementLines:
        """See the lines of a settlement, some at a time, as JSON or CSV."""
        query = {"after": after, "limit": limit}
        return self.door.ask(
            settlements.SettlementLines,
            "list_settlement_lines",
            query=query,
            period=period,
            city=city,
        )

    def list_settlement_lines_as_csv(
        self,
        *,
        period: str,
        city: str,
        after: UUID | None = None,
        limit: int | None = None,
        titles: Titles | None = None,
        bom: bool | None = None,
    ) -> bytes:
        """Get what `list_settlement_lines` shows, as CSV."""
        query = {
            "after": after,
            "limit": limit,
            "titles": titles,
            "bom": bom,
            "format": ExportFormat.CSV,
        }
        return self.door.fetch("list_settlement_lines", query=query, period=period, city=city)

    def list_settlement_differences(
        self, *, period: str, city: str, after: UUID | None = None, limit: int | None = None
    ) -> settlements.SettlementDifferences:
        """See, line by line, where a settlement differs from the other city's."""
        query = {"after": after, "limit": limit}
        return self.door.ask(
            settlements.SettlementDifferences,
            "list_settlement_differences",
            query=query,
            period=period,
            city=city,
        )

    def list_settlement_differences_as_csv(
        self,
        *,
        period: str,
        city: str,
        after: UUID | None = None,
        limit: int | None = None,
        titles: Titles | None = None,
        bom: bool | None = None,
    ) -> bytes:
        """Get what `list_settlement_differences` shows, as CSV."""
        query = {
            "after": after,
            "limit": limit,
            "titles": titles,
            "bom": bom,
            "format": ExportFormat.CSV,
        }
        return self.door.fetch("list_settlement_differences", query=query, period=period, city=city)

    def close_settlement(self, *, period: str, city: str) -> settlements.SettlementRecord:
        """Close a month that is over: its lines are fixed."""
        return self.door.ask(
            settlements.SettlementRecord, "close_settlement", period=period, city=city
        )

    def resolve_settlement(self, *, period: str, city: str) -> settlements.SettlementRecord:
        """Move what differs into the next month."""
        return self.door.ask(
            settlements.SettlementRecord, "resolve_settlement", period=period, city=city
        )

    def show_operator_statement(
        self, *, operator_id: str, period: str, after: UUID | None = None, limit: int | None = None
    ) -> statements.OperatorStatement:
        """See what an operator is owed for a month, and its lines."""
        query = {"after": after, "limit": limit}
        return self.door.ask(
            statements.OperatorStatement,
            "show_operator_statement",
            query=query,
            operator_id=operator_id,
            period=period,
        )

    def show_operator_statement_as_csv(
        self,
        *,
        operator_id: str,
        period: str,
        after: UUID | None = None,
        limit: int | None = None,
        titles: Titles | None = None,
        bom: bool | None = None,
    ) -> bytes:
        """Get what `show_operator_statement` shows, as CSV."""
        query = {
            "after": after,
            "limit": limit,
            "titles": titles,
            "bom": bom,
            "format": ExportFormat.CSV,
        }
        return self.door.fetch(
            "show_operator_statement", query=query, operator_id=operator_id, period=period
        )

    def show_exact_counters(self, *, as_of: str | None = None) -> counters.PlanCounters:
        """What the city's plan counts, as of a day, as it is."""
        query = {"as_of": as_of}
        return self.door.ask(counters.PlanCounters, "show_exact_counters", query=query)

    def show_exact_counters_as_csv(
        self, *, as_of: str | None = None, titles: Titles | None = None, bom: bool | None = None
    ) -> bytes:
        """Get what `show_exact_counters` shows, as CSV."""
        query = {"as_of": as_of, "titles": titles, "bom": bom, "format": ExportFormat.CSV}
        return self.door.fetch("show_exact_counters", query=query)
