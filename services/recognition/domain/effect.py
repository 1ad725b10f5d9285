"""Effects: what this city asked of another by a notice, until it says that it is done there."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What one notice has to bring about at its recipient.

    `cause` is what it was sent for; a notice that was sent for nothing more is its own cause.

    A cause, such as a dispute or an erasure, has converged when every effect of it is applied.
    """

    notice_id: UUID
    recipient: str
    cause: UUID
    asked_at: datetime
    applied_at: datetime | None = None
