"""The dispute about evidence: until it is closed the evidence counts for nothing.

What is said is a ground of a closed list alone: no words of a person are kept at a host.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from contracts.errors import Refused
from contracts.words import DisputeGround, DisputeState
from services.scenarios.domain.evidence import Subject


@dataclass(eq=False, kw_only=True)
class EvidenceDispute:
    """Invariant: about one piece of evidence, by its subject; once closed it stays closed."""

    id: UUID
    evidence_id: UUID
    item_id: str
    subject: Subject
    ground: DisputeGround
    opened_at: datetime
    due_at: datetime
    state: DisputeState = DisputeState.OPEN
    closed_at: datetime | None = None

    def close(self, state: DisputeState, now: datetime) -> bool:
        """Decide or withdraw it, once; say whether that was done now.

        Raises Refused already_decided in another way.
        """
        if self.state is state:
            return False
        if self.state is not DisputeState.OPEN:
            raise Refused("already_decided", "dispute")
        self.state, self.closed_at = state, now
        return True
