"""Rules of substitution and screening, fields of reports, objections: by officials.

What asks for a score or a tier, and what has no legal basis, is refused here, before any service
hears of it: the commands have no place for the one, and none without the other.
"""

from contracts.errors import Refused
from contracts.http import (
    ObjectionDecisionBody,
    ReportFieldBody,
    ScreenedBody,
    ScreeningRuleBody,
    SubstitutionRuleBody,
)
from contracts.screening import (
    ActivateScreeningRule,
    ListScreenings,
    RegisterScreeningRule,
    ScreeningEntries,
    ScreeningRuleRecord,
    StopScreeningRule,
)
from contracts.special_reports import PutReportField, ReportFieldRecord
from contracts.substitutions import (
    ActivateSubstitutionRule,
    RegisterSubstitutionRule,
    StopSubstitutionRule,
    SubstitutionRuleRecord,
)
from contracts.vettings import DecideObjection, VettingRecord
from services.gateway.authentication.callers import Administrator
from services.gateway.calls import Bus, Call


class ScreeningRules:
    """A rule is registered, read by whoever likes, and activated by a second request."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    def register_screening_rule(
        self, call: Call[Administrator, ScreeningRuleBody]
    ) -> ScreeningRuleRecord:
        body = call.body
        _refuse_score(body)
        if body.legal_basis is None:
            raise Refused("legal_basis_missing")
        command = RegisterScreeningRule(
            rule_id=call.path["rule_id"],
            scenario_id=body.scenario_id,
            title=body.title,
            title_en=body.title_en,
            lists=body.lists,
            legal_basis=body.legal_basis,
            objection_days=body.objection_days,
            report_age_days=body.report_age_days,
        )
        record: ScreeningRuleRecord = self._bus.call(command, cause=call.cause)
        return record

    def activate_screening_rule(self, call: Call[Administrator, None]) -> ScreeningRuleRecord:
        command = ActivateScreeningRule(rule_id=call.path["rule_id"])
        record: ScreeningRuleRecord = self._bus.call(command, cause=call.cause)
        return record

    def stop_screening_rule(self, call: Call[Administrator, None]) -> ScreeningRuleRecord:
        command = StopScreeningRule(rule_id=call.path["rule_id"])
        record: ScreeningRuleRecord = self._bus.call(command, cause=call.cause)
        return record

    def list_screenings(self, call: Call[Administrator, ScreenedBody]) -> ScreeningEntries:
        command = ListScreenings(subject=call.body.subject, after=call.body.after)
        entries: ScreeningEntries = self._bus.call(command, cause=call.cause)
        return entries

    def decide_objection(self, call: Call[Administrator, ObjectionDecisionBody]) -> VettingRecord:
        command = DecideObjection(vetting_id=call.path["vetting_id"], outcome=call.body.outcome)
        record: VettingRecord = self._bus.call(command, cause=call.cause)
        return record


class SubstitutionRules:
    """As with screening rules; evidence and commitments only, never a tier."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    def register_substitution_rule(
        self, call: Call[Administrator, SubstitutionRuleBody]
    ) -> SubstitutionRuleRecord:
        body = call.body
        _refuse_score(body)
        command = RegisterSubstitutionRule(
            rule_id=call.path["rule_id"],
            scenario_id=body.scenario_id,
            title=body.title,
            title_en=body.title_en,
            requires=body.requires,
            barred_by=body.barred_by,
            wants_commitment=body.wants_commitment,
            replaces_fen=body.replaces_fen,
            by=body.by,
            notice_days=body.notice_days,
        )
        record: SubstitutionRuleRecord = self._bus.call(command, cause=call.cause)
        return record

    def activate_substitution_rule(self, call: Call[Administrator, None]) -> SubstitutionRuleRecord:
        command = ActivateSubstitutionRule(rule_id=call.path["rule_id"])
        record: SubstitutionRuleRecord = self._bus.call(command, cause=call.cause)
        return record

    def stop_substitution_rule(self, call: Call[Administrator, None]) -> SubstitutionRuleRecord:
        command = StopSubstitutionRule(rule_id=call.path["rule_id"])
        record: SubstitutionRuleRecord = self._bus.call(command, cause=call.cause)
        return record

    def put_report_field(self, call: Call[Administrator, ReportFieldBody]) -> ReportFieldRecord:
        command = PutReportField(field=call.path["field"], **vars(call.body))
        record: ReportFieldRecord = self._bus.call(command, cause=call.cause)
        return record


def _refuse_score(body: ScreeningRuleBody | SubstitutionRuleBody) -> None:
    """Raise Refused("score_not_allowed") for what only an incentive may ask."""
    if body.minimum_tier is not None:
        raise Refused("score_not_allowed", "minimum_tier")
    if body.conditions is not None:
        raise Refused("score_not_allowed", "conditions")
