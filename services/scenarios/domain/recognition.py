"""What this service knows of recognitions, learned from recognition's events alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from contracts.words import Category


class Evidence(Protocol):
    """What a recognition rests on: home's key and its words, and how old each was.

    Moments that were not kept are None; contracts/recognition.py has the fields.
    """

    @property
    def key_id(self) -> str: ...
    @property
    def roster(self) -> int: ...
    @property
    def status_as_of(self) -> datetime: ...
    @property
    def attested_at(self) -> datetime | None: ...
    @property
    def roster_as_of(self) -> datetime | None: ...
    @property
    def overrides(self) -> Sequence[str]: ...


@dataclass(frozen=True, kw_only=True)
class Ending:
    """A recognition stopped standing before its time was up."""

    recognition_id: UUID
    reason: str
    ended_at: datetime


@dataclass(frozen=True, kw_only=True)
class Revision:
    """What a recognition says since a moment; it stands then, whatever suspended it before."""

    recognition_id: UUID
    attestation_id: UUID
    holder: str
    home: str
    tier: int
    purposes: frozenset[Category]
    crosswalk: int
    revised_at: datetime
    until: datetime
    tiers: Mapping[Category, int] = field(default_factory=dict)
    evidence: Evidence | None = None


@dataclass(frozen=True, kw_only=True)
class Recognition:
    """A holder's tier, for named purposes, until a moment or until it ended.

    `tiers` are those that both cities agreed on for single categories; `tier` is for all others.
    """

    id: UUID
    attestation_id: UUID
    holder: str
    home: str
    tier: int
    purposes: frozenset[Category]
    crosswalk: int
    recognised_at: datetime
    until: datetime
    ended_at: datetime | None = None
    ended_reason: str | None = None
    suspended: bool = False
    tiers: Mapping[Category, int] = field(default_factory=dict)
    evidence: Evidence | None = None

    @property
    def attested_at(self) -> datetime | None:
        """When home signed what the recognition rests on; None when it was not told."""
        return None if self.evidence is None else self.evidence.attested_at

    def tier_for(self, category: Category) -> int:
        return self.tiers.get(category, self.tier)

    def objection(self, now: datetime) -> str | None:
        """Say in one word why it does not stand, or None: it does."""
        if self.ended_at is not None:
            return "recognition_ended"
        if self.suspended:
            return "recognition_suspended"
        return "not_recognised" if now >= self.until else None

    def stands(self, now: datetime) -> bool:
        return self.objection(now) is None
