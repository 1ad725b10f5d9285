"""Vettings: a screening of a person, with notice and time to object before anything has effect.

There is no number in it to deduct from, and no score (ADR 0034).
"""

from dataclasses import dataclass
from typing import Annotated

from marshmallow import fields, validate

from contracts.fact_lines import FactLine
from contracts.fields import Identifier, Moment, Pseudonym, Reason, Slug
from contracts.states import ObjectionOutcome, VettingState
from contracts.wire import command, event, reply

Objection = Annotated[
    str,
    fields.String(
        validate=[
            validate.Length(max=500),
            validate.Regexp(
                r"\A[^\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]*\Z", error="No control characters."
            ),
        ],
        metadata={
            "description": "What a holder says against a finding.",
            "examples": ["该决定已于2026年10月撤销。"],
        },
    ),
]


@reply("scenarios.vetting.record.v1")
@dataclass(frozen=True, kw_only=True)
class VettingRecord:
    """A vetting and where it stands; a finding has no effect before the state is `effective`."""

    vetting_id: Identifier
    scenario_id: Slug
    operator_id: Slug
    rule_id: Slug | None
    state: VettingState
    facts: tuple[FactLine, ...]
    opened_at: Moment
    notified_at: Moment | None = None
    objection_until: Moment | None = None
    objected_at: Moment | None = None
    closed_at: Moment | None = None
    closed_for: Reason | None = None


@command("scenarios.vetting.open.v1", reply=VettingRecord)
@dataclass(frozen=True, kw_only=True)
class OpenVetting:
    """Look a holder up by the rule in force of an operator's own scenario; propose a finding."""

    vetting_id: Identifier
    operator_id: Slug
    scenario_id: Slug
    holder: Pseudonym


@command("scenarios.vetting.show.v1", reply=VettingRecord)
@dataclass(frozen=True, kw_only=True)
class ShowVetting:
    """Ask where a vetting stands."""

    vetting_id: Identifier
    operator_id: Slug


@command("scenarios.vetting.serve.v1", reply=VettingRecord)
@dataclass(frozen=True, kw_only=True)
class ServeFinding:
    """Say that the holder was told of the finding; from now they may object for so many days."""

    vetting_id: Identifier
    operator_id: Slug


@reply("scenarios.vetting.records.v1")
@dataclass(frozen=True, kw_only=True)
class VettingRecords:
    """The vettings of one holder, newest first."""

    vettings: tuple[VettingRecord, ...]
    next: Identifier | None = None


@command("scenarios.vetting.list.v1", reply=VettingRecords)
@dataclass(frozen=True, kw_only=True)
class ListVettings:
    """Ask for the vettings of a holder, newest first (at most 100), those that follow one."""

    holder: Pseudonym
    after: Identifier | None = None


@command("scenarios.vetting.object.v1", reply=VettingRecord)
@dataclass(frozen=True, kw_only=True)
class ObjectToFinding:
    """Object to a finding about oneself; it has no effect until the city has decided."""

    vetting_id: Identifier
    holder: Pseudonym
    objection: Objection = ""


@command("scenarios.vetting.decide.v1", reply=VettingRecord)
@dataclass(frozen=True, kw_only=True)
class DecideObjection:
    """Decide an objection: the finding is upheld and takes effect, or is dropped."""

    vetting_id: Identifier
    outcome: ObjectionOutcome


@event("scenarios.vetting.changed.v1")
@dataclass(frozen=True, kw_only=True)
class VettingChanged:
    """A vetting came into a state; whose it is, the event does not say."""

    vetting_id: Identifier
    scenario_id: Slug
    operator_id: Slug
    state: VettingState
    changed_at: Moment
    objection_until: Moment | None = None
    reason: Reason | None = None
