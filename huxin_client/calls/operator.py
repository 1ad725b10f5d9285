"""What an operator of scenarios may ask; written by `make contracts`."""

from uuid import UUID, uuid4

from contracts import (
    catalogue,
    coverage,
    evidence,
    http,
    passes,
    quotas,
    scenarios,
    screening,
    special_reports,
    statements,
    substitutions,
    trials,
    vettings,
)
from contracts.words import DeliveryState, ExportFormat, IncentiveState, Titles
from huxin_client.caller import Caller


class OperatorCalls(Caller):
    """A method for each endpoint that is for an operator of scenarios."""

    def report_evidence(
        self, body: http.EvidenceBody, *, evidence_id: UUID | None = None
    ) -> evidence.EvidenceRecord:
        """Enter evidence of an item that names one as a source."""
        return self.door.ask(
            evidence.EvidenceRecord, "report_evidence", body, evidence_id=evidence_id or uuid4()
        )

    def report_coverage(self, body: http.CoverageBody, *, item_id: str) -> coverage.CoverageRecords:
        """Say that one has reported everything of a period."""
        return self.door.ask(coverage.CoverageRecords, "report_coverage", body, item_id=item_id)

    def register_scenario(
        self, body: http.ScenarioBody, *, scenario_id: str
    ) -> scenarios.ScenarioRecord:
        """Register a scenario of one's own."""
        return self.door.ask(
            scenarios.ScenarioRecord, "register_scenario", body, scenario_id=scenario_id
        )

    def publish_incentive(
        self, body: http.IncentiveBody, *, incentive_id: str
    ) -> scenarios.IncentiveRecord:
        """Submit an incentive, or a new version of it, for the city to review."""
        return self.door.ask(
            scenarios.IncentiveRecord, "publish_incentive", body, incentive_id=incentive_id
        )

    def measure_incentive(self, *, incentive_id: str) -> quotas.IncentiveUsage:
        """See what an incentive of one's own gave, and what is left of quotas and budget."""
        return self.door.ask(quotas.IncentiveUsage, "measure_incentive", incentive_id=incentive_id)

    def redeem_pass(
        self, body: http.RedemptionBody, *, redemption_id: UUID | None = None
    ) -> scenarios.RedemptionRecord:
        """Use a pass once; every no is the same answer."""
        return self.door.ask(
            scenarios.RedemptionRecord, "redeem_pass", body, redemption_id=redemption_id or uuid4()
        )

    def reverse_redemption(
        self, body: http.ReversalBody, *, reversal_id: UUID | None = None
    ) -> passes.ReversalRecord:
        """Take a redemption back, within the time its incentive allows."""
        return self.door.ask(
            passes.ReversalRecord, "reverse_redemption", body, reversal_id=reversal_id or uuid4()
        )

    def recall_grant(self, body: http.RecallBody, *, grant_id: UUID) -> passes.RecallRecord:
        """Recall a grant of one's own, with notice to its holder."""
        return self.door.ask(passes.RecallRecord, "recall_grant", body, grant_id=grant_id)

    def call_deposit(self, body: http.DepositBody, *, redemption_id: UUID) -> passes.DepositRecord:
        """Call a waived deposit, or give it back with 0."""
        return self.door.ask(
            passes.DepositRecord, "call_deposit", body, redemption_id=redemption_id
        )

    def set_webhook(self, body: http.WebhookBody) -> http.WebhookRecord:
        """Say where to deliver events of one's grants; what rested goes out again."""
        return self.door.ask(http.WebhookRecord, "set_webhook", body)

    def show_webhook(self) -> http.WebhookStanding:
        """How one's webhook fares, and whether its deliveries rest."""
        return self.door.ask(http.WebhookStanding, "show_webhook")

    def remove_webhook(self) -> None:
        """Have nothing delivered any more."""
        self.door.fetch("remove_webhook")

    def rotate_webhook_secret(self, *, rotation_id: UUID | None = None) -> http.WebhookRecord:
        """Get a new secret, once a day; for a day every delivery is signed by both."""
        return self.door.ask(
            http.WebhookRecord, "rotate_webhook_secret", rotation_id=rotation_id or uuid4()
        )

    def list_deliveries(
        self,
        *,
        state: DeliveryState | None = None,
        after: UUID | None = None,
        limit: int | None = None,
    ) -> http.DeliveryRecords:
        """One's deliveries of the last 30 days, newest first."""
        query = {"state": state, "after": after, "limit": limit}
        return self.door.ask(http.DeliveryRecords, "list_deliveries", query=query)

    def show_delivery(self, *, delivery_id: UUID) -> http.DeliveryRecord:
        """What became of one delivery."""
        return self.door.ask(http.DeliveryRecord, "show_delivery", delivery_id=delivery_id)

    def replay_delivery(self, *, delivery_id: UUID) -> http.DeliveryRecord:
        """Send one again, under the same `webhook-id`."""
        return self.door.ask(http.DeliveryRecord, "replay_delivery", delivery_id=delivery_id)

    def replay_parked_deliveries(self) -> http.WebhookReplay:
        """Send all again that were given up."""
        return self.door.ask(http.WebhookReplay, "replay_parked_deliveries")

    def list_own_incentives(
        self, *, state: IncentiveState | None = None, after: str | None = None
    ) -> catalogue.IncentiveRecords:
        """See one's own incentives, in every state."""
        query = {"state": state, "after": after}
        return self.door.ask(catalogue.IncentiveRecords, "list_own_incentives", query=query)

    def show_own_incentive(
        self, *, incentive_id: str, version: int | None = None
    ) -> scenarios.IncentiveRecord:
        """See one's own incentive: its newest version or another."""
        query = {"version": version}
        return self.door.ask(
            scenarios.IncentiveRecord, "show_own_incentive", query=query, incentive_id=incentive_id
        )

    def list_own_moves(self, *, incentive_id: str, after: int | None = None) -> catalogue.Moves:
        """See who took which step with one's own incentive, and when."""
        query = {"after": after}
        return self.door.ask(
            catalogue.Moves, "list_own_moves", query=query, incentive_id=incentive_id
        )

    def release_incentive(self, *, incentive_id: str, version: int) -> scenarios.IncentiveRecord:
        """Publish a version that the city has accepted."""
        return self.door.ask(
            scenarios.IncentiveRecord,
            "release_incentive",
            incentive_id=incentive_id,
            version=version,
        )

    def pause_own_incentive(
        self, body: http.NoteBody, *, incentive_id: str
    ) -> scenarios.IncentiveRecord:
        """Give no more grants for now; open ones stay."""
        return self.door.ask(
            scenarios.IncentiveRecord, "pause_own_incentive", body, incentive_id=incentive_id
        )

    def resume_own_incentive(self, *, incentive_id: str) -> scenarios.IncentiveRecord:
        """Give grants again."""
        return self.door.ask(
            scenarios.IncentiveRecord, "resume_own_incentive", incentive_id=incentive_id
        )

    def withdraw_own_incentive(
        self, body: http.NoteBody, *, incentive_id: str
    ) -> scenarios.IncentiveRecord:
        """End an incentive for good; open grants end as its terms say."""
        return self.door.ask(
            scenarios.IncentiveRecord, "withdraw_own_incentive", body, incentive_id=incentive_id
        )

    def list_own_clients(self) -> http.ClientRecords:
        """See one's clients and what each may."""
        return self.door.ask(http.ClientRecords, "list_own_clients")

    def set_own_client(self, body: http.ClientBody, *, client: str) -> http.ClientMade:
        """Make a client of one's own, or say anew what it may; tokens from before end."""
        return self.door.ask(http.ClientMade, "set_own_client", body, client=client)

    def remove_own_client(self, *, client: str) -> None:
        """Remove a client of one's own; its tokens end with it."""
        self.door.fetch("remove_own_client", client=client)

    def rotate_own_client_secret(
        self, *, client: str, rotation_id: UUID | None = None
    ) -> http.ClientMade:
        """Get a new secret, shown once; the one before is good for another day."""
        return self.door.ask(
            http.ClientMade,
            "rotate_own_client_secret",
            client=client,
            rotation_id=rotation_id or uuid4(),
        )

    def stop_own_former_secrets(self, *, client: str) -> http.ClientRecord:
        """Stop all secrets but the newest at once, and the tokens given until now."""
        return self.door.ask(http.ClientRecord, "stop_own_former_secrets", client=client)

    def decide_substitution(
        self, body: http.DecideSubstitutionBody, *, substitution_id: UUID | None = None
    ) -> substitutions.SubstitutionRecord:
        """Ask whether evidence takes the place of a deposit; a no names what is missing."""
        return self.door.ask(
            substitutions.SubstitutionRecord,
            "decide_substitution",
            body,
            substitution_id=substitution_id or uuid4(),
        )

    def show_substitution(self, *, substitution_id: UUID) -> substitutions.SubstitutionRecord:
        """See where a substitution stands."""
        return self.door.ask(
            substitutions.SubstitutionRecord, "show_substitution", substitution_id=substitution_id
        )

    def report_breach(
        self, body: http.BreachBody, *, substitution_id: UUID
    ) -> substitutions.SubstitutionRecord:
        """Say by which document the commitment was found broken; it is called back."""
        return self.door.ask(
            substitutions.SubstitutionRecord, "report_breach", body, substitution_id=substitution_id
        )

    def draw_special_report(
        self, body: http.SpecialReportBody, *, report_id: UUID | None = None
    ) -> special_reports.SpecialReport:
        """Draw a special credit report of an organisation, signed by the city."""
        return self.door.ask(
            special_reports.SpecialReport,
            "draw_special_report",
            body,
            report_id=report_id or uuid4(),
        )

    def show_special_report(self, *, report_id: UUID) -> special_reports.SpecialReport:
        """Get a report again."""
        return self.door.ask(
            special_reports.SpecialReport, "show_special_report", report_id=report_id
        )

    def show_report_page(self, *, report_id: UUID) -> bytes:
        """Get a report to read or print, in Chinese or English."""
        return self.door.fetch("show_report_page", report_id=report_id)

    def screen(
        self, body: http.ScreeningBody, *, screening_id: UUID | None = None
    ) -> screening.ScreeningRecord:
        """Look a subject up on the statutory lists of one's scenario."""
        return self.door.ask(
            screening.ScreeningRecord, "screen", body, screening_id=screening_id or uuid4()
        )

    def open_vetting(
        self, body: http.VettingBody, *, vetting_id: UUID | None = None
    ) -> vettings.VettingRecord:
        """Vet a holder: propose what the statutory lists say, without effect yet."""
        return self.door.ask(
            vettings.VettingRecord, "open_vetting", body, vetting_id=vetting_id or uuid4()
        )

    def show_vetting(self, *, vetting_id: UUID) -> vettings.VettingRecord:
        """See where a vetting stands."""
        return self.door.ask(vettings.VettingRecord, "show_vetting", vetting_id=vetting_id)

    def serve_finding(self, *, vetting_id: UUID) -> vettings.VettingRecord:
        """Say that the holder was told; the days to object begin."""
        return self.door.ask(vettings.VettingRecord, "serve_finding", vetting_id=vetting_id)

    def try_incentive(self, body: http.TrialBody, *, incentive_id: str) -> trials.TrialRecord:
        """See what terms of one's own would decide on samples; nothing is kept."""
        return self.door.ask(trials.TrialRecord, "try_incentive", body, incentive_id=incentive_id)

    def show_own_statement(
        self, *, period: str, after: UUID | None = None, limit: int | None = None
    ) -> statements.OperatorStatement:
        """See what one is owed for a month, and the lines of one's own incentives."""
        query = {"after": after, "limit": limit}
        return self.door.ask(
            statements.OperatorStatement, "show_own_statement", query=query, period=period
        )

    def show_own_statement_as_csv(
        self,
        *,
        period: str,
        after: UUID | None = None,
        limit: int | None = None,
        titles: Titles | None = None,
        bom: bool | None = None,
    ) -> bytes:
        """Get what `show_own_statement` shows, as CSV."""
        query = {
            "after": after,
            "limit": limit,
            "titles": titles,
            "bom": bom,
            "format": ExportFormat.CSV,
        }
        return self.door.fetch("show_own_statement", query=query, period=period)
