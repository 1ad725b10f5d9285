"""Who hears what: one durable queue per consumer, bound to each event it hears.

Every process declares all of these before it publishes, so an event is never lost to a consumer
that has not started yet.  Queue names are part of deployment: a test freezes them.
"""

from typing import Final

from contracts import (
    catalogue,
    consents,  # noqa: F401 - declares its messages
    corrections,
    counters,  # noqa: F401 - declares its messages
    coverage,  # noqa: F401 - declares its messages
    crosswalks,  # noqa: F401 - declares its messages
    decisions,  # noqa: F401 - declares its messages
    erasures,
    evidence,
    membership,
    objections,
    passes,
    quotas,
    recognition,
    scenarios,
    screening,
    settlements,  # noqa: F401 - declares its messages
    special_reports,
    statements,  # noqa: F401 - declares its messages
    substitutions,
    trust_codes,
    vettings,
)

EXCHANGE: Final = "huxin.events"

SUBSCRIPTIONS: Final[dict[str, tuple[type, ...]]] = {
    "recognition.events": (
        scenarios.GrantIssued,
        scenarios.GrantRedeemed,
        scenarios.GrantEnded,
        corrections.GrantRestored,
        passes.RedemptionReversed,
        passes.DepositCalled,
        passes.GrantRecalled,
        passes.GrantKept,
        corrections.CorrectionApplied,
    ),
    "scenarios.events": (
        recognition.ScoreRecognised,
        recognition.RecognitionEnded,
        corrections.RecognitionRevised,
        corrections.RecognitionSuspended,
        corrections.RecognitionResumed,
        erasures.HolderErased,
        recognition.UsageReported,
        scenarios.IncentivePublished,
        catalogue.IncentiveMoved,
        membership.CityStateChanged,
        objections.ObjectionOpened,
        objections.ObjectionClosed,
        special_reports.SpecialReportIssued,
        evidence.EvidenceChanged,
    ),
    "eligibility.events": (
        recognition.ScoreRecognised,
        recognition.RecognitionEnded,
        corrections.RecognitionRevised,
        corrections.RecognitionSuspended,
        corrections.RecognitionResumed,
        erasures.HolderErased,
        scenarios.IncentivePublished,
        catalogue.IncentiveMoved,
        scenarios.GrantIssued,
        scenarios.GrantRedeemed,
        scenarios.GrantEnded,
        corrections.GrantRestored,
        passes.RedemptionReversed,
        passes.GrantRecalled,
        passes.GrantKept,
        quotas.GrantReserved,
        quotas.QuotaCounted,
    ),
    "courier.events": (
        recognition.RosterAdopted,
        membership.CityStateChanged,
        recognition.NoticeReady,
        catalogue.IncentiveMoved,
        scenarios.GrantIssued,
        scenarios.GrantRedeemed,
        scenarios.GrantEnded,
        quotas.GrantReserved,
        quotas.ReservationEnded,
        corrections.GrantRestored,
        passes.RedemptionReversed,
        passes.DepositCalled,
        passes.GrantRecalled,
        passes.GrantKept,
        evidence.EvidenceChanged,
        substitutions.SubstitutionRuleActivated,
        substitutions.SubstitutionRuleStopped,
        substitutions.SubstitutionChanged,
        screening.ScreeningRuleActivated,
        screening.ScreeningRuleStopped,
        screening.ScreeningAnswered,
        vettings.VettingChanged,
        trust_codes.EmploymentChanged,
        special_reports.SpecialReportIssued,
    ),
}
