"""Bodies of substitutions, screenings, vettings, reports and trust codes."""

from dataclasses import dataclass

from contracts.evidence import LegalBasis
from contracts.fields import (
    Count,
    Identifier,
    Moment,
    Positive,
    Pseudonym,
    Slug,
    Tier,
    Title,
    Token,
)
from contracts.rules import Conditions
from contracts.special_reports import FieldTerms
from contracts.states import ObjectionOutcome
from contracts.subjects import HolderSubject, OrganisationCode, OrganisationSubject
from contracts.substitutions import CommitmentLetter, SubstitutionTerms
from contracts.vettings import Objection


@dataclass(frozen=True, kw_only=True)
class SubstitutionRuleBody(SubstitutionTerms):
    """A substitution rule; with `minimum_tier` or `conditions` it is refused."""

    minimum_tier: Tier | None = None
    conditions: Conditions | None = None


@dataclass(frozen=True, kw_only=True)
class ScreeningRuleBody:
    """A screening rule; without `legal_basis`, or with `minimum_tier` or `conditions`, refused."""

    scenario_id: Slug
    title: Title
    title_en: Title
    lists: tuple[Slug, ...]
    legal_basis: LegalBasis | None = None
    objection_days: Count = 15
    report_age_days: Positive = 7
    minimum_tier: Tier | None = None
    conditions: Conditions | None = None


@dataclass(frozen=True, kw_only=True)
class ReportFieldBody(FieldTerms):
    """A field of reports."""


@dataclass(frozen=True, kw_only=True)
class DecideSubstitutionBody:
    """Whose deposit or certificate is to be replaced, and what they signed."""

    scenario_id: Slug
    subject: HolderSubject | OrganisationSubject
    commitment: CommitmentLetter | None = None


@dataclass(frozen=True, kw_only=True)
class BreachBody:
    """The document by which a commitment was found broken."""

    document_number: Title


@dataclass(frozen=True, kw_only=True)
class ScreeningBody:
    """Whom to look up, and what for."""

    scenario_id: Slug
    subject: HolderSubject | OrganisationSubject
    why: Title


@dataclass(frozen=True, kw_only=True)
class ScreenedBody:
    """Whose screenings to list, and after which."""

    subject: HolderSubject | OrganisationSubject
    after: Identifier | None = None


@dataclass(frozen=True, kw_only=True)
class VettingBody:
    """Whom to vet: the holder's app told the operator how this city knows them."""

    scenario_id: Slug
    holder: Pseudonym


@dataclass(frozen=True, kw_only=True)
class ObjectionBody:
    """What one says against a finding."""

    objection: Objection = ""


@dataclass(frozen=True, kw_only=True)
class ObjectionDecisionBody:
    """What an objection comes to."""

    outcome: ObjectionOutcome


@dataclass(frozen=True, kw_only=True)
class SpecialReportBody:
    """Of whom a report is drawn, over which span, and in which fields (all when left out)."""

    scenario_id: Slug
    organisation: OrganisationCode
    since: Moment | None = None
    until: Moment | None = None
    fields: tuple[Slug, ...] = ()


@dataclass(frozen=True, kw_only=True)
class EmploymentBody:
    """The scenario of one's employer."""

    scenario_id: Slug


@dataclass(frozen=True, kw_only=True)
class TrustCodeBody:
    """A trust code as it was shown."""

    code: Token
