"""What happens to a recognition that stands, after home had to correct itself.

Each event may carry the `notice_id` of the notice that it comes of; whoever acts on it answers by
CorrectionApplied, so that home learns when everything is as it should be.
"""

from dataclasses import dataclass

from contracts.fields import (
    CityCode,
    Count,
    Fen,
    Identifier,
    Moment,
    Positive,
    Pseudonym,
    Reason,
    Slug,
    Tier,
)
from contracts.recognition import CategoryTier, RecognitionEvidence
from contracts.wire import event
from contracts.words import Category, Funding


@event("recognition.recognition.revised.v1")
@dataclass(frozen=True, kw_only=True)
class RecognitionRevised:
    """A recognition rests on another attestation now, and what it says may differ.

    Of two revisions the later one stands; a suspension before it is over.
    """

    recognition_id: Identifier
    attestation_id: Identifier
    holder: Pseudonym
    home: CityCode
    tier: Tier
    purposes: tuple[Category, ...]
    crosswalk: Positive
    reason: Reason
    revised_at: Moment
    until: Moment
    notice_id: Identifier | None = None
    tiers: tuple[CategoryTier, ...] = ()
    evidence: RecognitionEvidence | None = None


@event("recognition.recognition.suspended.v1")
@dataclass(frozen=True, kw_only=True)
class RecognitionSuspended:
    """Nothing may be given or used on a recognition for the time being."""

    recognition_id: Identifier
    holder: Pseudonym
    home: CityCode
    reason: Reason
    suspended_at: Moment
    notice_id: Identifier | None = None


@event("recognition.recognition.resumed.v1")
@dataclass(frozen=True, kw_only=True)
class RecognitionResumed:
    """A suspended recognition stands again.  Of suspension and resumption the later one holds."""

    recognition_id: Identifier
    holder: Pseudonym
    home: CityCode
    resumed_at: Moment
    notice_id: Identifier | None = None


@event("scenarios.correction.applied.v1")
@dataclass(frozen=True, kw_only=True)
class CorrectionApplied:
    """What a city's notice meant for the grants on a recognition has been done."""

    notice_id: Identifier
    recognition_id: Identifier
    applied_at: Moment


@event("scenarios.grant.restored.v1")
@dataclass(frozen=True, kw_only=True)
class GrantRestored:
    """A revoked grant is open again, as what it was revoked for was corrected.

    `attestation_id` is what it rests on now, `value_fen` what it holds of the budget again;
    `restored` counts this time in.
    """

    grant_id: Identifier
    incentive_id: Slug
    scenario_id: Slug
    operator_id: Slug
    home: CityCode
    attestation_id: Identifier
    value_fen: Fen
    uses_left: Count
    restored: Positive
    restored_at: Moment
    until: Moment
    funding: Funding | None = None
