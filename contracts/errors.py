"""The closed vocabulary of errors that may cross a boundary.

A code outside `CODES` cannot be raised, so a caller can rely on the list.  Texts for people are
made at the edge (contracts/problems.py); here are only stable machine words.
"""

from typing import Final

MALFORMED: Final = frozenset(
    {
        "malformed",
        "too_large",
        "too_slow",
        "unsupported_media_type",
        "bad_civil_id",
        "malformed_presentation",
    }
)
UNAUTHENTICATED: Final = frozenset({"unauthenticated", "bad_signature"})
FORBIDDEN: Final = frozenset({"forbidden"})
NOT_FOUND: Final = frozenset({"not_found"})
CONFLICT: Final = frozenset({"id_reused", "precondition_failed"})
REFUSED: Final = frozenset(
    {
        # said at home, of consent and attestation
        "recipient_not_member",
        "consent_missing",
        "consent_withdrawn",
        "consent_over",
        "consent_renewal_needed",
        "consent_text_unknown",
        "consent_text_not_in_force",
        "consent_text_differs",
        "recipient_not_assessed",
        "no_score",
        "key_not_usable",
        "attestation_suspended",
        "attestation_revoked",
        # said at home, of facts
        "already_open",
        "already_decided",
        "withdrawn_too_often",
        "fact_not_named",
        "repair_too_early",
        # said at the host, in the order of the verification steps
        "wrong_type",
        "wrong_vct",
        "wrong_algorithm",
        "unknown_city",
        "city_not_online",
        "issuer_is_host",
        "unknown_key",
        "key_not_current",
        "bad_issuer_signature",
        "wrong_audience",
        "issued_in_future",
        "not_yet_valid",
        "expired",
        "lifetime_too_long",
        "no_holder_key",
        "bad_disclosure",
        "missing_claim",
        "unknown_crosswalk",
        "crosswalk_mismatch",
        "bad_key_binding",
        "challenge_unknown",
        "challenge_used",
        "challenge_expired",
        "status_unavailable",
        "status_invalid",
        "status_suspended",
        "score_too_old",
        "purpose_missing",
        "empty_policy",
        "stale_roster",
        # said at the host, of incentives and grants
        "not_recognised",
        "recognition_ended",
        "recognition_suspended",
        "purpose_not_covered",
        "tier_below_minimum",
        "not_offered",
        "home_not_covered",
        "attestation_too_old",
        "outside_weekdays",
        "outside_hours",
        "outside_district",
        "excluded_by_other",
        "condition_not_met",
        "not_reviewed",
        "not_published",
        "version_replaced",
        "paused_by_city",
        "incentive_withdrawn",
        "wrong_kind",
        "holder_limit_reached",
        "quota_exhausted",
        "budget_exhausted",
        # said at the host, of redemptions
        "already_reversed",
        "not_reversible",
        "hold_over",
        "already_recalled",
        "grant_ended",
        "reservation_over",
        "score_not_allowed",
        "legal_basis_missing",
        # said at the host, of evidence
        "private_class",
        "item_not_live",
        "source_not_registered",
        "subject_not_covered",
        "document_not_accepted",
        "document_used",
        "evidence_over",
        "not_repairable",
        # said of settlements
        "period_not_over",
        "period_out_of_order",
        "period_not_closed",
        "not_disputed",
        # said at the host, of substitutions, screenings and vettings
        "employed_elsewhere",
        "objection_too_late",
        # said of clients and their secrets
        "limit_reached",
        # the one answer an operator or a host gets, whatever the reason
        "ordinary_terms",
    }
)
TOO_MANY: Final = frozenset({"too_many_requests"})
INTERNAL: Final = frozenset({"internal"})
UNAVAILABLE: Final = frozenset({"unavailable", "not_yet_visible"})

CODES: Final = (
    (MALFORMED | UNAUTHENTICATED | FORBIDDEN | NOT_FOUND | CONFLICT | REFUSED | UNAVAILABLE)
    | INTERNAL
    | TOO_MANY
    | {"method_not_allowed"}
)


class ContractError(Exception):
    """An error that a caller may see: a stable `code` and a `detail` without personal data."""

    codes: frozenset[str] = frozenset()

    def __init__(self, code: str, detail: str = "") -> None:
        if code not in self.codes:
            raise ValueError(f"{code!r} is not a code of {type(self).__name__}")
        super().__init__(code, detail)
        self.code = code
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.code}: {self.detail}" if self.detail else self.code


class Malformed(ContractError):
    """What was sent cannot be read; `errors` names each field and what is wrong with it."""

    codes = MALFORMED

    def __init__(
        self, code: str = "malformed", detail: str = "", errors: dict[str, str] | None = None
    ) -> None:
        super().__init__(code, detail)
        self.errors = errors or {}
        self.args = (code, detail, self.errors)


class Unauthenticated(ContractError):
    """The caller did not prove who they are."""

    codes = UNAUTHENTICATED


class Forbidden(ContractError):
    """The caller is known and may not do this."""

    codes = FORBIDDEN


class NotFound(ContractError):
    """What was named does not exist for this caller."""

    codes = NOT_FOUND


class Conflict(ContractError):
    """The id already stands for something else, or a thing is not as the caller saw it."""

    codes = CONFLICT


class Refused(ContractError):
    """A rule says no; the code names the rule."""

    codes = REFUSED


class Unavailable(ContractError):
    """Something needed did not answer in time; asking again is safe."""

    codes = UNAVAILABLE


class TooMany(ContractError):
    """The caller asks more often than it may; `seconds` is how long to wait at least."""

    codes = TOO_MANY

    def __init__(
        self, code: str = "too_many_requests", detail: str = "", seconds: float = 0
    ) -> None:
        super().__init__(code, detail)
        self.seconds = seconds
        self.args = (code, detail, seconds)


class Internal(ContractError):
    """Something broke on our side; what it was stays in our own logs."""

    codes = INTERNAL


KINDS: Final[dict[str, type[ContractError]]] = {
    kind.__name__: kind
    for kind in (
        Malformed,
        Unauthenticated,
        Forbidden,
        NotFound,
        Conflict,
        Refused,
        Unavailable,
        TooMany,
        Internal,
    )
}
