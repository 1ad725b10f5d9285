"""Substitutions: evidence and a commitment take the place of a deposit or a certificate.

No message here has a place for a score or a tier (ADR 0034).
"""

from dataclasses import dataclass

from contracts.evidence import Grade
from contracts.fields import Digest, Fen, Identifier, Moment, Positive, Slug, Title
from contracts.states import Replacement, RuleEnd, RuleState, Shortfall, SubstitutionState
from contracts.subjects import HolderSubject, OrganisationSubject
from contracts.wire import command, event, reply


@dataclass(frozen=True, kw_only=True)
class Requirement:
    """Evidence of an item of the catalogue; with `accepts`, of one of these grades only."""

    item: Slug
    accepts: tuple[Grade, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SubstitutionTerms:
    """What is asked for, and what it takes the place of.

    Nothing of `barred_by` may be on record.  `replaces_fen` is the deposit in fen that `by` takes
    the place of; none where a certificate is replaced.  A call back has a notice of `notice_days`.
    """

    scenario_id: Slug
    title: Title
    title_en: Title
    requires: tuple[Requirement, ...]
    barred_by: tuple[Slug, ...] = ()
    wants_commitment: bool = False
    replaces_fen: Fen = 0
    by: Replacement | None = None
    notice_days: Positive = 30


@reply("scenarios.substitution_rule.record.v1")
@dataclass(frozen=True, kw_only=True)
class SubstitutionRuleRecord(SubstitutionTerms):
    """A substitution rule and whether it decides."""

    rule_id: Slug
    state: RuleState
    activated_at: Moment | None = None
    stopped_at: Moment | None = None
    stopped_for: RuleEnd | None = None


@command("scenarios.substitution_rule.register.v1", reply=SubstitutionRuleRecord)
@dataclass(frozen=True, kw_only=True)
class RegisterSubstitutionRule(SubstitutionTerms):
    """Register a rule of a substitution scenario; its text never changes."""

    rule_id: Slug


@command("scenarios.substitution_rule.activate.v1", reply=SubstitutionRuleRecord)
@dataclass(frozen=True, kw_only=True)
class ActivateSubstitutionRule:
    """Let a rule decide in its scenario, instead of the one that did."""

    rule_id: Slug


@command("scenarios.substitution_rule.stop.v1", reply=SubstitutionRuleRecord)
@dataclass(frozen=True, kw_only=True)
class StopSubstitutionRule:
    """Let a rule decide no more; what it gave stands as before."""

    rule_id: Slug


@command("scenarios.substitution_rule.show.v1", reply=SubstitutionRuleRecord)
@dataclass(frozen=True, kw_only=True)
class ShowSubstitutionRule:
    """Ask for a rule; anybody may read it."""

    rule_id: Slug


@event("scenarios.substitution_rule.activated.v1")
@dataclass(frozen=True, kw_only=True)
class SubstitutionRuleActivated:
    """A rule decides in a scenario of an operator."""

    rule_id: Slug
    scenario_id: Slug
    operator_id: Slug
    activated_at: Moment


@event("scenarios.substitution_rule.stopped.v1")
@dataclass(frozen=True, kw_only=True)
class SubstitutionRuleStopped:
    """A rule decides no more."""

    rule_id: Slug
    scenario_id: Slug
    operator_id: Slug
    reason: RuleEnd
    stopped_at: Moment


# --- substitutions -------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class CommitmentLetter:
    """What a subject signed: the document's number, the SHA-256 of its text, and its time."""

    document_number: Title
    digest: Digest
    signed_at: Moment
    until: Moment | None = None


@dataclass(frozen=True, kw_only=True)
class CheckLine:
    """One thing that was asked for; `shortfall` says what is wrong with it, if anything is."""

    item: Slug
    shortfall: Shortfall | None = None
    evidence_ids: tuple[Identifier, ...] = ()


@reply("scenarios.substitution.record.v1")
@dataclass(frozen=True, kw_only=True)
class SubstitutionRecord:
    """A decision and where it stands; the deposit is due again not before `notice_until`."""

    substitution_id: Identifier
    scenario_id: Slug
    rule_id: Slug
    state: SubstitutionState
    checks: tuple[CheckLine, ...]
    replaces_fen: Fen
    by: Replacement | None
    decided_at: Moment
    checked_at: Moment
    notice_until: Moment | None = None
    ended_at: Moment | None = None


@command("scenarios.substitution.decide.v1", reply=SubstitutionRecord)
@dataclass(frozen=True, kw_only=True)
class DecideSubstitution:
    """Decide by the rule in force of an operator's own scenario."""

    substitution_id: Identifier
    operator_id: Slug
    scenario_id: Slug
    subject: HolderSubject | OrganisationSubject
    commitment: CommitmentLetter | None = None


@command("scenarios.substitution.show.v1", reply=SubstitutionRecord)
@dataclass(frozen=True, kw_only=True)
class ShowSubstitution:
    """Ask where a substitution stands."""

    substitution_id: Identifier
    operator_id: Slug


@command("scenarios.substitution.report_breach.v1", reply=SubstitutionRecord)
@dataclass(frozen=True, kw_only=True)
class ReportBreach:
    """Say by which document the commitment was found broken."""

    substitution_id: Identifier
    operator_id: Slug
    document_number: Title


@event("scenarios.substitution.changed.v1")
@dataclass(frozen=True, kw_only=True)
class SubstitutionChanged:
    """A substitution came into a state; `missing` names what is wrong, `notice_until` the last day.

    Whose it is, the event does not say.
    """

    substitution_id: Identifier
    scenario_id: Slug
    operator_id: Slug
    rule_id: Slug
    state: SubstitutionState
    missing: tuple[Slug, ...]
    replaces_fen: Fen
    changed_at: Moment
    notice_until: Moment | None = None
