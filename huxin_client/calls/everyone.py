"""What everyone may ask; written by `make contracts`."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID, uuid4

from contracts import (
    consents,
    counters,
    coverage,
    evidence,
    http,
    passes,
    recognition,
    screening,
    special_reports,
    statements,
    substitutions,
    trust_codes,
)
from contracts.words import Category, ExportFormat, Titles
from huxin_client.caller import Caller


class EveryoneCalls(Caller):
    """A method for each endpoint that is for everyone."""

    def show_consent_text(
        self, *, recipient: str, purpose: Collection[Category], until: datetime
    ) -> consents.ConsentTextAnswer:
        """The text to show before consent, in the language of Accept-Language."""
        query = {"recipient": recipient, "purpose": purpose, "until": until}
        return self.door.ask(consents.ConsentTextAnswer, "show_consent_text", query=query)

    def list_evidence_items(self, *, after: str | None = None) -> evidence.EvidenceItemRecords:
        """See the evidence catalogue with legal bases, a hundred items at a time."""
        query = {"after": after}
        return self.door.ask(evidence.EvidenceItemRecords, "list_evidence_items", query=query)

    def list_coverage(self, *, item_id: str) -> coverage.CoverageRecords:
        """See which sources have reported an item, and of which periods."""
        return self.door.ask(coverage.CoverageRecords, "list_coverage", item_id=item_id)

    def open_challenge(self) -> recognition.Challenge:
        """Get a nonce to present an attestation with."""
        return self.door.ask(recognition.Challenge, "open_challenge")

    def recognise_attestation(
        self, body: http.PresentationBody, *, recognition_id: UUID | None = None
    ) -> http.RecognitionAnswer:
        """Present an attestation; get a session when it is recognised."""
        return self.door.ask(
            http.RecognitionAnswer,
            "recognise_attestation",
            body,
            recognition_id=recognition_id or uuid4(),
        )

    def issue_token(self, body: http.TokenForm) -> http.TokenAnswer:
        """Get an access token by client credentials (RFC 6749 §4.4)."""
        return self.door.ask(http.TokenAnswer, "issue_token", body)

    def show_substitution_rule(self, *, rule_id: str) -> substitutions.SubstitutionRuleRecord:
        """Read a substitution rule."""
        return self.door.ask(
            substitutions.SubstitutionRuleRecord, "show_substitution_rule", rule_id=rule_id
        )

    def list_report_fields(self) -> special_reports.ReportFields:
        """The fields of special credit reports, and what answers for each."""
        return self.door.ask(special_reports.ReportFields, "list_report_fields")

    def check_trust_code(self, body: http.TrustCodeBody) -> trust_codes.TrustCodeChecked:
        """Ask what a trust code says, without a key of one's own."""
        return self.door.ask(trust_codes.TrustCodeChecked, "check_trust_code", body)

    def show_screening_rule(self, *, rule_id: str) -> screening.ScreeningRuleRecord:
        """Read a screening rule and its legal basis."""
        return self.door.ask(screening.ScreeningRuleRecord, "show_screening_rule", rule_id=rule_id)

    def show_roster(self) -> bytes:
        """The alliance's signed roster, as this node goes by it."""
        return self.door.fetch("show_roster")

    def show_pseudonym_keys(self) -> bytes:
        """The pseudonym keys, each sealed to the cities that issue, as the alliance signed."""
        return self.door.fetch("show_pseudonym_keys")

    def list_cities(self, *, at: datetime | None = None) -> http.CitiesAnswer:
        """The alliance's cities, where each stands and since when, and how many are online."""
        query = {"at": at}
        return self.door.ask(http.CitiesAnswer, "list_cities", query=query)

    def show_crosswalk(self) -> bytes:
        """The alliance's signed crosswalk of bands and tiers, in force now."""
        return self.door.fetch("show_crosswalk")

    def show_crosswalk_text(self) -> bytes:
        """The same as a table for people, without signatures."""
        return self.door.fetch("show_crosswalk_text")

    def show_crosswalk_version(self, *, crosswalk: str, version: int | None = None) -> bytes:
        """A signed crosswalk: the alliance's, or what two cities agreed on for a category."""
        query = {"version": version}
        return self.door.fetch("show_crosswalk_version", query=query, crosswalk=crosswalk)

    def show_status_list(self, *, number: int, time: int | None = None) -> bytes:
        """A signed list of attestation states (Token Status List)."""
        query = {"time": time}
        return self.door.fetch("show_status_list", query=query, list=number)

    def show_issuer(self) -> http.IssuerMetadata:
        """The keys that sign this city's attestations (SD-JWT VC §5)."""
        return self.door.ask(http.IssuerMetadata, "show_issuer")

    def show_pass_keys(self) -> passes.PassKeySet:
        """The keys that sign this city's passes, for devices that check them offline."""
        return self.door.ask(passes.PassKeySet, "show_pass_keys")

    def show_openapi(self) -> bytes:
        """This interface as an OpenAPI document."""
        return self.door.fetch("show_openapi")

    def show_liveness(self) -> http.HealthReport:
        """Whether the process answers."""
        return self.door.ask(http.HealthReport, "show_liveness")

    def show_readiness(self) -> http.HealthReport:
        """Whether every part can do its work; 503 with the reason when not."""
        return self.door.ask(http.HealthReport, "show_readiness")

    def show_metrics(self) -> bytes:
        """Metrics in the Prometheus text format."""
        return self.door.fetch("show_metrics")

    def list_problems(self) -> http.ProblemKinds:
        """Every error code: its status, what it means and what to do next."""
        return self.door.ask(http.ProblemKinds, "list_problems")

    def show_docs(self) -> bytes:
        """Documentation of this interface, a page for people."""
        return self.door.fetch("show_docs")

    def show_problem(self, *, code: str) -> bytes:
        """A page about one error code, for people; the `type` of a problem leads here."""
        return self.door.fetch("show_problem", problem=code)

    def show_usage(self, *, period: str) -> statements.UsageSummary:
        """Grants and uses of a month that is over, without small numbers."""
        return self.door.ask(statements.UsageSummary, "show_usage", period=period)

    def show_usage_as_csv(
        self, *, period: str, titles: Titles | None = None, bom: bool | None = None
    ) -> bytes:
        """Get what `show_usage` shows, as CSV."""
        query = {"titles": titles, "bom": bom, "format": ExportFormat.CSV}
        return self.door.fetch("show_usage", query=query, period=period)

    def show_counters(self, *, as_of: str | None = None) -> counters.PlanCounters:
        """What the city's plan counts, as of a day; numbers of people's doings are rounded."""
        query = {"as_of": as_of}
        return self.door.ask(counters.PlanCounters, "show_counters", query=query)

    def show_counters_as_csv(
        self, *, as_of: str | None = None, titles: Titles | None = None, bom: bool | None = None
    ) -> bytes:
        """Get what `show_counters` shows, as CSV."""
        query = {"as_of": as_of, "titles": titles, "bom": bom, "format": ExportFormat.CSV}
        return self.door.fetch("show_counters", query=query)
