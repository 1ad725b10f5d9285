"""Erasure: a person was forgotten here, and is to be forgotten wherever home spoke of them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(eq=False, kw_only=True)
class Erasure:
    """Invariant: it names nobody; the first convergence stands.

    `subject` is the random name that the records of processing bear; None when there were none.
    It has converged when none of the `hosts` that were told leads to the person any more.
    """

    id: UUID
    subject: UUID | None
    erased_at: datetime
    hosts: int
    converged_at: datetime | None = None

    @classmethod
    def of(cls, id: UUID, subject: UUID | None, hosts: int, now: datetime) -> "Erasure":
        """Record an erasure; without a host to be told it has converged at once."""
        converged_at = None if hosts else now
        return cls(id=id, subject=subject, erased_at=now, hosts=hosts, converged_at=converged_at)

    def converge(self, now: datetime) -> bool:
        """Note that the last host has forgotten; say whether that is new."""
        if self.converged_at is not None:
            return False
        self.converged_at = now
        return True
