"""Where a document of the alliance may lie: in a file, or at an address."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final, Generic, Protocol, TypeVar

from services.recognition.adapters.downloads import Download, Downloads
from services.recognition.domain.document import Document, Versioned
from services.recognition.domain.roster import Roster

ACCEPT: Final = "application/jose"

T = TypeVar("T", bound=Versioned)
T_co = TypeVar("T_co", bound=Versioned, covariant=True)


class Place(Protocol[T_co]):
    """One place to look at."""

    @property
    def name(self) -> str: ...
    def look(self, now: datetime) -> Document[T_co]:
        """Return what is there now; raises OSError, ValueError or ContractError."""


class InFile(Generic[T]):
    """A file, read anew when it changes."""

    def __init__(self, path: Path, read: Callable[[str], T]) -> None:
        self.name = path.name
        self._path, self._read = path, read
        self._known: tuple[tuple[int, int], Document[T]] | None = None

    def look(self, now: datetime) -> Document[T]:
        stamp = self._stamp()
        if self._known is None or self._known[0] != stamp:
            text = self._path.read_text("ascii")
            found = Document(self._read(text), text.strip(), now)
            if self._stamp() != stamp:
                raise ValueError("it changed while it was read")
            self._known = (stamp, found)
        return replace(self._known[1], as_of=now)

    def _stamp(self) -> tuple[int, int]:
        found = self._path.stat()
        return found.st_mtime_ns, found.st_size


class AtAddress(Generic[T]):
    """An address, fetched from in full only when it serves something else than before."""

    def __init__(self, url: str, read: Callable[[str], T], downloads: Downloads) -> None:
        self.name = url
        self._read, self._downloads = read, downloads
        self._known: tuple[Download, Document[T]] | None = None

    def look(self, now: datetime) -> Document[T]:
        before = self._known[0] if self._known else None
        fetched = self._downloads.get(self.name, accept=ACCEPT, known=before)
        if self._known is None or fetched is not before:
            found = Document(self._read(fetched.text), fetched.text.strip(), now)
            self._known = (fetched, found)
        return replace(self._known[1], as_of=now)


class AtPeers(Generic[T]):
    """The addresses at which other cities serve a document; each is remembered with what it had."""

    def __init__(
        self,
        path: str,
        *,
        city: str,
        roster: Callable[[], Roster],
        read: Callable[[str], T],
        downloads: Downloads,
    ) -> None:
        self._path, self._city, self._roster = path, city, roster
        self._read, self._downloads = read, downloads
        self._places: dict[str, AtAddress[T]] = {}

    def __call__(self) -> list[AtAddress[T]]:
        """Return the places of the online cities, but not of this one."""
        urls = [
            city.gateway.rstrip("/") + self._path
            for city in self._roster().cities.values()
            if city.online and city.code != self._city
        ]
        known = self._places
        self._places = {
            url: known.get(url) or AtAddress(url, self._read, self._downloads) for url in urls
        }
        return list(self._places.values())
