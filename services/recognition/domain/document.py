"""What the alliance signs for all cities and anybody may carry: the roster, the pseudonym keys."""

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar


class Versioned(Protocol):
    """What a document says, in versions of which the higher one is right."""

    @property
    def version(self) -> int: ...
    @property
    def digest(self) -> str: ...
    @property
    def issued_at(self) -> datetime: ...


T_co = TypeVar("T_co", bound=Versioned, covariant=True)


class StaleDocument(ValueError):
    """A document that is older than one that was seen, or other content under the same version."""


@dataclass(frozen=True)
class DocumentVersion:
    """Invariant: one number, one content; `digest` is the SHA-256 of what the alliance signed."""

    number: int
    digest: str

    def check_not_behind(self, last: "DocumentVersion | None") -> None:
        """Refuse to go back; raises StaleDocument."""
        if last is None:
            return
        if self.number < last.number:
            raise StaleDocument(f"version {self.number}, seen {last.number}")
        if self.number == last.number and self.digest != last.digest:
            raise StaleDocument(f"version {self.number} was seen with other content")


@dataclass(frozen=True)
class Document(Generic[T_co]):
    """What a document says, the text that the alliance signed, and how fresh that word is.

    `as_of` is when a source of this node's own last had it; when a peer brought it, when the
    alliance issued it, since a peer may be as cut off as this node.
    """

    content: T_co
    text: str
    as_of: datetime

    @property
    def version(self) -> DocumentVersion:
        return DocumentVersion(self.content.version, self.content.digest)


@dataclass(frozen=True, kw_only=True)
class AdoptedDocument:
    """A version this node went by, and since when; one that was kept by no text is a name only."""

    version: DocumentVersion
    text: str | None
    at: datetime
