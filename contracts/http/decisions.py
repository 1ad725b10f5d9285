"""What a holder reads of decisions about them: the document, and the same in words."""

from dataclasses import dataclass
from typing import Annotated

from marshmallow import fields

from contracts.decisions import Explanation
from contracts.fields import Digest, Identifier, Moment, Positive, Reason, Slug
from contracts.outcomes import DecisionOutcome
from contracts.words import Condition, ScenarioKind

_Sentence = Annotated[
    str,
    fields.String(
        metadata={"description": "A sentence for people.", "examples": ["联盟等级未达到要求。"]}
    ),
]


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """The same in both languages."""

    zh: _Sentence
    en: _Sentence


@dataclass(frozen=True, kw_only=True)
class ConditionSaid:
    """One condition in words, and whether it held."""

    condition: Condition
    held: bool
    title: Sentence
    text: Sentence


@dataclass(frozen=True, kw_only=True)
class DecisionAnswer:
    """Why a decision came out as it did: the document, and in words with what helps."""

    explanation: Explanation
    digest: Digest
    attempts: Positive
    title: Sentence
    next_step: Sentence
    conditions: tuple[ConditionSaid, ...]


@dataclass(frozen=True, kw_only=True)
class DecisionLine:
    """One decision of a list, in a sentence and with what helps."""

    decision_id: Identifier
    kind: ScenarioKind
    scenario_id: Slug | None
    rule_id: Slug
    outcome: DecisionOutcome
    reason: Reason | None
    decided_at: Moment
    title: Sentence
    next_step: Sentence


@dataclass(frozen=True, kw_only=True)
class DecisionsAnswer:
    """Decisions about one holder, newest first; `next` is the next `after`."""

    decisions: tuple[DecisionLine, ...]
    next: Identifier | None = None
