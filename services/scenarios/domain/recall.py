"""Recalls: an open grant ends after a notice, for a reason its holder sees."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

AT_ONCE: Final = frozenset({"key_compromised", "subject_erased"})
"""Reasons for an end that leave no time for a notice: the grant may never have been due."""


@dataclass(frozen=True, kw_only=True)
class Recall:
    """Until `ends_at` the grant is used as before; then it is revoked."""

    reason: str
    recalled_at: datetime
    ends_at: datetime

    @classmethod
    def after(cls, days: int, reason: str, now: datetime) -> "Recall":
        return cls(reason=reason, recalled_at=now, ends_at=now + timedelta(days=days))
