"""The dispute about evidence: until it is closed the evidence counts for nothing.

What is said is a ground of a closed list alone: no words of a person are kept at a host.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from contracts.errors import Refused
from contracts.words import DisputeGround, DisputeState
from services.scenarios.domain.evidence import Subject

MOST_WITHDRAWN: Final = 2
"""How often one may contest evidence and withdraw: each time it counts for nothing meanwhile."""


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


def check_contestable(former: Iterable[EvidenceDispute]) -> None:
    """Raise Refused for what it came to before: already_decided, withdrawn_too_often."""
    states = [each.state for each in former]
    if DisputeState.UPHELD in states:
        raise Refused("already_decided", "dispute")
    if states.count(DisputeState.WITHDRAWN) >= MOST_WITHDRAWN:
        raise Refused("withdrawn_too_often", "dispute")
