"""Substitutions, screenings, vettings, reports and trust codes on the bus.

A part of the scenarios service: every method hands its message to one handler, none of which is
given more than it names (ports/screening.py).
"""

from nameko.timer import timer

from contracts import evidence as evidenced
from contracts import screening as screened
from contracts import special_reports as reported
from contracts import substitutions as substituted
from contracts import trust_codes as trusted
from contracts import vettings as vetted
from services.plumbing.entrypoints import answers, hears
from services.scenarios.adapters.city_signatures import PassKeySignatures
from services.scenarios.handlers import (
    screening_rules,
    screenings,
    special_reports,
    substitution_rules,
    substitutions,
    trust_codes,
    vettings,
)
from services.scenarios.service.given import Given

CHECK_SECONDS = 30


class ScreeningEntrypoints(Given):
    """What rules of substitution and screening answer, and do by the clock."""

    @property
    def signatures(self) -> PassKeySignatures:
        return PassKeySignatures(self.passes)

    @answers(substituted.RegisterSubstitutionRule)
    def register_substitution_rule(
        self, command: substituted.RegisterSubstitutionRule
    ) -> substituted.SubstitutionRuleRecord:
        return substitution_rules.register_substitution_rule(
            command, uow=self.uow, now=self.clock()
        )

    @answers(substituted.ActivateSubstitutionRule)
    def activate_substitution_rule(
        self, command: substituted.ActivateSubstitutionRule
    ) -> substituted.SubstitutionRuleRecord:
        return substitution_rules.activate_substitution_rule(
            command, uow=self.uow, now=self.clock()
        )

    @answers(substituted.StopSubstitutionRule)
    def stop_substitution_rule(
        self, command: substituted.StopSubstitutionRule
    ) -> substituted.SubstitutionRuleRecord:
        return substitution_rules.stop_substitution_rule(command, uow=self.uow, now=self.clock())

    @answers(substituted.ShowSubstitutionRule)
    def show_substitution_rule(
        self, command: substituted.ShowSubstitutionRule
    ) -> substituted.SubstitutionRuleRecord:
        return substitution_rules.show_substitution_rule(command, uow=self.uow)

    @answers(substituted.DecideSubstitution)
    def decide_substitution(
        self, command: substituted.DecideSubstitution
    ) -> substituted.SubstitutionRecord:
        return substitutions.decide_substitution(
            command, uow=self.uow, city=self.settings.city, now=self.clock()
        )

    @answers(substituted.ShowSubstitution)
    def show_substitution(
        self, command: substituted.ShowSubstitution
    ) -> substituted.SubstitutionRecord:
        return substitutions.show_substitution(command, uow=self.uow)

    @answers(substituted.ReportBreach)
    def report_breach(self, command: substituted.ReportBreach) -> substituted.SubstitutionRecord:
        return substitutions.report_breach(command, uow=self.uow, now=self.clock())

    @answers(screened.RegisterScreeningRule)
    def register_screening_rule(
        self, command: screened.RegisterScreeningRule
    ) -> screened.ScreeningRuleRecord:
        return screening_rules.register_screening_rule(command, uow=self.uow, now=self.clock())

    @answers(screened.ActivateScreeningRule)
    def activate_screening_rule(
        self, command: screened.ActivateScreeningRule
    ) -> screened.ScreeningRuleRecord:
        return screening_rules.activate_screening_rule(command, uow=self.uow, now=self.clock())

    @answers(screened.StopScreeningRule)
    def stop_screening_rule(
        self, command: screened.StopScreeningRule
    ) -> screened.ScreeningRuleRecord:
        return screening_rules.stop_screening_rule(command, uow=self.uow, now=self.clock())

    @answers(screened.ShowScreeningRule)
    def show_screening_rule(
        self, command: screened.ShowScreeningRule
    ) -> screened.ScreeningRuleRecord:
        return screening_rules.show_screening_rule(command, uow=self.uow)

    @answers(screened.Screen)
    def screen(self, command: screened.Screen) -> screened.ScreeningRecord:
        return screenings.screen_subject(
            command, uow=self.uow, city=self.settings.city, now=self.clock()
        )

    @answers(screened.ListScreenings)
    def list_screenings(self, command: screened.ListScreenings) -> screened.ScreeningEntries:
        return screenings.list_screenings(command, uow=self.uow)

    @answers(vetted.OpenVetting)
    def open_vetting(self, command: vetted.OpenVetting) -> vetted.VettingRecord:
        return vettings.open_vetting(command, uow=self.uow, now=self.clock())

    @answers(vetted.ShowVetting)
    def show_vetting(self, command: vetted.ShowVetting) -> vetted.VettingRecord:
        return vettings.show_vetting(command, uow=self.uow)

    @answers(vetted.ServeFinding)
    def serve_finding(self, command: vetted.ServeFinding) -> vetted.VettingRecord:
        return vettings.serve_finding(command, uow=self.uow, now=self.clock())

    @answers(vetted.ListVettings)
    def list_vettings(self, command: vetted.ListVettings) -> vetted.VettingRecords:
        return vettings.list_vettings(command, uow=self.uow)

    @answers(vetted.ObjectToFinding)
    def object_to_finding(self, command: vetted.ObjectToFinding) -> vetted.VettingRecord:
        return vettings.object_to_finding(command, uow=self.uow, now=self.clock())

    @answers(vetted.DecideObjection)
    def decide_objection(self, command: vetted.DecideObjection) -> vetted.VettingRecord:
        return vettings.decide_objection(command, uow=self.uow, now=self.clock())

    @answers(trusted.BeginEmployment)
    def begin_employment(self, command: trusted.BeginEmployment) -> trusted.EmploymentRecord:
        return trust_codes.begin_employment(command, uow=self.uow, now=self.clock())

    @answers(trusted.EndEmployment)
    def end_employment(self, command: trusted.EndEmployment) -> trusted.EmploymentRecord:
        return trust_codes.end_employment(command, uow=self.uow, now=self.clock())

    @answers(trusted.ShowTrustCode)
    def show_trust_code(self, command: trusted.ShowTrustCode) -> trusted.TrustCode:
        return trust_codes.show_trust_code(
            command,
            uow=self.uow,
            signatures=self.signatures,
            city=self.settings.city,
            now=self.clock(),
        )

    @answers(trusted.CheckTrustCode)
    def check_trust_code(self, command: trusted.CheckTrustCode) -> trusted.TrustCodeChecked:
        return trust_codes.check_trust_code(command, signatures=self.signatures, now=self.clock())

    @answers(reported.PutReportField)
    def put_report_field(self, command: reported.PutReportField) -> reported.ReportFieldRecord:
        return special_reports.put_report_field(command, uow=self.uow, now=self.clock())

    @answers(reported.ListReportFields)
    def list_report_fields(self, command: reported.ListReportFields) -> reported.ReportFields:
        return special_reports.list_report_fields(command, uow=self.uow)

    @answers(reported.DrawSpecialReport)
    def draw_special_report(self, command: reported.DrawSpecialReport) -> reported.SpecialReport:
        return special_reports.draw_special_report(
            command,
            uow=self.uow,
            signatures=self.signatures,
            city=self.settings.city,
            now=self.clock(),
        )

    @answers(reported.ShowSpecialReport)
    def show_special_report(self, command: reported.ShowSpecialReport) -> reported.SpecialReport:
        return special_reports.show_special_report(command, uow=self.uow)

    @hears(evidenced.EvidenceChanged)
    def on_evidence_changed(self, event: evidenced.EvidenceChanged) -> None:
        substitutions.on_evidence_changed(event, uow=self.uow, now=self.clock())

    @timer(interval=CHECK_SECONDS)
    def stop_rules_without_basis(self) -> None:
        screening_rules.stop_rules_without_basis(uow=self.uow, now=self.clock())

    @timer(interval=CHECK_SECONDS)
    def check_substitutions(self) -> None:
        substitutions.check_substitutions(uow=self.uow, now=self.clock())

    @timer(interval=CHECK_SECONDS)
    def settle_vettings(self) -> None:
        vettings.settle_vettings(uow=self.uow, now=self.clock())
