"""Erasure: a person was forgotten here, and is to be forgotten wherever home spoke of them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(eq=False, kw_only=True)
class Erasure:
    """Invariant: it names nobody; the first convergence stands.

    It has converged when none of the `hosts` that were told leads to the person any more.
    """

    id: UUID
    erased_at: datetime
    hosts: int
    converged_at: datetime | None = None

    @classmethod
    def of(cls, id: UUID, hosts: int, now: datetime) -> "Erasure":
        """Record an erasure; without a host to be told it has converged at once."""
        return cls(id=id, erased_at=now, hosts=hosts, converged_at=None if hosts else now)

    def converge(self, now: datetime) -> bool:
        """Note that the last host has forgotten; say whether that is new."""
        if self.converged_at is not None:
            return False
        self.converged_at = now
        return True
