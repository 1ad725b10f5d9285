"""Lines of a CSV file of evidence: one document and subject each.

The id of what a line says follows from its subject, item and document, so a file that is given
again enters nothing twice.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid5

from marshmallow import RAISE, ValidationError

from contracts.errors import Malformed
from contracts.evidence import EnterEvidence
from contracts.schemas import schema_of
from contracts.subjects import HolderSubject
from contracts.wire import flatten
from huxin_client.shell.language import spoken

DOCUMENT: Final = {
    "document_type": "type",
    "document_number": "number",
    "issuer": "issuer",
    "issued_on": "issued_on",
    "first_day": "first_day",
    "last_day": "last_day",
}
SUBJECTS: Final = ("organisation", "holder")
CONTENT: Final = ("grade", "amount_fen")
NEEDED: Final = ("item_id", "document_type", "document_number", "issuer", "issued_on")
COLUMNS: Final = ("item_id", *SUBJECTS, *DOCUMENT, *CONTENT)
NAMESPACE: Final = UUID("5f1f0c55-6f1c-4f0e-9a39-2f5a60a5d2a7")
NO_ID: Final = UUID(int=1, version=4)  # until it follows from what a line says


@dataclass(frozen=True)
class Line:
    """A line by its number in the file, and what it says or what is wrong with it."""

    number: int
    said: EnterEvidence | Malformed


def read_lines(path: Path, source: str | None) -> list[Line]:
    """Read all lines; raises ValueError when the file as a whole cannot be read."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            _check_head(path, reader.fieldnames or ())
            return list(_lines(reader, source))
    except UnicodeDecodeError as error:
        name = path.name
        raise ValueError(
            spoken(
                f"{name}: not UTF-8; save it as CSV UTF-8",
                f"{name}：不是 UTF-8 编码；请另存为 CSV UTF-8",
            )
        ) from error
    except csv.Error as error:
        raise ValueError(f"{path.name}: {error}") from error


def _check_head(path: Path, head: Any) -> None:
    unknown = [name for name in head if name not in COLUMNS]
    missing = [name for name in NEEDED if name not in head]
    if unknown or missing or len(set(head)) != len(head) or not set(SUBJECTS) & set(head):
        name, known = path.name, ", ".join(COLUMNS)
        needed, subjects = ", ".join(NEEDED), ", ".join(SUBJECTS)
        raise ValueError(
            spoken(
                f"{name}: the first line names the columns {known}; "
                f"needed are {needed} and one of {subjects}",
                f"{name}：首行须为列名 {known}；必须有 {needed}，以及 {subjects} 之一",
            )
        )


def _lines(reader: "csv.DictReader[str]", source: str | None) -> Iterator[Line]:
    seen: dict[UUID, int] = {}
    for row in reader:
        number = reader.line_num
        try:
            said = _read(row, source)
        except Malformed as error:
            yield Line(number, error)
            continue
        first = seen.setdefault(said.evidence_id, number)
        same = spoken(f"Says what line {first} says.", f"与第 {first} 行相同。")
        twice = Malformed(errors={"line": same})
        yield Line(number, said if first == number else twice)


def _read(row: dict[str, str], source: str | None) -> EnterEvidence:
    if None in row or None in row.values():
        what = spoken("More or fewer values than columns.", "值的个数与列数不一致。")
        raise Malformed(errors={"line": what})
    given = {name: value.strip() for name, value in row.items() if value.strip()}
    raw: dict[str, Any] = {
        "evidence_id": str(NO_ID),
        "item_id": given.get("item_id"),
        "subject": _subject(given),
        "document": {name: given[column] for column, name in DOCUMENT.items() if column in given},
        "content": {name: given[name] for name in CONTENT if name in given},
        "source": source,
    }
    amount = raw["content"].get("amount_fen", "")
    if amount.isascii() and amount.isdigit():
        raw["content"]["amount_fen"] = int(amount)
    try:
        said: EnterEvidence = schema_of(EnterEvidence, RAISE).load(raw)
    except ValidationError as error:
        raise Malformed(errors=flatten(error.messages)) from error
    return EnterEvidence(**{**vars(said), "evidence_id": _id_of(said)})


def _subject(given: dict[str, str]) -> dict[str, str]:
    named = [name for name in SUBJECTS if name in given]
    if len(named) != 1:
        what = spoken("One of organisation and holder.", "organisation 与 holder 须填且只填一个。")
        raise Malformed(errors={"subject": what})
    return {"type": named[0], named[0]: given[named[0]]}


def _id_of(said: EnterEvidence) -> UUID:
    subject = said.subject
    about = (
        ("holder", subject.holder)
        if isinstance(subject, HolderSubject)
        else ("organisation", subject.organisation)
    )
    document = said.document
    words = (*about, said.item_id, document.type, document.number, document.issuer)
    return uuid5(NAMESPACE, "\n".join(words))
