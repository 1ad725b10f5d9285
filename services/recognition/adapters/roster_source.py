"""Where the node's roster comes from, and how old that word is: two gauges tell of it."""

from pathlib import Path
from typing import Final

from prometheus_client import Gauge

from services.plumbing.clock import Clock
from services.recognition.adapters.documents import AllianceKeys
from services.recognition.adapters.reloaded import ReloadedFile
from services.recognition.adapters.roster_file import load_roster
from services.recognition.domain.jws import Signatures
from services.recognition.domain.roster import Roster, RosterVersion

ENDS_SECONDS: Final = Gauge(
    "huxin_roster_ends_seconds", "Until the roster's end; below 0 its grace carries it", ["city"]
)
READ_AGE_SECONDS: Final = Gauge(
    "huxin_roster_read_age_seconds", "Since the roster in use was last found in its file", ["city"]
)


class RosterSource:
    """Invariant: never goes back to an older roster than it gave, or than `adopted`.

    A file that is away, bad or older changes nothing but the gauges, which each question sets.
    """

    def __init__(
        self,
        path: Path,
        *,
        city: str,
        alliance_keys: AllianceKeys,
        signatures: Signatures,
        clock: Clock,
        adopted: RosterVersion | None = None,
    ) -> None:
        self._alliance_keys, self._signatures, self._newest = alliance_keys, signatures, adopted
        self._file = ReloadedFile(path, self._read)
        self._clock, self._read_at = clock, clock()
        self._ends, self._read_age = ENDS_SECONDS.labels(city), READ_AGE_SECONDS.labels(city)

    def __call__(self) -> Roster:
        roster, now = self._file(), self._clock()
        if self._file.is_current:
            self._read_at = now
        self._ends.set((roster.valid_until - now).total_seconds())
        self._read_age.set((now - self._read_at).total_seconds())
        return roster

    def _read(self, path: Path) -> Roster:
        roster = load_roster(
            path.read_text("ascii"),
            alliance_keys=self._alliance_keys,
            signatures=self._signatures,
            last=self._newest,
        )
        self._newest = RosterVersion(roster.version, roster.digest)
        return roster
