"""What schemathesis must be told about answers beyond openapi.json, and why."""

from typing import Final

NO_FAULT: Final = ("2xx", "3xx", "4xx", "503")
"""Answers that are no fault of ours: 503 asks for patience, with Retry-After."""

ACCEPTED: Final = ("2xx", "3xx", "401", "403", "404", "409", "412", "413", "422", "429", "503")
"""Answers to what is well-formed: a rule may say no (422), an id may name nothing (404), and parts
which are not too large may be so together (413); a made-up ETag belongs to nothing (412)."""

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

BY_RULE: Final[dict[str, tuple[str, ...]]] = {
    "one field needs another, or excludes it": (
        "decide_repair",
        "open_dispute",
        "publish_evidence_item",
        "publish_incentive",
        "redeem_pass",
        "register_screening_rule",
        "register_substitution_rule",
        "review_incentive",
        "try_any_incentive",
        "try_incentive",
    ),
    "a day of no calendar, a moment too early or too late, or before another": (
        "draw_special_report",
        "give_consent",
        "list_cities",
        "note_coverage",
        "repair_evidence",
        "report_coverage",
        "show_consent_text",
        "show_counters",
        "show_exact_counters",
    ),
    "a check character (GB 32100) or the points of a curve": (
        "decide_substitution",
        "enter_evidence",
        "issue_attestation",
        "list_evidence_about_organisation",
        "list_screenings",
        "report_evidence",
        "screen",
    ),
    "what the city has: its districts and items, the end of a page": (
        "list_consents",
        "list_deliveries",
        "put_report_field",
        "register_scenario",
        "show_consent",
    ),
    "If-Match, a text in quotes: schemathesis 4.32 takes 0 for one in its coverage phase": (
        "pause_incentive",
        "pause_own_incentive",
        "remove_webhook",
        "resume_incentive",
        "resume_own_incentive",
        "set_webhook",
        "withdraw_incentive",
        "withdraw_own_incentive",
    ),
    "a format of its own inside a text: SD-JWT, a token, lines of JSON": (
        "receive_notice",
        "recognise_attestation",
        "take_lines",
    ),
}
"""Operations that may call malformed (400) what fits their schema, by what no schema can say."""
