"""What home remembers of an attestation it issued: to whom, by which consent, whether it stands."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from contracts.words import SuspensionReason

TICK: Final = timedelta(microseconds=1)


@dataclass(frozen=True)
class Revoked:
    """Why and when an attestation was taken back."""

    reason: str
    at: datetime


@dataclass(frozen=True)
class Suspension:
    """Why and when home stopped standing by an attestation, and when it did again."""

    reason: str
    at: datetime
    resumed_at: datetime | None = None


@dataclass(eq=False, kw_only=True)
class Issuance:
    """Invariant: rests on one consent and never outlives it; the first revocation stands.

    `suspension` is the latest.  The moments of suspensions and resumptions only grow, whatever the
    clock says: by them a host knows which word of home came last.
    One that is superseded is revoked, and `superseded_by` is what its holder has instead.
    """

    attestation_id: UUID
    consent_id: UUID
    resident: str
    recipient: str
    tier: int
    band: str
    holder_key: Mapping[str, Any]
    credential: str
    status_list: int
    status_index: int
    issued_at: datetime
    until: datetime
    revoked: Revoked | None = None
    suspension: Suspension | None = None
    superseded_by: UUID | None = None

    @property
    def is_suspended(self) -> bool:
        return self.suspension is not None and self.suspension.resumed_at is None

    def is_in_the_way_of(self, holder_key: Mapping[str, Any]) -> bool:
        """Say whether a new attestation for the same resident and city gets round a suspension.

        Where only the holder's key is in doubt, another key is the remedy.
        """
        if self.suspension is None or not self.is_suspended:
            return False
        doubted = self.suspension.reason == SuspensionReason.KEY_IN_DOUBT
        return not doubted or self.holder_key == holder_key

    def revoke(self, reason: str, now: datetime) -> Revoked:
        """Revoke it and return the revocation that stands."""
        self.revoked = self.revoked or Revoked(reason, now)
        return self.revoked

    def suspend(self, reason: str, now: datetime) -> Suspension | None:
        """Suspend it and return the new suspension; None: it is suspended, or revoked, already."""
        last = self.suspension
        if self.revoked is not None or self.is_suspended:
            return None
        after = last.resumed_at + TICK if last and last.resumed_at else now
        self.suspension = Suspension(reason, max(now, after))
        return self.suspension

    def resume(self, now: datetime) -> Suspension | None:
        """End its suspension and return it; None: it is not suspended, or it is revoked."""
        last = self.suspension
        if self.revoked is not None or last is None or last.resumed_at is not None:
            return None
        self.suspension = replace(last, resumed_at=max(now, last.at + TICK))
        return self.suspension

    def supersede(self, by: UUID, reason: str, now: datetime) -> None:
        """Let another attestation take its place; one that was taken back has no successor."""
        if self.revoked is None:
            self.revoke(reason, now)
            self.superseded_by = by
