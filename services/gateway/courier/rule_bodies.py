"""What operators are told of rules, and of what was decided by them; about whom is never in it."""

import json
from typing import Any, Final

from contracts import wire
from contracts.screening import ScreeningAnswered, ScreeningRuleActivated, ScreeningRuleStopped
from contracts.special_reports import SpecialReportIssued
from contracts.substitutions import (
    SubstitutionChanged,
    SubstitutionRuleActivated,
    SubstitutionRuleStopped,
)
from contracts.trust_codes import EmploymentChanged
from contracts.vettings import VettingChanged

RuleEvent = (
    SubstitutionRuleActivated
    | SubstitutionRuleStopped
    | SubstitutionChanged
    | ScreeningRuleActivated
    | ScreeningRuleStopped
    | ScreeningAnswered
    | VettingChanged
    | EmploymentChanged
    | SpecialReportIssued
)

_MOMENTS: Final[dict[type, str]] = {
    SubstitutionRuleActivated: "activated_at",
    SubstitutionRuleStopped: "stopped_at",
    SubstitutionChanged: "changed_at",
    ScreeningRuleActivated: "activated_at",
    ScreeningRuleStopped: "stopped_at",
    ScreeningAnswered: "screened_at",
    VettingChanged: "changed_at",
    EmploymentChanged: "changed_at",
    SpecialReportIssued: "issued_at",
}
"""When each happened; none of them has a field that names a subject."""


def rule_body(event: RuleEvent) -> str:
    """Return the body of a webhook: `{type, timestamp, data}`, such as substitution.changed."""
    data: dict[str, Any] = wire.dump(event)
    name = wire.contract_of(type(event)).name.split(".")
    said = {"type": f"{name[1]}.{name[2]}", "timestamp": data[_MOMENTS[type(event)]], "data": data}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))
