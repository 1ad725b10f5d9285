"""Batch: attestations that home sends a host in bulk, line by line."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol
from uuid import UUID

from contracts.words import BatchState

TAKEN: Final = "taken"
REPEATED: Final = "repeated"


@dataclass(frozen=True, kw_only=True)
class LineVerdict:
    """What became of a line: taken, repeated, or the code of a refusal."""

    number: int
    code: str
    recognition_id: UUID | None = None


@dataclass(eq=False, kw_only=True)
class Batch:
    """Invariant: lines are taken once each, in order; received = taken + repeated + refused.

    `digest` was announced, `so_far` is the digest of the lines received.  `verdicts` are those of
    lines taken since it was read.
    """

    sender: str
    id: UUID
    total: int
    digest: str
    so_far: str = ""
    received: int = 0
    taken: int = 0
    repeated: int = 0
    refused: int = 0
    verdicts: list[LineVerdict] = field(default_factory=list)

    @property
    def state(self) -> BatchState:
        if self.received < self.total:
            return BatchState.OPEN
        return BatchState.COMPLETE if self.so_far == self.digest else BatchState.DIFFERENT

    def following(self, after: int, lines: Sequence[str]) -> Sequence[str]:
        """Return those of the lines after a number of lines that come next; none after a gap."""
        known = self.received - after
        return lines[known:] if known >= 0 else ()

    def take(self, code: str, recognition_id: UUID | None, *, digest: str) -> None:
        """Take the next line with its verdict; `digest` is that of all lines up to it."""
        self.received += 1
        self.so_far = digest
        self.taken += code == TAKEN
        self.repeated += code == REPEATED
        self.refused += code not in {TAKEN, REPEATED}
        self.verdicts.append(
            LineVerdict(number=self.received, code=code, recognition_id=recognition_id)
        )


class Batches(Protocol):
    """Attestations that other cities send in bulk, each batch under its sender."""

    def get(self, sender: str, id: UUID) -> Batch | None: ...
    def add(self, batch: Batch, now: datetime) -> None: ...
    def save(self, batch: Batch, now: datetime) -> None:
        """Store how far a batch has come, and its new verdicts."""

    def verdicts(self, sender: str, id: UUID, after: int, limit: int) -> Sequence[LineVerdict]:
        """Return the verdicts on the lines after a number, in order."""

    def forget_before(self, moment: datetime, limit: int) -> int:
        """Drop at most so many old lines, then batches; say how many."""
