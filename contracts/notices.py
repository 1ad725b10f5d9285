"""What cities tell each other in notices: the events of a Security Event Token (RFC 8417).

A notice carries one event under its URN, with one of these classes as its body.  `UsageReported` of
contracts/recognition.py is the body of USAGE_REPORTED, which older cities send.

`attestation_id` names an attestation of the home city; `subject` is the holder as the recipient
knows them, the `sub` of the attestations sent there.  Reasons are any machine word: one that only a
newer city knows must not keep a notice from being obeyed.
"""

from dataclasses import dataclass
from typing import Final

from contracts.fields import Identifier, Moment, Pseudonym, Reason, Slug, Title, Token
from contracts.recognition import UsageReported

ATTESTATION_REVOKED: Final = "urn:huxin:event:attestation-revoked"
ATTESTATION_SUSPENDED: Final = "urn:huxin:event:attestation-suspended"
ATTESTATION_RESUMED: Final = "urn:huxin:event:attestation-resumed"
ATTESTATION_SUPERSEDED: Final = "urn:huxin:event:attestation-superseded"
CONSENT_WITHDRAWN: Final = "urn:huxin:event:consent-withdrawn"
SUBJECT_ERASED: Final = "urn:huxin:event:subject-erased"
KEY_COMPROMISED: Final = "urn:huxin:event:key-compromised"
CROSSWALK_PUBLISHED: Final = "urn:huxin:event:crosswalk-published"
DISPUTE_OPENED: Final = "urn:huxin:event:dispute-opened"
DISPUTE_RESOLVED: Final = "urn:huxin:event:dispute-resolved"
REPAIR_COMPLETED: Final = "urn:huxin:event:repair-completed"
USAGE_REPORTED: Final = "urn:huxin:event:usage-reported"
USAGE_LINES_REPORTED: Final = "urn:huxin:event:usage-lines-reported"
NOTICE_APPLIED: Final = "urn:huxin:event:notice-applied"

ACKNOWLEDGED: Final = frozenset(
    {
        ATTESTATION_REVOKED,
        ATTESTATION_SUSPENDED,
        ATTESTATION_RESUMED,
        ATTESTATION_SUPERSEDED,
        KEY_COMPROMISED,
        CONSENT_WITHDRAWN,
        SUBJECT_ERASED,
        DISPUTE_RESOLVED,
        REPAIR_COMPLETED,
    }
)
"""The events whose recipient answers by NOTICE_APPLIED when they have had their effect."""


@dataclass(frozen=True, kw_only=True)
class AttestationRevoked:
    """The issuer takes an attestation back, for good."""

    attestation_id: Identifier
    reason: Reason
    at: Moment


@dataclass(frozen=True, kw_only=True)
class AttestationSuspended:
    """The issuer does not stand by an attestation for the time being."""

    attestation_id: Identifier
    reason: Reason
    at: Moment


@dataclass(frozen=True, kw_only=True)
class AttestationResumed:
    """The issuer stands by a suspended attestation again."""

    attestation_id: Identifier
    at: Moment


@dataclass(frozen=True, kw_only=True)
class AttestationSuperseded:
    """Another attestation takes the place of this one, for the same holder and the same key.

    `credential` is the new one, an SD-JWT with every disclosure and no key binding: who presented
    the old one has proved to hold the key.
    """

    attestation_id: Identifier
    by: Identifier
    credential: Token
    reason: Reason
    at: Moment


@dataclass(frozen=True, kw_only=True)
class ConsentWithdrawn:
    """The holder withdrew consent: nothing of theirs may be used here any more (PIPL 15, 47)."""

    subject: Pseudonym
    at: Moment


@dataclass(frozen=True, kw_only=True)
class SubjectErased:
    """Home erased a person; the recipient forgets who these were (PIPL 47).

    `subjects` are all the names under which this city knew them, former ones included;
    `attestations` are all that are not over, and are taken back with this or were before.
    """

    subjects: tuple[Pseudonym, ...]
    at: Moment
    attestations: tuple[Identifier, ...] = ()


@dataclass(frozen=True, kw_only=True)
class KeyCompromised:
    """Nothing that this key of the sender signed since a moment may be believed."""

    kid: Title
    since: Moment
    at: Moment


@dataclass(frozen=True, kw_only=True)
class CrosswalkPublished:
    """The sender has a signed crosswalk of this name and version; it is to be had at its gateway.

    `digest` is the SHA-256 of what its parties signed, the payload, in hex.
    """

    name: Slug
    version: int
    digest: Title
    at: Moment


@dataclass(frozen=True, kw_only=True)
class DisputeOpened:
    """A holder contests what the recipient's attestation says; the owner of the fact decides.

    `ground` is what is wrong, as a machine word.  What the holder wrote stays where they wrote it.
    """

    dispute_id: Identifier
    attestation_id: Identifier
    ground: Reason
    at: Moment


@dataclass(frozen=True, kw_only=True)
class DisputeResolved:
    """A dispute about an attestation is decided: `outcome` is corrected, upheld or withdrawn."""

    dispute_id: Identifier
    attestation_id: Identifier
    outcome: Reason
    at: Moment


@dataclass(frozen=True, kw_only=True)
class RepairCompleted:
    """A fact behind an attestation has no effect any more; nothing says that there was one."""

    attestation_id: Identifier
    at: Moment


@dataclass(frozen=True, kw_only=True)
class NoticeApplied:
    """What a notice asked for has taken effect everywhere in the sender's node."""

    notice_id: Identifier
    at: Moment


@dataclass(frozen=True, kw_only=True)
class UsageLinesReported:
    """A host tells what became of grants that rest on the recipient's attestations, in order.

    A line that the sender may not say is passed over; the others are taken in.
    """

    lines: tuple[UsageReported, ...]
