"""Standing: what a host heard last of an attestation that its home may suspend and resume."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Standing:
    """Home's word of a moment; `suspended_for` says why it does not stand by it, None: it does."""

    suspended_for: str | None
    said_at: datetime

    def overrides(self, other: "Standing | None") -> bool:
        """Say whether this word counts from now on: the later one does, of two at once the no."""
        if other is None or self.said_at != other.said_at:
            return other is None or self.said_at > other.said_at
        return self.suspended_for is not None and other.suspended_for is None
