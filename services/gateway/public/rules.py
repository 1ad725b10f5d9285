"""What everybody may read of rules, and the check of a trust code that somebody was shown."""

from contracts.http import TrustCodeBody
from contracts.screening import ScreeningRuleRecord, ShowScreeningRule
from contracts.special_reports import ListReportFields, ReportFields
from contracts.substitutions import ShowSubstitutionRule, SubstitutionRuleRecord
from contracts.trust_codes import CheckTrustCode, TrustCodeChecked
from services.gateway.authentication.callers import Anyone
from services.gateway.calls import Bus, Call


class PublicRules:
    """By which rules people are decided on is no secret."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    def show_screening_rule(self, call: Call[Anyone, None]) -> ScreeningRuleRecord:
        command = ShowScreeningRule(rule_id=call.path["rule_id"])
        record: ScreeningRuleRecord = self._bus.call(command, cause=call.cause)
        return record

    def show_substitution_rule(self, call: Call[Anyone, None]) -> SubstitutionRuleRecord:
        command = ShowSubstitutionRule(rule_id=call.path["rule_id"])
        record: SubstitutionRuleRecord = self._bus.call(command, cause=call.cause)
        return record

    def list_report_fields(self, call: Call[Anyone, None]) -> ReportFields:
        fields: ReportFields = self._bus.call(ListReportFields(), cause=call.cause)
        return fields

    def check_trust_code(self, call: Call[Anyone, TrustCodeBody]) -> TrustCodeChecked:
        checked: TrustCodeChecked = self._bus.call(
            CheckTrustCode(code=call.body.code), cause=call.cause
        )
        return checked
