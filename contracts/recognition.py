"""Messages of recognition: consent, attestation, recognition, notices between cities.

`resident` names a person at home and `holder` a person at a host; both are pseudonyms under keys
of their own (ADR 0005).
"""

from dataclasses import dataclass

from contracts.fields import (
    CityCode,
    Count,
    Digest,
    Document,
    Fen,
    Identifier,
    Moment,
    PageSize,
    Positive,
    Pseudonym,
    Reason,
    Slug,
    Tier,
    Title,
    Token,
    Url,
)
from contracts.public_keys import PublicKey
from contracts.wire import command, event, reply
from contracts.words import (
    Category,
    CityState,
    ConsentState,
    Funding,
    RevocationReason,
    SuspensionReason,
    TextChange,
    UsageFact,
)

# --- home: consent -------------------------------------------------------------------------


@reply("recognition.consent.record.v1")
@dataclass(frozen=True, kw_only=True)
class ConsentRecord:
    """A consent as its holder sees it.

    `text_digest` is of the text it was given to, `changed` what later versions of it change.
    """

    consent_id: Identifier
    recipient: CityCode
    purposes: tuple[Category, ...]
    text_version: Slug
    given_at: Moment
    until: Moment
    state: ConsentState
    withdrawn_at: Moment | None = None
    text_digest: Digest | None = None
    changed: tuple[TextChange, ...] = ()


@reply("recognition.consent.records.v1")
@dataclass(frozen=True, kw_only=True)
class ConsentRecords:
    """Consents of one resident, newest first; `next` is the cursor to those that follow."""

    consents: tuple[ConsentRecord, ...]
    next: Identifier | None = None


@command("recognition.consent.give.v1", reply=ConsentRecord)
@dataclass(frozen=True, kw_only=True)
class GiveConsent:
    """Let one recipient city learn band and tier for named purposes until a moment (PIPL 23).

    `text_digest` is of the text that was shown; without it home goes by the version alone.
    """

    consent_id: Identifier
    resident: Pseudonym
    recipient: CityCode
    purposes: tuple[Category, ...]
    text_version: Slug
    until: Moment
    text_digest: Digest | None = None


@command("recognition.consent.withdraw.v1", reply=ConsentRecord)
@dataclass(frozen=True, kw_only=True)
class WithdrawConsent:
    """Withdraw a consent; attestations that rest on it are revoked (PIPL 15)."""

    consent_id: Identifier
    resident: Pseudonym


@command("recognition.consent.list.v1", reply=ConsentRecords)
@dataclass(frozen=True, kw_only=True)
class ListConsents:
    """Ask for the consents of a resident, or for those that follow a cursor."""

    resident: Pseudonym
    cursor: Identifier | None = None
    limit: PageSize = 50


# --- home: attestation ---------------------------------------------------------------------


@reply("recognition.attestation.issued.v1")
@dataclass(frozen=True, kw_only=True)
class IssuedAttestation:
    """An attestation for the holder's app: an SD-JWT with every disclosure.

    One that was taken back says when; `superseded_by` is the one to use in its place.
    """

    attestation_id: Identifier
    recipient: CityCode
    credential: Token
    issued_at: Moment
    until: Moment
    superseded_by: Identifier | None = None
    revoked_at: Moment | None = None


@command("recognition.attestation.issue.v1", reply=IssuedAttestation)
@dataclass(frozen=True, kw_only=True)
class IssueAttestation:
    """Attest a resident's band and tier to one recipient, bound to a public JWK of the holder."""

    attestation_id: Identifier
    resident: Pseudonym
    recipient: CityCode
    holder_key: PublicKey


@reply("recognition.attestation.all_issued.v1")
@dataclass(frozen=True, kw_only=True)
class IssuedAttestations:
    """A resident's attestations that are not over, newest first; of the newest a hundred."""

    attestations: tuple[IssuedAttestation, ...]


@command("recognition.attestation.list.v1", reply=IssuedAttestations)
@dataclass(frozen=True, kw_only=True)
class ListAttestations:
    """Ask for the attestations of a resident."""

    resident: Pseudonym


@command("recognition.attestation.show.v1", reply=IssuedAttestation)
@dataclass(frozen=True, kw_only=True)
class ShowAttestation:
    """Ask for one attestation of a resident."""

    attestation_id: Identifier
    resident: Pseudonym


@reply("recognition.attestation.revocation.v1")
@dataclass(frozen=True, kw_only=True)
class Revocation:
    """An attestation is revoked; the first reason and moment stand."""

    attestation_id: Identifier
    reason: RevocationReason
    revoked_at: Moment


@command("recognition.attestation.revoke.v1", reply=Revocation)
@dataclass(frozen=True, kw_only=True)
class RevokeAttestation:
    """Take an attestation back and tell the host that may rely on it."""

    attestation_id: Identifier
    reason: RevocationReason


@reply("recognition.attestation.suspension.v1")
@dataclass(frozen=True, kw_only=True)
class Suspension:
    """The latest suspension of an attestation; without `resumed_at` it lasts."""

    attestation_id: Identifier
    reason: SuspensionReason
    suspended_at: Moment
    resumed_at: Moment | None = None


@command("recognition.attestation.suspend.v1", reply=Suspension)
@dataclass(frozen=True, kw_only=True)
class SuspendAttestation:
    """Do not stand by an attestation for the time being, and tell the host that may rely on it."""

    attestation_id: Identifier
    reason: SuspensionReason


@command("recognition.attestation.resume.v1", reply=Suspension)
@dataclass(frozen=True, kw_only=True)
class ResumeAttestation:
    """Stand by a suspended attestation again, and tell the host."""

    attestation_id: Identifier


@reply("recognition.status.list_token.v1")
@dataclass(frozen=True, kw_only=True)
class StatusListToken:
    """A signed status list (statuslist+jwt), to be cached until `until`."""

    token: Document
    until: Moment


@command("recognition.status.show_list.v1", reply=StatusListToken)
@dataclass(frozen=True, kw_only=True)
class ShowStatusList:
    """Ask for one of this city's status lists, as it stands now or stood `at` a past moment."""

    list: Count
    at: Moment | None = None


@dataclass(frozen=True, kw_only=True)
class CategoryTier:
    """The tier that counts for one category instead of the general one (a bilateral override)."""

    category: Category
    tier: Tier


# --- host: recognition ---------------------------------------------------------------------


@reply("recognition.challenge.opened.v1")
@dataclass(frozen=True, kw_only=True)
class Challenge:
    """A nonce to be signed once, by the holder's key, for `audience`."""

    challenge_id: Identifier
    nonce: Token
    audience: Url
    until: Moment


@command("recognition.challenge.open.v1", reply=Challenge)
@dataclass(frozen=True, kw_only=True)
class OpenChallenge:
    """Ask for a nonce to present an attestation with."""

    challenge_id: Identifier


@reply("recognition.recognition.record.v1")
@dataclass(frozen=True, kw_only=True)
class RecognitionRecord:
    """An attestation this city recognises, and what the decision rested on.

    `purposes_left_out` are those for which home's word on the status, of `status_age_seconds` ago,
    was too old; a new presentation may serve them when home answers again.
    `roster_age_seconds` is how old the word was that the roster is the alliance's newest.
    """

    recognition_id: Identifier
    holder: Pseudonym
    home: CityCode
    tier: Tier
    purposes: tuple[Category, ...]
    crosswalk: Positive
    roster: Count
    status_age_seconds: Count
    recognised_at: Moment
    until: Moment
    tiers: tuple[CategoryTier, ...] = ()
    overrides: tuple[Title, ...] = ()
    purposes_left_out: tuple[Category, ...] = ()
    roster_age_seconds: Count | None = None


@command("recognition.recognition.recognise.v1", reply=RecognitionRecord)
@dataclass(frozen=True, kw_only=True)
class RecogniseAttestation:
    """Recognise a presented attestation (SD-JWT with key binding) against an open challenge."""

    recognition_id: Identifier
    challenge_id: Identifier
    presentation: Token


@dataclass(frozen=True, kw_only=True)
class RecognitionEvidence:
    """What a recognition rests on, as far as a decision that rests on it has to name it.

    Home signed the attestation at `attested_at` by its key `key_id`, and said at `status_as_of`
    that it stands; `roster_as_of` is when the roster was last known to be the alliance's newest.
    `overrides` names what both cities agreed on beyond the crosswalk, with versions.
    """

    key_id: Title
    roster: Count
    status_as_of: Moment
    attested_at: Moment | None = None
    roster_as_of: Moment | None = None
    overrides: tuple[Title, ...] = ()


@event("recognition.score.recognised.v1")
@dataclass(frozen=True, kw_only=True)
class ScoreRecognised:
    """A holder has this tier here, for these purposes, until then."""

    recognition_id: Identifier
    attestation_id: Identifier
    holder: Pseudonym
    home: CityCode
    tier: Tier
    purposes: tuple[Category, ...]
    crosswalk: Positive
    recognised_at: Moment
    until: Moment
    tiers: tuple[CategoryTier, ...] = ()
    evidence: RecognitionEvidence | None = None


@event("recognition.recognition.ended.v1")
@dataclass(frozen=True, kw_only=True)
class RecognitionEnded:
    """A recognition no longer stands, before its time was up.

    Whoever acts on it because of a notice says so by CorrectionApplied, with that `notice_id`.
    """

    recognition_id: Identifier
    attestation_id: Identifier
    holder: Pseudonym
    home: CityCode
    reason: Reason
    ended_at: Moment
    notice_id: Identifier | None = None


# --- between cities ------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class MemberCity:
    """A city of the roster as the gateway needs it: where it is and by which keys it signs.

    `transport_keys` sign its calls, `attestation_keys` its attestations, status lists and notices:
    public JWKs with `kid`, and `nbf` and `exp`, between which they are in use.
    """

    code: CityCode
    name: Title
    name_en: Title
    url: Url
    state: CityState
    transport_keys: tuple[PublicKey, ...]
    attestation_keys: tuple[PublicKey, ...] = ()


@event("recognition.roster.adopted.v1")
@dataclass(frozen=True, kw_only=True)
class RosterAdopted:
    """The node goes by that version of the roster now.

    Beyond `grace_until` nothing may be believed by it; a writer that does not say leaves it open.
    """

    version: Count
    valid_until: Moment
    cities: tuple[MemberCity, ...]
    grace_until: Moment | None = None


@event("recognition.notice.ready.v1")
@dataclass(frozen=True, kw_only=True)
class NoticeReady:
    """A signed notice (SET, RFC 8417) waits to be pushed to a city (RFC 8935).

    Notices of one `subject` to one city arrive in the order of their making.
    """

    notice_id: Identifier
    recipient: CityCode
    token: Token
    subject: Title | None = None


@reply("recognition.notice.receipt.v1")
@dataclass(frozen=True, kw_only=True)
class NoticeReceipt:
    """A notice was taken in; `repeated` when it had been before."""

    notice_id: Identifier
    repeated: bool


@command("recognition.notice.receive.v1", reply=NoticeReceipt)
@dataclass(frozen=True, kw_only=True)
class ReceiveNotice:
    """Take in a notice that the city `sender` pushed."""

    sender: CityCode
    token: Token


@event("recognition.usage.reported.v1")
@dataclass(frozen=True, kw_only=True)
class UsageReported:
    """A host tells what became of a grant that rests on this city's attestation."""

    line_id: Identifier
    host: CityCode
    grant_id: Identifier
    attestation_id: Identifier
    incentive_id: Slug
    fact: UsageFact
    value_fen: Fen
    at: Moment
    funding: Funding | None = None
