"""Whether crosswalks are signed by all, and one of those in files or kept is in force."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from huxin_client.shell.language import spoken
from services.cli.checks.finding import Finding, right, tried, warning, wrong
from services.cli.checks.kept import read_kept
from services.cli.checks.roster import rosters_at_hand
from services.recognition.adapters.crosswalk_documents import Signed, Trusted, open_signed
from services.recognition.adapters.crosswalk_source import PATTERN
from services.recognition.adapters.documents import read_alliance_keys
from services.recognition.adapters.suites import SuiteSignatures
from services.recognition.domain.crosswalk import Crosswalk
from services.recognition.domain.crosswalk_versions import in_force
from services.recognition.domain.roster import Roster
from services.recognition.settings import RecognitionSettings


def check_crosswalks(settings: RecognitionSettings, now: datetime) -> Iterator[Finding]:
    """Look at each file, then at what they come to."""
    roster = rosters_at_hand(settings).in_use
    if isinstance(roster, Finding):
        why = spoken("no roster to read it by", "没有可据以核验的成员名册")
        yield wrong(subject(), f"{why}: {roster.text}")
        return
    trusted = tried(subject(), lambda: _trusted(settings, roster, now))
    if isinstance(trusted, Finding):
        yield trusted
        return
    tables = list(read_kept(settings.recognition_database).crosswalks)
    for path in sorted(settings.crosswalks_directory.glob(PATTERN)):
        signed = _open(path, trusted)
        if isinstance(signed, Finding):
            yield signed
        elif signed.missing:
            missing = signed.missing
            yield warning(
                path.name,
                spoken(f"proposed; {missing} more have to sign", f"已提出，还须 {missing} 方签名"),
            )
        elif isinstance(signed.document, Crosswalk):
            tables.append(signed.document)
    yield _in_force(tables, settings.city, now)


def _in_force(tables: list[Crosswalk], city: str, now: datetime) -> Finding:
    table = in_force(tables, now)
    if table is None:
        return wrong(
            subject(),
            spoken("no version of the alliance's is in force now", "联盟等级对照表目前无生效版本"),
        )
    what = spoken(
        f"version {table.version} with {len(table.scales)} cities",
        f"第 {table.version} 版，共 {len(table.scales)} 个城市",
    )
    if city not in table.scales:
        return warning(
            subject(),
            spoken(
                f"{what} has no bands of city {city}: no attestations",
                f"{what}，无城市 {city} 的等级：不能签发信用分证明",
            ),
        )
    return right(subject(), what)


def subject() -> str:
    """Name what is looked at."""
    return spoken("crosswalk", "等级对照表")


def _open(path: Path, trusted: Trusted) -> Signed | Finding:
    return tried(path.name, lambda: open_signed(path.read_text("ascii"), trusted))


def _trusted(settings: RecognitionSettings, roster: Roster, now: datetime) -> Trusted:
    if not settings.crosswalks_directory.is_dir():
        directory = settings.crosswalks_directory
        raise FileNotFoundError(spoken(f"no directory {directory}", f"目录不存在：{directory}"))
    return Trusted(
        alliance_keys=read_alliance_keys(settings.alliance_keys_file.read_text("utf-8")),
        roster=roster,
        signatures=SuiteSignatures(),
        now=now,
    )
