"""Which roster a node goes by: the newest of its file and of what recognition keeps."""

from collections.abc import Iterator
from dataclasses import dataclass

from huxin_client.shell.language import spoken
from services.cli.checks.finding import Finding, tried, warning
from services.cli.checks.kept import read_kept
from services.recognition.adapters.documents import read_alliance_keys
from services.recognition.adapters.roster_file import load_roster
from services.recognition.adapters.suites import SuiteSignatures
from services.recognition.domain.roster import Roster
from services.recognition.settings import RecognitionSettings


@dataclass(frozen=True)
class RostersAtHand:
    """What the file says, and what was adopted; a finding in place of what cannot be read."""

    file: Roster | Finding
    kept: Roster | Finding | None

    @property
    def in_use(self) -> Roster | Finding:
        """Return the newest, or why there is none."""
        readable = [each for each in (self.file, self.kept) if isinstance(each, Roster)]
        return max(readable, key=lambda each: each.version, default=self.file)

    def remarks(self, settings: RecognitionSettings) -> Iterator[Finding]:
        """Say what is the matter with the file, where the node goes by something else."""
        used, name = self.in_use, settings.roster_file.name
        if not isinstance(used, Roster) or used is self.file:
            return
        serves = spoken(
            f"the node goes by version {used.version}, which it keeps",
            f"节点以其保存的第 {used.version} 版为准",
        )
        if isinstance(self.file, Finding):
            yield warning(name, f"{self.file.text}; {serves}")
        elif used.version > self.file.version and not settings.alliance_urls:
            old = self.file.version
            older = spoken(f"version {old} is older", f"文件为较旧的第 {old} 版")
            yield warning(name, f"{older}; {serves}")


def rosters_at_hand(settings: RecognitionSettings) -> RostersAtHand:
    """Read the file, and the copy in recognition's database if there is one."""
    name = subject()
    file = tried(name, lambda: _read(settings, settings.roster_file.read_text("ascii")))
    text = read_kept(settings.recognition_database).roster
    kept = tried(name, lambda: _read(settings, text)) if text else None
    return RostersAtHand(file, kept)


def subject() -> str:
    """Name what is looked at."""
    return spoken("roster", "成员名册")


def _read(settings: RecognitionSettings, text: str) -> Roster:
    alliance_keys = read_alliance_keys(settings.alliance_keys_file.read_text("utf-8"))
    return load_roster(text, alliance_keys=alliance_keys, signatures=SuiteSignatures())
