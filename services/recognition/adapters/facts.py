"""Facts from a CSV file that the city's scoring system writes beside the scores.

One line for each fact that the scores reckon with, `points` being what it does to the score.  A
fact without item of the catalogue or effective document is none (State Council 2020-49).
"""

from collections import defaultdict
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final

from contracts.periods import HOST_TIME
from contracts.pseudonyms import resident_of
from contracts.words import Gravity
from services.recognition.adapters.csv_file import Line, read_lines
from services.recognition.domain.fact import Fact

COLUMNS: Final = (
    "civil_id",
    "fact_id",
    "catalogue_item",
    "gravity",
    "document_no",
    "decided_at",
    "points",
)
LONGEST: Final = {"fact_id": 64, "catalogue_item": 64, "document_no": 120}  # characters


def read_facts(path: Path, resident_key: bytes) -> dict[str, tuple[Fact, ...]]:
    """Read the facts by resident; raises Malformed naming the line, never what stands in it."""
    facts: dict[str, list[Fact]] = defaultdict(list)
    ids = set()
    for line in read_lines(path, COLUMNS):
        civil_id, *_ = line.values
        fact = read_fact(line)
        if fact.id in ids:
            raise line.wrong("a fact_id stands twice")
        ids.add(fact.id)
        facts[resident_of(resident_key, line.civil_id(civil_id))].append(fact)
    return {resident: tuple(found) for resident, found in facts.items()}


def read_fact(line: Line) -> Fact:
    """Read one line but for whom it is about; raises BadLine."""
    values = dict(zip(COLUMNS, (value.strip() for value in line.values), strict=True))
    for name, longest in LONGEST.items():
        if not 0 < len(values[name]) <= longest or not values[name].isprintable():
            raise line.wrong(f"{name} is a text of 1 to {longest} characters")
    if values["gravity"] not in set(Gravity):
        raise line.wrong(f"gravity is one of {', '.join(Gravity)}")
    try:
        points = Decimal(values["points"])
        decided_at = _day(values["decided_at"])
    except (ValueError, InvalidOperation):
        raise line.wrong("points is a number, decided_at a date (ISO 8601)") from None
    if not points.is_finite():
        raise line.wrong("points is a number")
    return Fact(
        id=values["fact_id"],
        catalogue_item=values["catalogue_item"],
        gravity=Gravity(values["gravity"]),
        document_no=values["document_no"],
        decided_at=decided_at,
        points=points,
    )


def _day(text: str) -> datetime:
    """Read a date, or the day of a moment, by the city's calendar; raises ValueError."""
    moment = datetime.fromisoformat(text)
    day = moment.astimezone(HOST_TIME) if moment.tzinfo else moment.replace(tzinfo=HOST_TIME)
    return day.replace(hour=0, minute=0, second=0, microsecond=0)
