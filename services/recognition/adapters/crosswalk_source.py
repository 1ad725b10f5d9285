"""Where the node's crosswalks come from: its directory, other cities, and what it keeps of both."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

import structlog

from contracts.errors import ContractError, Malformed, Unauthenticated
from services.plumbing.clock import Clock
from services.recognition.adapters.crosswalk_documents import Trusted, open_published, open_signed
from services.recognition.adapters.crosswalk_file import draft_text
from services.recognition.adapters.documents import AllianceKeys
from services.recognition.adapters.downloads import Downloads
from services.recognition.domain.crosswalk import Crosswalk
from services.recognition.domain.crosswalk_keeping import CrosswalkOffer
from services.recognition.domain.crosswalk_versions import Published
from services.recognition.domain.jws import LARGE, Signatures
from services.recognition.domain.override import Override
from services.recognition.domain.roster import Roster

PATTERN: Final = "*.jws"
JOSE: Final = "application/jose"

log = structlog.get_logger()


class CrosswalkSource:
    """Invariant: what it knows was signed by every party; what is not is logged and left alone."""

    def __init__(
        self,
        directory: Path,
        *,
        roster: Callable[[], Roster],
        alliance_keys: Callable[[], AllianceKeys],
        signatures: Signatures,
        clock: Clock,
    ) -> None:
        """Raise FileNotFoundError unless the directory is there."""
        if not directory.is_dir():
            raise FileNotFoundError(f"{directory} is not there; it holds the signed crosswalks")
        self._directory, self._roster, self._clock = directory, roster, clock
        self._alliance_keys, self._signatures = alliance_keys, signatures
        self._downloads = Downloads()
        self._tables: dict[int, Crosswalk] = {}
        self._overrides: list[Override] = []
        self._told: dict[Path, str] = {}
        self.know(self.found())

    @property
    def size(self) -> int:
        return len(self._tables) + len(self._overrides)

    def tables(self) -> Mapping[int, Crosswalk]:
        return self._tables

    def overrides(self) -> Sequence[Override]:
        return self._overrides

    def know(self, published: Iterable[Published]) -> None:
        documents = {(each.name, each.version): each.document for each in published}.values()
        tables = [each for each in documents if isinstance(each, Crosswalk)]
        self._overrides = [each for each in documents if isinstance(each, Override)]
        self._tables = {each.version: each for each in tables}

    def found(self) -> Sequence[Published]:
        read = (self._read(path) for path in self._directory.glob(PATTERN))
        found = (each for each in read if each is not None)
        return sorted(found, key=lambda each: (each.name, each.version))

    def fetch(self, offer: CrosswalkOffer) -> Published:
        """Fetch what a city offers, and check that it is that and signed by all.

        Raises Unavailable, when asking again may help; Malformed, Unauthenticated, Refused.
        """
        city = self._roster().online_city(offer.sender)
        url = f"{city.gateway}/v1/crosswalks/{offer.name}?version={offer.version}"
        published = open_published(self._downloads.get(url, accept=JOSE).text, self._trusted())
        if (published.name, published.version) != (offer.name, offer.version):
            raise Malformed("malformed", f"not the crosswalk {offer.name}@{offer.version}")
        if published.digest != offer.digest:
            raise Unauthenticated("bad_signature", f"another {offer.name} than city {city.code}'s")
        return published

    def draft(self, published: Published) -> str:
        return draft_text(published.document)

    def refuse(self, offer: CrosswalkOffer, error: ContractError) -> None:
        """Leave a trace of an offer that came to nothing."""
        log.warning(
            "crosswalk_not_taken",
            city=offer.sender,
            crosswalk=f"{offer.name}@{offer.version}",
            reason=str(error),
        )

    def _read(self, path: Path) -> Published | None:
        try:
            if path.stat().st_size > LARGE:
                raise Malformed("too_large", "crosswalk")
            signed = open_signed(path.read_text("ascii"), self._trusted())
        except (OSError, ValueError, ContractError) as error:
            known = str(error) if isinstance(error, ContractError) else type(error).__name__
            self._tell(path, f"not read: {known}")
            return None
        if signed.missing:
            self._tell(path, f"proposed; {signed.missing} more have to sign")
            return None
        self._told.pop(path, None)
        return signed.published

    def _tell(self, path: Path, what: str) -> None:
        """Say of a file why it has no effect, and again when that changes."""
        if self._told.get(path) != what:
            self._told[path] = what
            log.warning("crosswalk_not_taken", file=path.name, reason=what)

    def _trusted(self) -> Trusted:
        return Trusted(
            alliance_keys=self._alliance_keys(),
            roster=self._roster(),
            signatures=self._signatures,
            now=self._clock(),
        )
