"""How this node comes by a document of the alliance, and how fresh that word is.

The node's own places are its file and the alliance's addresses.  Only while none of them has what
the node goes by, or better, are other cities asked, some at a time: a document is believed for its
signatures, whoever brought it.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final, Generic, TypeVar

import structlog

from contracts.errors import ContractError
from services.plumbing.clock import Clock
from services.plumbing.green import eventlet
from services.recognition.adapters.alliance_places import Place
from services.recognition.domain.document import (
    AdoptedDocument,
    Document,
    StaleDocument,
    Versioned,
)

PEERS_AT_A_TIME: Final = 3

T = TypeVar("T", bound=Versioned)

log = structlog.get_logger()


class AllianceSource(Generic[T]):
    """Invariant: what is gone by never gets older, and is of one content under its version.

    A place that is away, bad or behind changes nothing.  The alliance's addresses say how fresh the
    word is, where there are any, since a file is then no more than a copy; without them it does.
    """

    def __init__(
        self,
        name: str,
        *,
        file: Place[T],
        addresses: Sequence[Place[T]],
        peers: Callable[[], Sequence[Place[T]]],
        read: Callable[[str], T],
        clock: Clock,
        adopted: AdoptedDocument | None,
        report: Callable[[Document[T]], None] = lambda _: None,
    ) -> None:
        self._name, self._read, self._clock = name, read, clock
        self._file, self._addresses, self._peers = file, addresses, peers
        self._report, self._turn = report, 0
        self._last = adopted.version if adopted else None
        self._known = self._kept(adopted)

    @property
    def content(self) -> T | None:
        """Return what the node goes by, if there is anything yet."""
        return self._known.content if self._known else None

    def start(self) -> Document[T]:
        """Return what to begin with; without anything kept it is the file, or no start.

        Raises OSError, ValueError or ContractError, as reading the file does.
        """
        if self._known is None:
            found = self._file.look(self._clock())
            found.version.check_not_behind(self._last)
            self.go_by(found)
            return found
        return self._known

    def begin(self) -> None:
        """Go by the file, where nothing was kept and there is one."""
        if self._known is None and (found := self._ask(self._file)):
            self.go_by(found)

    def look(self) -> Document[T] | None:
        """Return the newest there is, of all places and of what the node goes by.

        It may take seconds: not within a transaction.
        """
        offered = {self._file: self._ask(self._file), **self._ask_all(self._addresses)}
        found = [document for document in offered.values() if document]
        if not found:
            carried = self._ask_all(self._some_peers()).values()
            found = [_carried(document) for document in carried if document]
        for place in self._addresses or [self._file]:
            self._confirm(offered[place])
        if self._known:
            self._report(self._known)
        newest = max(found, key=lambda each: each.version.number, default=None)
        if newest is None or (self._known and newest.version == self._known.version):
            return self._known
        return newest

    def read(self, adopted: AdoptedDocument) -> Document[T]:
        """Read what another process of this node adopted; raises ValueError or ContractError."""
        return Document(self._read(adopted.text or ""), adopted.text or "", adopted.at)

    def go_by(self, document: Document[T]) -> None:
        """Go by a document from now on, unless what is known is newer."""
        if self._last is not None and document.version.number < self._last.number:
            return
        as_of = max(document.as_of, self._known.as_of) if self._known else document.as_of
        self._known, self._last = replace(document, as_of=as_of), document.version
        self._report(self._known)

    def _ask_all(self, places: Sequence[Place[T]]) -> dict[Place[T], Document[T] | None]:
        """Ask several places at once, so that one that is slow does not keep the others waiting."""
        if not places:
            return {}
        asked = eventlet.GreenPool(len(places)).imap(self._ask, places)
        return dict(zip(places, asked, strict=True))

    def _ask(self, place: Place[T]) -> Document[T] | None:
        """Return what a place has, unless that is nothing, bad, or behind."""
        try:
            found = place.look(self._clock())
            found.version.check_not_behind(self._last)
        except (OSError, ValueError, ContractError) as error:
            # The text of a foreign error may repeat what stands in the document.
            known = isinstance(error, ContractError | StaleDocument)
            log.warning(
                "document_not_taken",
                document=self._name,
                place=place.name,
                error=str(error) if known else type(error).__name__,
            )
            return None
        return found

    def _confirm(self, document: Document[T] | None) -> None:
        if document and self._known and document.version == self._known.version:
            self._known = replace(self._known, as_of=document.as_of)

    def _some_peers(self) -> Sequence[Place[T]]:
        """Return the next peers, so that all have their turn."""
        peers = self._peers()
        first = self._turn % len(peers) if peers else 0
        self._turn = first + PEERS_AT_A_TIME
        return [*peers[first:], *peers[:first]][:PEERS_AT_A_TIME]

    def _kept(self, adopted: AdoptedDocument | None) -> Document[T] | None:
        """Read what was kept; it may be by keys that the alliance has changed since."""
        if adopted is None or adopted.text is None:
            return None
        try:
            return self.read(adopted)
        except (ValueError, ContractError) as error:
            log.warning("document_not_taken", document=self._name, place="kept", error=str(error))
            return None


def _carried(document: Document[T]) -> Document[T]:
    """Date what a peer brought: it may be as cut off as this node, the document speaks for then."""
    return replace(document, as_of=min(document.as_of, document.content.issued_at))
