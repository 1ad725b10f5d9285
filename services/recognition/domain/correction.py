"""Corrections at a host: what a notice of home changes about a recognition, until it is done."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Correction:
    """One recognition that a notice of `sender` touched; over when the whole node acted on it."""

    notice_id: UUID
    sender: str
    recognition_id: UUID
    heard_at: datetime
