"""Decisions of scenarios, explained: what was asked, what held, and what it rested on.

An `Explanation` is a document of its own, version 1, beyond the messages that carry it
(contracts/explanation-v1.schema.json, ADR 0032).  It names nobody and holds no score.
"""

from dataclasses import dataclass
from typing import Annotated, Final

from marshmallow import fields, validate

from contracts.districts import DistrictCode
from contracts.fields import (
    CityCode,
    Count,
    Digest,
    Fen,
    Identifier,
    Moment,
    Positive,
    Pseudonym,
    Reason,
    Slug,
    Tier,
    Title,
)
from contracts.outcomes import DecisionOutcome
from contracts.wire import command, reply
from contracts.words import Category, Condition, ScenarioKind

EXPLANATION: Final = "urn:huxin:explanation:1"

DocumentName = Annotated[
    str,
    fields.String(
        validate=validate.OneOf([EXPLANATION]),
        metadata={
            "description": "Which document this is, with its version.",
            "examples": [EXPLANATION],
        },
    ),
]

Said = Annotated[
    str,
    fields.String(
        validate=validate.Length(max=100_000),
        metadata={
            "description": "What a condition asks or what was found, in machine words.",
            "examples": ["4"],
        },
    ),
]


@dataclass(frozen=True, kw_only=True)
class ConditionFinding:
    """One condition: what it asked, what was found, and whether it held."""

    condition: Condition
    held: bool
    asked: Said
    found: Said


@dataclass(frozen=True, kw_only=True)
class CountedBefore:
    """What one limit or quota had counted when it was asked: grants, and money in fen."""

    units: Count
    fen: Fen


@dataclass(frozen=True, kw_only=True)
class DecisionFacts:
    """What was known of the holder, as the conditions saw it; enough to decide again.

    `objection` says why the recognition did not stand.  `open_grants` and `barring` are incentives
    of which the holder had open grants: those the conditions ask about, and those that exclude
    this one.  `counted` are the limits and quotas in their order; it is empty when the decision
    fell before they were asked.  They count it in district `counted_in`.  `committed_fen` is what
    the budget had been used for.
    """

    tier: Tier
    home: CityCode
    category: Category
    purposes: tuple[Category, ...]
    crosswalk: Positive
    attested_at: Moment
    objection: Reason | None = None
    district: DistrictCode | None = None
    open_grants: tuple[Slug, ...] = ()
    barring: tuple[Slug, ...] = ()
    counted: tuple[CountedBefore, ...] = ()
    counted_in: DistrictCode | None = None
    committed_fen: Fen | None = None


@dataclass(frozen=True, kw_only=True)
class DecisionBasis:
    """What the facts rest on: whose word, by which key and versions, and how old it was.

    City `home` signed the attestation by its key `key_id`.  What was not kept is null.
    """

    home: CityCode
    recognition_id: Identifier
    attestation_id: Identifier
    crosswalk: Positive
    overrides: tuple[Title, ...] = ()
    key_id: Title | None = None
    roster: Count | None = None
    status_age_seconds: Count | None = None
    roster_age_seconds: Count | None = None


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """Why a decision came out as it did.

    `rule_id` is the incentive, or the rule of a substitution or screening.  `reason` is a code of
    the vocabulary of errors: the first finding that did not hold.  `evidence_ids` name what a
    substitution or screening was judged by.
    """

    document: DocumentName
    decision_id: Identifier
    kind: ScenarioKind
    city: CityCode
    scenario_id: Slug | None
    rule_id: Slug
    rule_version: Positive | None
    outcome: DecisionOutcome
    reason: Reason | None
    findings: tuple[ConditionFinding, ...]
    facts: DecisionFacts | None
    basis: DecisionBasis | None
    evidence_ids: tuple[Identifier, ...]
    decided_at: Moment


@reply("scenarios.decision.record.v1")
@dataclass(frozen=True, kw_only=True)
class DecisionRecord:
    """A decision on record; `digest` is the SHA-256 of its document as it was stored.

    `attempts` counts how often the same was asked for until then under the same id.
    """

    explanation: Explanation
    digest: Digest
    attempts: Positive


@reply("scenarios.decision.records.v1")
@dataclass(frozen=True, kw_only=True)
class DecisionRecords:
    """Decisions about one holder, newest first; `next` asks for those that follow."""

    decisions: tuple[DecisionRecord, ...]
    next: Identifier | None = None


@command("scenarios.decision.explain.v1", reply=DecisionRecord)
@dataclass(frozen=True, kw_only=True)
class ExplainDecision:
    """Ask why a decision about a holder came out as it did; its id is that of the request."""

    decision_id: Identifier
    holder: Pseudonym


@command("scenarios.decision.list.v1", reply=DecisionRecords)
@dataclass(frozen=True, kw_only=True)
class ListDecisions:
    """Ask for the newest decisions about a holder, those that come after one of them."""

    holder: Pseudonym
    after: Identifier | None = None
