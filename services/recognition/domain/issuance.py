"""What home remembers of an attestation it issued: to whom, by which consent, whether it stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class Revoked:
    """Why and when an attestation was taken back."""

    reason: str
    at: datetime


@dataclass(eq=False, kw_only=True)
class Issuance:
    """Invariant: rests on one consent and never outlives it; the first revocation stands."""

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

    def revoke(self, reason: str, now: datetime) -> Revoked:
        """Revoke it and return the revocation that stands."""
        self.revoked = self.revoked or Revoked(reason, now)
        return self.revoked
