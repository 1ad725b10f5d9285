"""The life of a crosswalk: proposed, countersigned, in force, superseded.

A document is the alliance's table or an override.  Of one name, a higher version takes the place
of every lower one from its effective date on, for good: a version that was superseded does not
come back when the later one ends.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from services.recognition.domain.crosswalk import Crosswalk
from services.recognition.domain.override import Override

Document = Crosswalk | Override
D = TypeVar("D", Crosswalk, Override, Document)


class CrosswalkState(StrEnum):
    """Where a version stands; `over` is one that ended with none to follow."""

    PROPOSED = "proposed"
    COUNTERSIGNED = "countersigned"
    IN_FORCE = "in_force"
    SUPERSEDED = "superseded"
    OVER = "over"


@dataclass(frozen=True, kw_only=True)
class Published:
    """A document that every party signed.

    Invariant: `digest` is the SHA-256 of what they signed, in hex; `text` is that with their
    signatures.  One name and version, one digest.
    """

    document: Document
    proposed_at: datetime
    digest: str
    text: str

    @property
    def name(self) -> str:
        return self.document.name

    @property
    def version(self) -> int:
        return self.document.version


def reference(document: Document) -> str:
    """Name a document with its version, as evidence does."""
    return f"{document.name}@{document.version}"


def in_force(versions: Iterable[D], at: datetime) -> D | None:
    """Find which of the versions of one name is in force at a moment."""
    newest = _newest_begun(versions, at)
    return None if newest is None or _is_over(newest, at) else newest


def state_of(
    document: Document, among: Iterable[Document], at: datetime, *, complete: bool = True
) -> CrosswalkState:
    """Say where a document stands among the countersigned versions of its name."""
    if not complete:
        return CrosswalkState.PROPOSED
    newest = _newest_begun((document, *among), at)
    if newest is not None and newest.version > document.version:
        return CrosswalkState.SUPERSEDED
    if at < document.effective_from:
        return CrosswalkState.COUNTERSIGNED
    return CrosswalkState.OVER if _is_over(document, at) else CrosswalkState.IN_FORCE


def check_follows(document: Document, former: Document | None, now: datetime) -> None:
    """Refuse to sign what does not follow; raises ValueError.

    Versions of a name only grow, and none begins before its predecessor or in the past: what was
    decided since would have been decided otherwise.  Only the alliance's first table may.
    """
    if former is None and document.version > 1:
        raise ValueError(f"{reference(document)} follows another version; name it as the previous")
    if former is not None:
        if former.name != document.name:
            raise ValueError(f"{document.name} does not follow {former.name}")
        if document.version <= former.version:
            raise ValueError(f"{reference(document)} does not follow version {former.version}")
        if document.effective_from < former.effective_from:
            raise ValueError(f"{reference(document)} begins before version {former.version}")
    is_first = isinstance(document, Crosswalk) and document.version == 1
    if document.effective_from <= now and not is_first:
        raise ValueError(f"{reference(document)} begins in the past; give it a later date")


def _newest_begun(versions: Iterable[D], at: datetime) -> D | None:
    begun = [each for each in versions if each.effective_from <= at]
    return max(begun, key=lambda each: each.version, default=None)


def _is_over(document: Document, at: datetime) -> bool:
    return document.effective_until is not None and at >= document.effective_until
