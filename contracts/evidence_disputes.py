"""Disputes about evidence: by the holder it is about, or at the city's desk for an organisation."""

from dataclasses import dataclass

from contracts.fields import Identifier, Moment, Pseudonym, Slug
from contracts.wire import command, reply
from contracts.words import DisputeGround, DisputeOutcome, DisputeState


@reply("scenarios.evidence_dispute.record.v1")
@dataclass(frozen=True, kw_only=True)
class EvidenceDisputeRecord:
    """A dispute about evidence; until it is closed the evidence counts for nothing."""

    dispute_id: Identifier
    evidence_id: Identifier
    item_id: Slug
    ground: DisputeGround
    state: DisputeState
    opened_at: Moment
    due_at: Moment
    closed_at: Moment | None = None


@reply("scenarios.evidence_dispute.records.v1")
@dataclass(frozen=True, kw_only=True)
class EvidenceDisputeRecords:
    """Disputes; `next` is what to go on after."""

    disputes: tuple[EvidenceDisputeRecord, ...]
    next: Identifier | None = None


@command("scenarios.evidence_dispute.open.v1", reply=EvidenceDisputeRecord)
@dataclass(frozen=True, kw_only=True)
class OpenEvidenceDispute:
    """Contest evidence about a holder; without one, about an organisation, at the city's desk."""

    dispute_id: Identifier
    evidence_id: Identifier
    ground: DisputeGround
    holder: Pseudonym | None = None


@command("scenarios.evidence_dispute.withdraw.v1", reply=EvidenceDisputeRecord)
@dataclass(frozen=True, kw_only=True)
class WithdrawEvidenceDispute:
    """Contest it no more; the evidence counts again.  Without a holder: an organisation's."""

    dispute_id: Identifier
    holder: Pseudonym | None = None


@command("scenarios.evidence_dispute.list.v1", reply=EvidenceDisputeRecords)
@dataclass(frozen=True, kw_only=True)
class ListEvidenceDisputes:
    """Ask for the disputes of a holder, newest first (at most 100), those that follow one."""

    holder: Pseudonym
    after: Identifier | None = None


@command("scenarios.evidence_dispute.list_cases.v1", reply=EvidenceDisputeRecords)
@dataclass(frozen=True, kw_only=True)
class ListEvidenceDisputeCases:
    """Ask for the open disputes by when they are due, those that come after one of them."""

    after: Identifier | None = None


@command("scenarios.evidence_dispute.decide.v1", reply=EvidenceDisputeRecord)
@dataclass(frozen=True, kw_only=True)
class DecideEvidenceDispute:
    """Say what a dispute comes to: corrected annuls the evidence, upheld lets it count again."""

    dispute_id: Identifier
    outcome: DisputeOutcome
