"""How signed crosswalks are kept, and how they come from elsewhere."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from contracts.errors import ContractError
from services.recognition.domain.crosswalk_versions import Published


@dataclass(frozen=True, kw_only=True)
class CrosswalkOffer:
    """Another city says that it has a signed crosswalk, to be fetched from it.

    Invariant: nothing but a hint; what counts is what is fetched, by its own signatures.
    """

    sender: str
    name: str
    version: int
    digest: str


class Crosswalks(Protocol):
    """Every crosswalk that all its parties signed, kept for ever: decisions replay by them."""

    def add(self, published: Published, at: datetime) -> bool:
        """Keep one; say whether it is new.

        Raises Conflict("id_reused") for another content of a name and version that is kept.
        """

    def digests(self) -> Mapping[tuple[str, int], str]:
        """Return the digest of every name and version."""

    def all(self) -> Sequence[Published]:
        """Return every version of every document, by name and version."""

    def versions(self, name: str) -> Sequence[Published]:
        """Return every version of one document, lowest first."""


class CrosswalkOffers(Protocol):
    """What other cities say they have, until it was fetched."""

    def add(self, offer: CrosswalkOffer, at: datetime) -> None:
        """Keep an offer; the newest word of a city about a version stands."""

    def pending(self, limit: int) -> Sequence[CrosswalkOffer]:
        """Return offers: the oldest of each city first, so that none keeps another waiting."""

    def remove(self, offer: CrosswalkOffer) -> None: ...
    def forget_before(self, moment: datetime, limit: int) -> int:
        """Drop at most so many that were made before a moment; say how many."""


class CrosswalkSource(Protocol):
    """Where signed crosswalks come from, and what this process knows of those that are kept."""

    @property
    def size(self) -> int:
        """How many versions are known."""

    def know(self, published: Iterable[Published]) -> None:
        """Go by these from now on; of one name and version the last counts."""

    def found(self) -> Sequence[Published]:
        """Return what is at hand signed by all, by name and version."""

    def fetch(self, offer: CrosswalkOffer) -> Published:
        """Fetch what a city offers.

        Raises Unavailable, when asking again may help; Malformed, Unauthenticated and Refused,
        when it is not what was offered or not signed by all.
        """

    def draft(self, published: Published) -> str:
        """Write a document as people read and write it."""

    def refuse(self, offer: CrosswalkOffer, error: ContractError) -> None:
        """Leave a trace of an offer that came to nothing."""
