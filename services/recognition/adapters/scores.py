"""Scores from a CSV file `civil_id,score,as_of` that the city's scoring system writes.

The only place outside that system where a score and a civil identifier meet; both stay in memory.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final

from contracts.pseudonyms import resident_of
from services.recognition.adapters.csv_file import Line, read_lines
from services.recognition.adapters.facts import read_facts
from services.recognition.adapters.reloaded import ReloadedFile
from services.recognition.domain.fact import Fact
from services.recognition.ports import ScoreRecord

COLUMNS: Final = ("civil_id", "score", "as_of")


class CsvScores:
    """Finds scores, and the facts behind them, by resident pseudonym.

    Each file is read anew when it changes.
    """

    def __init__(self, path: Path, resident_key: bytes, facts_path: Path | None = None) -> None:
        self._records: Callable[[], Mapping[str, ScoreRecord]] = ReloadedFile(
            path, lambda found: read_scores(found, resident_key)
        )
        self._facts: Callable[[], Mapping[str, tuple[Fact, ...]]] = (
            ReloadedFile(facts_path, lambda found: read_facts(found, resident_key))
            if facts_path
            else dict
        )

    def find(self, resident: str) -> ScoreRecord | None:
        record, facts = self._records().get(resident), self._facts().get(resident)
        return replace(record, facts=facts) if record and facts else record


def read_scores(path: Path, resident_key: bytes) -> dict[str, ScoreRecord]:
    """Read a score file; raises Malformed.  Whoever is not in it has lost their score."""
    records: dict[str, ScoreRecord] = {}
    for line in read_lines(path, COLUMNS):
        record = read_score(line)
        resident = resident_of(resident_key, record.civil_id)
        if resident in records:
            raise line.wrong("a person stands twice")
        records[resident] = record
    return records


def read_score(line: Line) -> ScoreRecord:
    """Read one line; raises BadLine."""
    civil_id, score, as_of = line.values
    number = line.civil_id(civil_id)
    try:
        moment = datetime.fromisoformat(as_of)
        record = ScoreRecord(
            civil_id=number,
            score=Decimal(score),
            as_of=moment if moment.tzinfo else moment.replace(tzinfo=UTC),
        )
    except (ValueError, InvalidOperation):
        raise line.wrong("score is a number, as_of a date or moment (ISO 8601)") from None
    if not record.score.is_finite():
        raise line.wrong("score is a number")
    return record
