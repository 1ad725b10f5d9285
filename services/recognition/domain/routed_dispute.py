"""The routed dispute: a holder contests at a host what their home attested, and home decides.

The host knows of no fact; it keeps what was contested, and what became of it.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from contracts.words import DisputeGround, DisputeState


@dataclass(eq=False, kw_only=True)
class RoutedDispute:
    """Invariant: about the attestation behind one recognition; home's first word on it stands."""

    id: UUID
    recognition_id: UUID
    attestation_id: UUID
    home: str
    ground: DisputeGround
    opened_at: datetime
    state: DisputeState = DisputeState.OPEN
    closed_at: datetime | None = None

    def close(self, state: DisputeState, now: datetime) -> bool:
        """Note what home decided; say whether that was new."""
        if self.state is not DisputeState.OPEN:
            return False
        self.state, self.closed_at = state, now
        return True
