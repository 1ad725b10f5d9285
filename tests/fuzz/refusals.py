"""What schemathesis must be told about answers beyond openapi.json, and why."""

from fnmatch import fnmatch
from typing import Any, Final

NO_FAULT: Final = ("2xx", "3xx", "4xx", "503")
"""Answers that are no fault of ours: 503 asks for patience, with Retry-After."""

ACCEPTED: Final = (
    "2xx",
    "3xx",
    "400",
    "401",
    "403",
    "404",
    "409",
    "412",
    "413",
    "422",
    "429",
    "503",
)
"""Answers to what is well-formed: a rule may say no (422), an id may name nothing (404), and parts
which are not too large may be so together (413); a made-up ETag belongs to nothing (412).  What may
be malformed all the same (400) is said by `unexplained`."""

REJECTED: Final = (
    "400",
    "401",
    "403",
    "404",
    "405",
    "409",
    "412",
    "413",
    "415",
    "422",
    "429",
    "503",
)
"""Answers to what is not: 413, too, because some of it is too large."""

BY_FORMAT: Final = ("Not a unified social credit code", "Not between ")
"""How the texts begin that any field may be refused with: a check character (GB 32100), a day or
moment of a year that nobody can mean."""

TERMS: Final = (
    "benefit.*",
    "budget_fen",
    "conditions.*",
    "*_days",
    "offered_until",
    "per_holder.count",
    "quotas.*",
    "reversible_minutes",
)
BY_RULE: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "one field needs another, or excludes it, or both are too much": {
        "decide_repair": ("refusal",),
        "open_dispute": ("fact_id",),
        "publish_evidence_item": ("subjects", "documents", "grades", "repair", "live_until"),
        "publish_incentive": TERMS,
        "redeem_pass": ("amount_fen", "minutes"),
        "register_screening_rule": ("lists", "*_days"),
        "register_substitution_rule": ("requires", "by", "notice_days"),
        "review_incentive": ("note",),
        "try_any_incentive": TERMS,
        "try_incentive": TERMS,
    },
    "a day of no calendar, a moment too early or too late, or before another": {
        "draw_special_report": ("since", "until"),
        "enter_evidence": ("document.*",),
        "give_consent": ("purposes", "until"),
        "note_coverage": ("until",),
        "repair_evidence": ("fulfilled_on",),
        "report_coverage": ("until",),
        "report_evidence": ("document.*",),
        "show_consent_text": ("query.purpose", "query.until"),
        "show_counters": ("query.as_of",),
        "show_exact_counters": ("query.as_of",),
    },
    "the points of a curve": {"issue_attestation": ("holder_key",)},
    "what the city has: its districts and items, the end of a page": {
        "draw_special_report": ("fields",),
        "enter_evidence": ("content.*",),
        "list_consents": ("query.after",),
        "list_deliveries": ("query.after",),
        "put_report_field": ("items", "field"),
        "register_scenario": ("district",),
        "register_screening_rule": ("lists",),
        "register_substitution_rule": ("requires",),
        "report_evidence": ("content.*",),
        "show_consent": ("query.after",),
    },
    "a client that there is, a kind of grant, and nothing twice in a form (RFC 6749)": {
        "issue_token": (
            *("invalid_client", "invalid_request", "invalid_scope"),
            *("unsupported_grant_type", "body.*"),
        ),
    },
    "a format of its own inside a text: SD-JWT, a token, lines of JSON": {
        "receive_notice": ("token", "body", "events", "iat", "jti"),
        "recognise_attestation": ("malformed_presentation",),
        "take_lines": ("body", "lines"),
    },
}
"""By what no schema can say: the fields of an operation that may be called malformed (400), or
the code where no field is named, though they fit the schema."""


def unexplained(operation_id: str, problem: dict[str, Any]) -> list[str]:
    """List what a refusal of well-formed data names, and no rule allows it to."""
    allowed = [name for each in BY_RULE.values() for name in each.get(operation_id, ())]
    code = problem.get("code") or problem["error"]  # as RFC 6749 calls it
    errors = problem.get("errors") or [{"field": code, "message": ""}]
    named = {each["field"] for each in errors if not each["message"].startswith(BY_FORMAT)}
    return sorted(name for name in named if not any(fnmatch(name, each) for each in allowed))
