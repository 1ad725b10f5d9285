"""Put a score file in the place of the one that a node goes by, whole or not at all.

Whoever stands in no line has lost their score, and with it their attestations.  So where bad lines
are set aside, whoever has a score now and would have none keeps it: theirs may be a bad line.
"""

import csv
import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Final

from services.cli.new_keys import OWNER_ONLY
from services.cli.scores.examining import SCORES, Examined, examine
from services.recognition.adapters.scores import read_scores

NEW: Final = ".new"

Row = Sequence[str]


@dataclass(frozen=True)
class Taken:
    """How many lines were taken, set aside, and kept of the file before."""

    taken: int
    aside: int = 0
    kept: int = 0


def missing(before: Examined, after: Examined) -> list[int]:
    """Return the lines of residents who have a score before and no good line afterwards."""
    return sorted(number for name, number in before.good.items() if name not in after.good)


def take(source: Path, target: Path, key: bytes, found: Examined, aside: Path | None) -> Taken:
    """Replace the target by what was found good; bad lines go aside, or there must be none.

    Raises Malformed when the new file cannot be read, OSError, FileExistsError where something
    lies aside already; then nothing was replaced.
    """
    if not found.bad or aside is None:
        _replace(target, _rows(source, found.good.values()), key)
        return Taken(len(found.good))
    kept = missing(examine(target, SCORES, key), found)
    _write(aside, _rows(source, found.bad))
    _replace(target, chain(_rows(source, found.good.values()), _rows(target, kept)), key)
    return Taken(len(found.good), len(found.bad), len(kept))


def _replace(target: Path, rows: Iterable[Row], key: bytes) -> None:
    """Write what a node can read beside the target, for the same eyes, and put it in its place."""
    new, before = target.with_name(target.name + NEW), target.stat()
    new.unlink(missing_ok=True)
    try:
        _write(new, rows)
        read_scores(new, key)
        new.chmod(before.st_mode)
        if (before.st_uid, before.st_gid) != (os.getuid(), os.getgid()):
            os.chown(new, before.st_uid, before.st_gid)
        new.replace(target)
    finally:
        new.unlink(missing_ok=True)


def _write(path: Path, rows: Iterable[Row]) -> None:
    """Write a new file for its owner's eyes alone; raises FileExistsError."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    with os.fdopen(os.open(path, flags, OWNER_ONLY), "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(SCORES.columns)
        writer.writerows(rows)
        file.flush()
        os.fsync(file.fileno())


def _rows(path: Path, numbers: Collection[int]) -> Iterator[Row]:
    """Yield the rows on these lines, in their order."""
    wanted = set(numbers)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(file, strict=True)
        yield from (row for row in rows if rows.line_num in wanted)
