"""Bodies of the HTTP interface, where they are not simply a message's reply.

Requests are read strictly (an unknown field is an error); `contracts/routes.py` says where each
body is used.
"""

from dataclasses import dataclass
from enum import StrEnum

from contracts.benefits import Benefit
from contracts.disputes import FactName, Statement
from contracts.districts import DistrictCode
from contracts.erasures import ErasureRecord
from contracts.fields import (
    CityCode,
    Count,
    Identifier,
    Moment,
    Positive,
    Reason,
    Slug,
    Tier,
    Title,
    Token,
    Url,
)
from contracts.http.catalogue import NoteBody as NoteBody
from contracts.http.catalogue import ReviewBody as ReviewBody
from contracts.http.clients import ClientBody as ClientBody
from contracts.http.clients import ClientMade as ClientMade
from contracts.http.clients import ClientRecord as ClientRecord
from contracts.http.clients import ClientRecords as ClientRecords
from contracts.http.decisions import ConditionSaid as ConditionSaid
from contracts.http.decisions import DecisionAnswer as DecisionAnswer
from contracts.http.decisions import DecisionLine as DecisionLine
from contracts.http.decisions import DecisionsAnswer as DecisionsAnswer
from contracts.http.decisions import Sentence as Sentence
from contracts.http.evidence import AnnulmentBody as AnnulmentBody
from contracts.http.evidence import CoverageBody as CoverageBody
from contracts.http.evidence import EvidenceBody as EvidenceBody
from contracts.http.evidence import EvidenceDisputeBody as EvidenceDisputeBody
from contracts.http.evidence import EvidenceDisputeDecisionBody as EvidenceDisputeDecisionBody
from contracts.http.evidence import EvidenceItemBody as EvidenceItemBody
from contracts.http.evidence import EvidenceRepairBody as EvidenceRepairBody
from contracts.http.evidence import SourceCoverageBody as SourceCoverageBody
from contracts.http.passes import DepositBody as DepositBody
from contracts.http.passes import PassAnswer as PassAnswer
from contracts.http.passes import RecallBody as RecallBody
from contracts.http.passes import RedemptionBody as RedemptionBody
from contracts.http.passes import ReversalBody as ReversalBody
from contracts.http.problems import FieldProblem as FieldProblem
from contracts.http.problems import Problem as Problem
from contracts.http.problems import ProblemKind as ProblemKind
from contracts.http.problems import ProblemKinds as ProblemKinds
from contracts.http.screening import BreachBody as BreachBody
from contracts.http.screening import DecideSubstitutionBody as DecideSubstitutionBody
from contracts.http.screening import EmploymentBody as EmploymentBody
from contracts.http.screening import ObjectionBody as ObjectionBody
from contracts.http.screening import ObjectionDecisionBody as ObjectionDecisionBody
from contracts.http.screening import ReportFieldBody as ReportFieldBody
from contracts.http.screening import ScreenedBody as ScreenedBody
from contracts.http.screening import ScreeningBody as ScreeningBody
from contracts.http.screening import ScreeningRuleBody as ScreeningRuleBody
from contracts.http.screening import SpecialReportBody as SpecialReportBody
from contracts.http.screening import SubstitutionRuleBody as SubstitutionRuleBody
from contracts.http.screening import TrustCodeBody as TrustCodeBody
from contracts.http.screening import VettingBody as VettingBody
from contracts.http.trials import TrialBody as TrialBody
from contracts.http.webhooks import DeliveryRecord as DeliveryRecord
from contracts.http.webhooks import DeliveryRecords as DeliveryRecords
from contracts.http.webhooks import WebhookBody as WebhookBody
from contracts.http.webhooks import WebhookRecord as WebhookRecord
from contracts.http.webhooks import WebhookReplay as WebhookReplay
from contracts.http.webhooks import WebhookStanding as WebhookStanding
from contracts.public_keys import PublicKey
from contracts.recognition import CategoryTier, RecognitionRecord
from contracts.rules import Conditions
from contracts.scenarios import IncentiveTerms
from contracts.words import (
    Category,
    CityState,
    DisputeGround,
    DisputeOutcome,
    RepairOutcome,
    RepairRefusal,
    RevocationReason,
    ScenarioKind,
    SuspensionReason,
)

# --- citizens, at home -----------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class AttestationBody:
    """For which city, and bound to which public key (a JWK)."""

    recipient: CityCode
    holder_key: PublicKey


@dataclass(frozen=True, kw_only=True)
class DisputeBody:
    """What is wrong: with a fact, or with what an attestation says."""

    ground: DisputeGround
    statement: Statement = ""
    fact_id: FactName | None = None
    attestation_id: Identifier | None = None


@dataclass(frozen=True, kw_only=True)
class FactBody:
    """Which fact is meant."""

    fact_id: FactName


# --- holders, at a host ----------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class PresentationBody:
    """An attestation with a key-binding proof that answers an open challenge."""

    challenge_id: Identifier
    presentation: Token


@dataclass(frozen=True, kw_only=True)
class Session:
    """A bearer token for the holder's next requests."""

    token: Token
    until: Moment


@dataclass(frozen=True, kw_only=True)
class ErasureAnswer:
    """An erasure, and the receipt by which to ask how far it is: the citizen is not kept."""

    erasure: ErasureRecord
    receipt: Token


@dataclass(frozen=True, kw_only=True)
class RecognitionAnswer:
    """The recognition, and the session that rests on it."""

    recognition: RecognitionRecord
    session: Session


@dataclass(frozen=True, kw_only=True)
class Offer:
    """One incentive and whether this holder may take it now; `reasons` are empty when they may."""

    incentive_id: Slug
    version: Positive
    scenario_id: Slug
    scenario_name: Title
    scenario_name_en: Title
    category: Category
    title: Title
    title_en: Title
    benefit: Benefit
    minimum_tier: Tier
    offered_until: Moment | None
    eligible: bool
    reasons: tuple[Reason, ...]
    conditions: Conditions | None = None


@dataclass(frozen=True, kw_only=True)
class EligibilityAnswer:
    """What the holder of this session may take; a preview, the grant itself decides."""

    tier: Tier
    home: CityCode
    until: Moment
    offers: tuple[Offer, ...]
    tiers: tuple[CategoryTier, ...] = ()


@dataclass(frozen=True, kw_only=True)
class GrantBody:
    """Which incentive to take, and in which district it is to be used, where that is asked."""

    incentive_id: Slug
    district: DistrictCode | None = None


@dataclass(frozen=True, kw_only=True)
class ContestBody:
    """What is wrong with the attestation behind this session."""

    ground: DisputeGround


# --- operators -------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class TokenForm:
    """The form of a client-credentials request (RFC 6749 §4.4.2)."""

    grant_type: str
    client_id: str | None = None
    client_secret: str | None = None
    scope: str | None = None


@dataclass(frozen=True, kw_only=True)
class TokenAnswer:
    """An access token (RFC 6749 §5.1); `expires_in` counts seconds.

    `webhook_disabled_at` is the notice that nothing has reached the operator's webhook for so long
    that it rests.
    """

    access_token: Token
    token_type: str
    expires_in: Positive
    scope: str
    webhook_disabled_at: Moment | None = None


@dataclass(frozen=True, kw_only=True)
class TokenRefusal:
    """Why there is no access token (RFC 6749 §5.2)."""

    error: str
    error_description: str


@dataclass(frozen=True, kw_only=True)
class ScenarioBody:
    """A scenario of one's own; its kind and category stay."""

    name: Title
    name_en: Title
    category: Category
    district: DistrictCode | None = None
    kind: ScenarioKind = ScenarioKind.INCENTIVE


@dataclass(frozen=True, kw_only=True)
class IncentiveBody(IncentiveTerms):
    """The terms of an incentive, and where and since when it is offered.

    The city reviews them; with `hold` they are not published before their operator says so.
    """

    scenario_id: Slug
    offered_from: Moment | None = None
    hold: bool = False


# --- administrators --------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class OperatorBody:
    """An operator to admit."""

    name: Title
    name_en: Title


@dataclass(frozen=True, kw_only=True)
class OperatorAdmitted:
    """An operator and its client; the secret is shown once, when it is made."""

    operator_id: Slug
    name: Title
    name_en: Title
    client_id: Slug
    client_secret: Token | None


@dataclass(frozen=True, kw_only=True)
class RevocationBody:
    """Why an attestation is taken back."""

    reason: RevocationReason


@dataclass(frozen=True, kw_only=True)
class SuspensionBody:
    """Why an attestation does not stand for the time being."""

    reason: SuspensionReason


@dataclass(frozen=True, kw_only=True)
class DisputeDecisionBody:
    """What a dispute comes to; the note is for whoever contested."""

    outcome: DisputeOutcome
    note: Statement = ""


@dataclass(frozen=True, kw_only=True)
class RepairDecisionBody:
    """What a repair comes to; one that is refused needs a reason."""

    outcome: RepairOutcome
    refusal: RepairRefusal | None = None


# --- partner cities, everyone ----------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Membership:
    """How this city sees the calling city."""

    city: CityCode
    state: CityState
    roster: Count
    roster_until: Moment


@dataclass(frozen=True, kw_only=True)
class CityStanding:
    """A city, its state, and since when: both as a version of the roster told it."""

    code: CityCode
    name: Title
    name_en: Title
    state: CityState
    since: Moment
    roster: Count


@dataclass(frozen=True, kw_only=True)
class CitiesAnswer:
    """The alliance's cities as they stood at a moment, and how many of them were online."""

    at: Moment
    online: Count
    cities: tuple[CityStanding, ...]


@dataclass(frozen=True, kw_only=True)
class KeySet:
    """Public keys as a JWK set (RFC 7517 §5)."""

    keys: tuple[PublicKey, ...]


@dataclass(frozen=True, kw_only=True)
class IssuerMetadata:
    """Where to find an attestation issuer's keys (SD-JWT VC §5)."""

    issuer: Url
    jwks: KeySet


class Health(StrEnum):
    """Whether a part can do its work."""

    READY = "ready"
    NOT_READY = "not_ready"


@dataclass(frozen=True, kw_only=True)
class PartHealth:
    """One part of the node; `reason` says why it is not ready, or what is wrong all the same."""

    part: str
    state: Health
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class HealthReport:
    """The whole is ready when every part is."""

    state: Health
    parts: tuple[PartHealth, ...] = ()
