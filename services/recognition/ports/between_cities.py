"""What is stored of the exchange: notices, their effects, and what the alliance signed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from services.recognition.domain.correction import Correction
from services.recognition.domain.document import AdoptedDocument, Document, Versioned
from services.recognition.domain.effect import Effect
from services.recognition.domain.membership import StateChange
from services.recognition.domain.notice import UnsignedNotice
from services.recognition.domain.usage import UnreportedLine


class ReceivedNotices(Protocol):
    def add(self, sender: str, notice_id: UUID, at: datetime) -> bool:
        """Remember a notice; say whether it is new."""

    def forget_before(self, moment: datetime, limit: int) -> int:
        """Drop at most so many that were received before a moment; say how many."""


class UnsignedNotices(Protocol):
    """What could not be signed when it happened, kept until it can."""

    def add(self, notice: UnsignedNotice, at: datetime) -> None: ...
    def count(self) -> int: ...
    def has(self, recipient: str, subject: str) -> bool:
        """Say whether a notice of this subject to this city waits."""

    def to(self, recipient: str, limit: int) -> Sequence[UnsignedNotice]:
        """Return and lock the notices to one city, in the order in which they were kept."""

    def remove(self, id: UUID) -> None: ...


class UnreportedLines(Protocol):
    """Usage lines that wait to be reported to their home cities."""

    def add(self, line: UnreportedLine) -> None:
        """Keep a line behind those kept before.  Safe to repeat."""

    def homes(self) -> Sequence[str]:
        """Return the cities for which any line waits, each once."""

    def take(self, home: str, limit: int) -> Sequence[UnreportedLine]:
        """Return the next lines of one city, in the order in which they were kept, and drop them.

        Until the transaction ends nobody else takes any of that city.
        """


class Effects(Protocol):
    """What this city asked of others by notices, until they say that it is done."""

    def expect(self, notice_id: UUID, recipient: str, cause: UUID, at: datetime) -> None:
        """Remember that a notice was sent for a cause.  Safe to repeat.

        The first cause stands, but for a notice that was its own so far.
        """

    def cause_of(self, notice_id: UUID, recipient: str) -> UUID | None:
        """Return what a notice to a city was sent for, or None when nobody waits for it."""

    def applied(self, notice_id: UUID, recipient: str, at: datetime) -> bool:
        """Note that a notice took effect; False when not that city was asked, or it said so before.

        Until the transaction ends nobody else changes an effect of the same cause.
        """

    def of(self, cause: UUID) -> Sequence[Effect]:
        """Return and lock every effect of a cause, in the order they were asked for."""

    def forget_before(self, moment: datetime, limit: int) -> int:
        """Drop at most so many that were asked for before a moment; say how many."""


class Corrections(Protocol):
    """What notices of other cities touched here, until scenarios has acted on it."""

    def add(self, correction: Correction) -> None:
        """Wait for a correction.  Safe to repeat."""

    def take(self, notice_id: UUID, recognition_id: UUID) -> Correction | None:
        """Wait for a correction no more and return it, or None: nobody waited.

        Until the transaction ends nobody else takes one of the same notice.
        """

    def waits_for(self, sender: str, notice_id: UUID) -> bool:
        """Say whether a notice still waits for a correction."""

    def forget_before(self, moment: datetime, limit: int) -> int:
        """Drop at most so many that were heard of before a moment; say how many."""


class AdoptedDocuments(Protocol):
    """The versions of one document of the alliance that this node went by, with their texts."""

    def newest(self) -> AdoptedDocument | None:
        """Return the version adopted last."""

    def adopt(self, document: Document[Versioned], at: datetime) -> bool:
        """Keep a version if it is newer than every one adopted; say whether it was.

        The text of a version that was kept without one is kept as well.
        """


class Memberships(Protocol):
    """Every change of where a city stands, as the rosters told it."""

    def states(self) -> Mapping[str, StateChange]:
        """Return the last change of each city, by its code."""

    def add(self, change: StateChange) -> bool:
        """Remember a change; say whether it is new."""

    def at(self, moment: datetime) -> Sequence[StateChange]:
        """Return the last change of each city by a moment, by its code."""
