"""Scores from a CSV file `civil_id,score,as_of` that the city's scoring system writes.

The only place outside that system where a score and a civil identifier meet; both stay in memory.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final

from contracts.errors import Malformed
from contracts.identifiers import check_civil_id
from contracts.pseudonyms import resident_of
from services.plumbing.green import eventlet
from services.recognition.adapters.reloaded import ReloadedFile
from services.recognition.ports import ScoreRecord

COLUMNS: Final = ["civil_id", "score", "as_of"]
AT_A_TIME: Final = 500  # rows, a few milliseconds; then other green threads have their turn


class CsvScores:
    """Finds scores by resident pseudonym; the file is read anew when it changes."""

    def __init__(self, path: Path, resident_key: bytes) -> None:
        self._records: Callable[[], Mapping[str, ScoreRecord]] = ReloadedFile(
            path, lambda found: read_scores(found, resident_key)
        )

    def find(self, resident: str) -> ScoreRecord | None:
        return self._records().get(resident)


def read_scores(path: Path, resident_key: bytes) -> dict[str, ScoreRecord]:
    """Read a score file; raises Malformed naming the line, never what stands in it.

    A last line without its end is Malformed too: whoever is not in the file has lost their score,
    so half a file must never pass for a whole one.
    """
    records: dict[str, ScoreRecord] = {}
    line = ""

    def lines(file: Iterable[str]) -> Iterator[str]:
        nonlocal line
        for number, line in enumerate(file, start=1):
            if number % AT_A_TIME == 0:
                eventlet.sleep(0)
            yield line

    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(lines(file), strict=True)
        try:
            if next(rows, None) != COLUMNS:
                raise _wrong(path, 1, f"the columns are {','.join(COLUMNS)}")
            for row in rows:
                record = _read_row(row, path, rows.line_num)
                resident = resident_of(resident_key, record.civil_id)
                if resident in records:
                    raise _wrong(path, rows.line_num, "a person stands twice")
                records[resident] = record
        except csv.Error:
            raise _wrong(path, rows.line_num, "not CSV") from None
    if not line.endswith(("\n", "\r")):
        raise _wrong(path, rows.line_num, "the line has no end; the file may not be whole")
    return records


def _read_row(row: list[str], path: Path, line: int) -> ScoreRecord:
    if len(row) != len(COLUMNS):
        raise _wrong(path, line, f"{len(COLUMNS)} columns are wanted")
    civil_id, score, as_of = row
    try:
        number = check_civil_id(civil_id)
    except Malformed:
        raise _wrong(path, line, "civil_id is no citizen number") from None
    try:
        moment = datetime.fromisoformat(as_of)
        record = ScoreRecord(
            civil_id=number,
            score=Decimal(score),
            as_of=moment if moment.tzinfo else moment.replace(tzinfo=UTC),
        )
    except (ValueError, InvalidOperation):
        raise _wrong(path, line, "score is a number, as_of a date or moment (ISO 8601)") from None
    if not record.score.is_finite():
        raise _wrong(path, line, "score is a number")
    return record


def _wrong(path: Path, line: int, what: str) -> Malformed:
    return Malformed("malformed", f"{path.name}, line {line}: {what}")
