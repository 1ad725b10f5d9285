"""Recognition: a host's acceptance of an attestation, with what the decision rested on."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from contracts.words import Category
from services.recognition.domain.footing import Footing


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What a decision can be replayed from: names and digests, no claim that was not needed.

    `presentation` (hex) and `attestation` (base64url) are SHA-256 digests; `kid` is the key that
    the home city signed by, at `attested_at`.  `crosswalk` is the version of the alliance's table,
    `overrides` names what both cities agreed on beyond it, with versions.
    """

    presentation: str
    attestation: str
    kid: str
    crosswalk: int
    roster: int
    status_as_of: datetime
    attested_at: datetime | None = None  # of a recognition from before it was kept
    overrides: tuple[str, ...] = ()
    status_until: datetime | None = None  # nor where a notice brought the attestation
    roster_as_of: datetime | None = None


@dataclass(eq=False, kw_only=True)
class Recognition:
    """Invariant: never outlives its attestation; once ended it does not stand again.

    `holder_key` is the thumbprint of the key that its holder proved to hold.
    `tier` counts for every category but those in `tiers`, which the evidence's overrides name.
    `left_out` are purposes consented to, for which home's word on the status was too old.
    """

    id: UUID
    attestation_id: UUID
    holder: str
    home: str
    tier: int
    purposes: tuple[str, ...]
    evidence: Evidence
    recognised_at: datetime
    until: datetime
    left_out: tuple[str, ...] = ()
    suspended_at: datetime | None = None
    ended_at: datetime | None = None
    ended_reason: str | None = None
    holder_key: str | None = None
    tiers: Mapping[Category, int] = field(default_factory=dict)

    @property
    def status_age_seconds(self) -> int:
        """How old the word of the home city was that the attestation is not revoked."""
        return max(0, int((self.recognised_at - self.evidence.status_as_of).total_seconds()))

    @property
    def roster_age_seconds(self) -> int | None:
        """How old the word was that the roster is the alliance's newest; None: it was not kept."""
        as_of = self.evidence.roster_as_of
        return None if as_of is None else max(0, int((self.recognised_at - as_of).total_seconds()))

    def end(self, reason: str, now: datetime) -> bool:
        """End it, once; say whether it stood until now."""
        if self.ended_at is not None:
            return False
        self.ended_at, self.ended_reason = now, reason
        return True

    def suspend(self, at: datetime) -> bool:
        """Suspend it as of a moment; say whether it stood until now."""
        if self.ended_at is not None or self.suspended_at is not None:
            return False
        self.suspended_at = at
        return True

    def resume(self) -> bool:
        """Let it stand again; say whether it was suspended, and nothing more."""
        if self.ended_at is not None or self.suspended_at is None:
            return False
        self.suspended_at = None
        return True

    def may_rest_on(self, footing: Footing) -> bool:
        """Whether an attestation is for the same holder and the same key."""
        return (footing.holder, footing.holder_key) == (self.holder, self.holder_key)

    def rest_on(self, footing: Footing) -> None:
        """Go on, resting on the attestation that took the former one's place, and stand."""
        self.attestation_id = footing.attestation_id
        self.tier, self.purposes = footing.tier, tuple(footing.purposes)
        self.tiers, self.until, self.suspended_at = footing.tiers, footing.until, None
        self.left_out = tuple(each for each in self.left_out if each not in self.purposes)
        self.evidence = replace(
            self.evidence,
            attestation=footing.attestation,
            kid=footing.kid,
            crosswalk=footing.crosswalk,
            roster=footing.roster,
            status_as_of=footing.status_as_of,
            status_until=None,
            attested_at=footing.since,
            overrides=footing.overrides,
        )
