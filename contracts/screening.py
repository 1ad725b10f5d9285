"""Screening: rules with a legal basis, and what the lists they may look up say of a subject.

No message here has a place for a score or a tier: a screening rule that asks for one cannot be
written, and one without a legal basis neither (ADR 0034).
"""

from dataclasses import dataclass

from contracts.coverage import CoverageRecord
from contracts.evidence import LegalBasis
from contracts.fact_lines import FactLine
from contracts.fields import Count, Identifier, Moment, Positive, Slug, Title
from contracts.states import RuleEnd, RuleState, ScreeningState
from contracts.subjects import HolderSubject, OrganisationSubject
from contracts.wire import command, event, reply


@dataclass(frozen=True, kw_only=True)
class ScreeningTerms:
    """What a screening rule looks up, and by which law.

    `lists` are items of the evidence catalogue that are statutory.  `objection_days` is how long
    who is told of a finding may object, where the scenario vets persons.  A list of which no source
    has reported everything up to `report_age_days` ago is not covered.
    """

    scenario_id: Slug
    title: Title
    title_en: Title
    lists: tuple[Slug, ...]
    legal_basis: LegalBasis
    objection_days: Count = 15
    report_age_days: Positive = 7


@reply("scenarios.screening_rule.record.v1")
@dataclass(frozen=True, kw_only=True)
class ScreeningRuleRecord(ScreeningTerms):
    """A screening rule and whether it decides."""

    rule_id: Slug
    state: RuleState
    activated_at: Moment | None = None
    stopped_at: Moment | None = None
    stopped_for: RuleEnd | None = None


@command("scenarios.screening_rule.register.v1", reply=ScreeningRuleRecord)
@dataclass(frozen=True, kw_only=True)
class RegisterScreeningRule(ScreeningTerms):
    """Register a rule of a screening scenario; its text never changes."""

    rule_id: Slug


@command("scenarios.screening_rule.activate.v1", reply=ScreeningRuleRecord)
@dataclass(frozen=True, kw_only=True)
class ActivateScreeningRule:
    """Let a rule decide in its scenario, instead of the one that did."""

    rule_id: Slug


@command("scenarios.screening_rule.stop.v1", reply=ScreeningRuleRecord)
@dataclass(frozen=True, kw_only=True)
class StopScreeningRule:
    """Let a rule decide no more."""

    rule_id: Slug


@command("scenarios.screening_rule.show.v1", reply=ScreeningRuleRecord)
@dataclass(frozen=True, kw_only=True)
class ShowScreeningRule:
    """Ask for a rule; anybody may read it."""

    rule_id: Slug


@event("scenarios.screening_rule.activated.v1")
@dataclass(frozen=True, kw_only=True)
class ScreeningRuleActivated:
    """A rule decides in a scenario of an operator."""

    rule_id: Slug
    scenario_id: Slug
    operator_id: Slug
    activated_at: Moment


@event("scenarios.screening_rule.stopped.v1")
@dataclass(frozen=True, kw_only=True)
class ScreeningRuleStopped:
    """A rule decides no more; until another does, its scenario has no answers."""

    rule_id: Slug
    scenario_id: Slug
    operator_id: Slug
    reason: RuleEnd
    stopped_at: Moment


# --- screenings ----------------------------------------------------------------------------------


@reply("scenarios.screening.record.v1")
@dataclass(frozen=True, kw_only=True)
class ScreeningRecord:
    """An answer: facts with their expiry, by which law they were looked up, and what was covered.

    Without a rule in force there are no facts and no rule, and that is no "no".
    """

    screening_id: Identifier
    scenario_id: Slug
    state: ScreeningState
    screened_at: Moment
    rule_id: Slug | None
    legal_basis: LegalBasis | None
    facts: tuple[FactLine, ...] = ()
    coverage: tuple[CoverageRecord, ...] = ()


@command("scenarios.screening.screen.v1", reply=ScreeningRecord)
@dataclass(frozen=True, kw_only=True)
class Screen:
    """Look a subject up; `why` is what for, and the subject can read it."""

    screening_id: Identifier
    operator_id: Slug
    scenario_id: Slug
    subject: HolderSubject | OrganisationSubject
    why: Title


@dataclass(frozen=True, kw_only=True)
class ScreeningEntry:
    """One screening as its subject sees it: who asked, what for, and what the answer was."""

    screening_id: Identifier
    operator_id: Slug
    scenario_id: Slug
    why: Title
    state: ScreeningState
    rule_id: Slug | None
    screened_at: Moment


@reply("scenarios.screening.entries.v1")
@dataclass(frozen=True, kw_only=True)
class ScreeningEntries:
    """Screenings of one subject by id; `next` is where to go on, if there are more."""

    entries: tuple[ScreeningEntry, ...]
    next: Identifier | None = None


@command("scenarios.screening.list.v1", reply=ScreeningEntries)
@dataclass(frozen=True, kw_only=True)
class ListScreenings:
    """Ask who looked a subject up, and why."""

    subject: HolderSubject | OrganisationSubject
    after: Identifier | None = None


@event("scenarios.screening.answered.v1")
@dataclass(frozen=True, kw_only=True)
class ScreeningAnswered:
    """An operator looked somebody up; whom, the event does not say."""

    screening_id: Identifier
    scenario_id: Slug
    operator_id: Slug
    state: ScreeningState
    screened_at: Moment
    rule_id: Slug | None = None
