"""Messages of dry runs: what terms would decide, without effect and about nobody."""

from dataclasses import dataclass
from typing import Annotated

from marshmallow import fields, validate

from contracts.decisions import ConditionFinding
from contracts.districts import DistrictCode
from contracts.fields import CityCode, Moment, Positive, Reason, Slug, Tier
from contracts.periods import MOST_DAYS
from contracts.scenarios import IncentiveTerms
from contracts.wire import command, reply
from contracts.words import Category, Condition, DoubtKind

MOST_SAMPLES = 500

Age = Annotated[
    int,
    fields.Integer(
        strict=True,
        validate=validate.Range(0, MOST_DAYS),
        metadata={"description": "Days since an attestation was issued.", "examples": [3]},
    ),
]


@dataclass(frozen=True, kw_only=True)
class Sample:
    """Facts that might be true of a holder; without `at` of now."""

    tier: Tier
    home: CityCode
    at: Moment | None = None
    age_days: Age = 0
    district: DistrictCode | None = None
    purposes: tuple[Category, ...] | None = None
    open_grants: tuple[Slug, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SampleOutcome:
    """What would be decided of a sample; without a `refusal` it would be granted.

    Limits, quotas and budget are not asked: a sample has taken nothing.
    """

    sample: Sample
    refusal: Reason | None
    findings: tuple[ConditionFinding, ...]


@dataclass(frozen=True, kw_only=True)
class Doubt:
    """Something that is hardly meant: found on samples of the coming days, so it is no proof.

    `condition` is which condition it is about, `about` what it names.
    """

    kind: DoubtKind
    condition: Condition | None = None
    about: str | None = None


@dataclass(frozen=True, kw_only=True)
class DraftTerms(IncentiveTerms):
    """Terms that are published nowhere yet."""

    scenario_id: Slug
    offered_from: Moment | None = None


@reply("scenarios.incentive.tried.v1")
@dataclass(frozen=True, kw_only=True)
class TrialRecord:
    """What terms would decide of each sample, and what is doubtful about them."""

    incentive_id: Slug
    version: Positive | None
    outcomes: tuple[SampleOutcome, ...]
    doubts: tuple[Doubt, ...]


@command("scenarios.incentive.try.v1", reply=TrialRecord)
@dataclass(frozen=True, kw_only=True)
class TryIncentive:
    """Ask what terms would decide: a draft's, or those of the newest version, published or not.

    Without samples every tier meets every one of `homes`.  An operator asks about its own
    scenarios; without `operator_id` the city asks.
    """

    incentive_id: Slug
    operator_id: Slug | None
    terms: DraftTerms | None
    samples: tuple[Sample, ...]
    homes: tuple[CityCode, ...]
