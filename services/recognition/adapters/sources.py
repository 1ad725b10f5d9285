"""The sources of what the alliance signs, as a node's settings name them."""

from collections.abc import Callable
from typing import Final, TypeVar

from services.plumbing.clock import Clock
from services.recognition.adapters.alliance_places import AtAddress, AtPeers, InFile
from services.recognition.adapters.alliance_source import AllianceSource
from services.recognition.adapters.documents import read_alliance_keys
from services.recognition.adapters.downloads import Downloads
from services.recognition.adapters.pseudonym_file import load_pseudonym_keys
from services.recognition.adapters.reloaded import ReloadedFile
from services.recognition.adapters.roster_file import load_roster
from services.recognition.adapters.roster_source import RosterGauges
from services.recognition.adapters.suites import SuiteSignatures
from services.recognition.domain.document import AdoptedDocument, Versioned
from services.recognition.domain.pseudonym_keys import PseudonymKeys
from services.recognition.domain.roster import Roster
from services.recognition.settings import RecognitionSettings

ROSTER_PATH: Final = "/v1/roster"
PSEUDONYM_KEYS_PATH: Final = "/v1/pseudonym-keys"

T = TypeVar("T", bound=Versioned)


class Sources:
    """Makes each source once; all of them go by the alliance's keys as their file says now."""

    def __init__(self, settings: RecognitionSettings, clock: Clock, downloads: Downloads) -> None:
        self._settings, self._clock, self._downloads = settings, clock, downloads
        self._signatures = SuiteSignatures()
        self.alliance_keys = ReloadedFile(
            settings.alliance_keys_file, lambda path: read_alliance_keys(path.read_text("utf-8"))
        )

    def rosters(self, kept: AdoptedDocument | None) -> AllianceSource[Roster]:
        """Make the source of rosters; raise what reading the first one raises."""
        settings = self._settings
        source: AllianceSource[Roster] = AllianceSource(
            "roster",
            file=InFile(settings.roster_file, self._read_roster),
            addresses=self._addresses(ROSTER_PATH, self._read_roster),
            peers=self._peers(ROSTER_PATH, lambda: source.start().content, self._read_roster),
            read=self._read_roster,
            clock=self._clock,
            adopted=kept,
            report=RosterGauges(settings.city, self._clock),
        )
        source.start()
        return source

    def pseudonym_keys(
        self, kept: AdoptedDocument | None, roster: Callable[[], Roster]
    ) -> AllianceSource[PseudonymKeys]:
        """Make the source of pseudonym keys; there may be none yet."""
        source: AllianceSource[PseudonymKeys] = AllianceSource(
            "pseudonym-keys",
            file=InFile(self._settings.pseudonym_keys_file, self._read_pseudonym_keys),
            addresses=self._addresses(PSEUDONYM_KEYS_PATH, self._read_pseudonym_keys),
            peers=self._peers(PSEUDONYM_KEYS_PATH, roster, self._read_pseudonym_keys),
            read=self._read_pseudonym_keys,
            clock=self._clock,
            adopted=kept,
        )
        source.begin()
        return source

    def _read_roster(self, text: str) -> Roster:
        return load_roster(text, alliance_keys=self.alliance_keys(), signatures=self._signatures)

    def _read_pseudonym_keys(self, text: str) -> PseudonymKeys:
        return load_pseudonym_keys(
            text, alliance_keys=self.alliance_keys(), signatures=self._signatures
        )

    def _addresses(self, path: str, read: Callable[[str], T]) -> list[AtAddress[T]]:
        return [
            AtAddress(url.rstrip("/") + path, read, self._downloads)
            for url in self._settings.alliance_urls
        ]

    def _peers(
        self, path: str, roster: Callable[[], Roster], read: Callable[[str], T]
    ) -> AtPeers[T]:
        return AtPeers(
            path, city=self._settings.city, roster=roster, read=read, downloads=self._downloads
        )
