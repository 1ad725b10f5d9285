"""What scenarios asks of the storage of decisions."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from services.scenarios.domain.decision_record import DecisionRecord


class DecisionLog(Protocol):
    """Where decisions are put on record, by whoever may not read those of others."""

    def record(self, record: DecisionRecord, *, most_refused: int) -> None:
        """As `Decisions.record`."""


class DecisionWork(Protocol):
    """A transaction that puts decisions on record."""

    @property
    def decisions(self) -> DecisionLog: ...


class Decisions(Protocol):
    """Decisions on record, by id and holder, and which holders were erased."""

    def record(self, record: DecisionRecord, *, most_refused: int) -> None:
        """Keep a decision; nothing of a holder who was erased.

        Safe to repeat: a record takes the place of a refusal of the same id and holder that is not
        later, and counts as one more attempt; any other stays.  A holder keeps at most so many
        refusals, the newest.
        """

    def of_holder(self, id: UUID, holder: str) -> DecisionRecord | None: ...
    def named(self, id: UUID) -> Sequence[DecisionRecord]:
        """Return the decisions of that id; two holders may have asked under the same."""

    def newest_of(self, holder: str, most: int, after: UUID | None) -> Sequence[DecisionRecord]:
        """Return a holder's decisions, newest first, those that come after one of them.

        Raise NotFound when there is none of that id.
        """

    def erase_holder(self, holder: str, at: datetime) -> None:
        """Forget all decisions about a holder, also those that are recorded later."""

    def forget(self, *, refused_before: datetime, others_before: datetime, most: int) -> int:
        """Forget some refusals and some other decisions of before a moment; return how many."""

    def forget_erased(self, before: datetime, most: int) -> int:
        """Forget some of the holders who were erased before a moment; return how many."""
