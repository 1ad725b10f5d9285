"""Decisions on record: each as the document that explains it, sealed as it was written."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from contracts.outcomes import DecisionOutcome
from contracts.words import ScenarioKind


@dataclass(frozen=True, kw_only=True)
class DecisionRecord:
    """Invariant: `document` is the text of the explanation, which names nobody; `holder` does.

    Under one id a holder has one record.  A refused request that is repeated has that of the
    latest attempt; what else was decided stays as it is.  `holder` is empty where a decision is
    about no holder.
    """

    id: UUID
    holder: str
    kind: ScenarioKind
    outcome: DecisionOutcome
    rule_id: str
    document: str
    digest: str
    decided_at: datetime
    attempts: int = 1

    @property
    def is_whole(self) -> bool:
        """Whether the document is what was written when it was decided."""
        return self.digest == digest_of(self.document)


def digest_of(document: str) -> str:
    """Return the SHA-256 of a document's UTF-8, in hexadecimal."""
    return hashlib.sha256(document.encode()).hexdigest()
