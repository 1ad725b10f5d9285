"""Crosswalks in files: drafts in YAML, signed ones in JSON, and by what these are believed."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from huxin_client.shell.language import spoken
from services.cli.roster.files import load_alliance_keys
from services.recognition.adapters.crosswalk_documents import (
    Signed,
    Trusted,
    open_signed,
    read_published,
)
from services.recognition.adapters.crosswalk_file import load_draft
from services.recognition.adapters.crosswalk_source import PATTERN
from services.recognition.adapters.roster_file import load_roster
from services.recognition.adapters.suites import SuiteSignatures
from services.recognition.domain.crosswalk_versions import Document
from services.recognition.domain.override import Override
from services.recognition.domain.roster import Roster
from services.recognition.domain.roster_changes import first_roster


def trusted_by(alliance_keys: Path, roster: Path | None, now: datetime) -> Trusted:
    """Say by what signatures are believed; without a roster nothing of two cities is."""
    alliance, signatures = load_alliance_keys(alliance_keys), SuiteSignatures()
    if roster is None:
        cities: Roster = first_roster(now=now, life=timedelta(days=1), grace=timedelta())
    else:
        text = roster.read_text("ascii")
        cities = load_roster(text, alliance_keys=alliance, signatures=signatures)
        cities.check_age(now)
    return Trusted(alliance_keys=alliance, roster=cities, signatures=signatures, now=now)


def is_signed(path: Path) -> bool:
    """Tell a signed document, in either form, from a draft."""
    return path.suffix not in {".yaml", ".yml"}


def load_signed(path: Path, trusted: Trusted) -> Signed:
    """Read a document and check the signatures it has; raises ContractError or ValueError."""
    text = path.read_text("ascii")
    _check_believable(read_published(text).document, trusted)
    return open_signed(text, trusted)


def load_either(path: Path, version: int | None = None) -> Document:
    """Read a draft, or what a signed document says, whoever signed it; only to show it."""
    if is_signed(path):
        return read_published(path.read_text("ascii")).document
    return load_draft(path, version)


def signed_files(paths: Sequence[Path]) -> list[Path]:
    """Return the files, and those in directories."""
    found = [sorted(path.glob(PATTERN)) if path.is_dir() else [path] for path in paths]
    return [file for files in found for file in files]


def _check_believable(document: Document, trusted: Trusted) -> None:
    if isinstance(document, Override) and not trusted.roster.cities:
        raise ValueError(
            spoken(
                "what two cities signed is believed by their roster; name it by --roster",
                "两市签名的文件须据成员名册核验；请用 --roster 指明",
            )
        )
