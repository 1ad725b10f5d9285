"""CSV files by the city's scoring system: an error names the line; nodes read whole files only.

What stands in a line is never repeated in an error: it is about a person.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from contracts.errors import Malformed
from contracts.identifiers import check_civil_id
from services.plumbing.green import eventlet

AT_A_TIME: Final = 500  # rows, a few milliseconds; then other green threads have their turn


class BadLine(Malformed):
    """A line that cannot be read: its number, and why in no words of its own."""

    def __init__(self, name: str, number: int, why: str) -> None:
        super().__init__("malformed", f"{name}, line {number}: {why}")
        self.number, self.why = number, why


def refuse(bad: BadLine) -> None:
    """Refuse the file for the sake of one line."""
    raise bad


class Line:
    """One row and where it stands."""

    def __init__(self, path: Path, number: int, values: Sequence[str]) -> None:
        self._path, self.number, self.values = path, number, values

    def wrong(self, what: str) -> BadLine:
        return BadLine(self._path.name, self.number, what)

    def civil_id(self, text: str) -> str:
        """Check a citizen number; raises Malformed."""
        try:
            return check_civil_id(text)
        except Malformed:
            raise self.wrong("civil_id is no citizen number") from None


def read_lines(
    path: Path, columns: Sequence[str], bad: Callable[[BadLine], None] = refuse
) -> Iterator[Line]:
    """Read the rows under a header; what is done about a row of another length is `bad`'s affair.

    Raises BadLine for what spoils the whole file.  A last line without its end does: half a file
    must never pass for a whole one.
    """
    text = ""

    def texts(file: Iterable[str]) -> Iterator[str]:
        nonlocal text
        for number, text in enumerate(file, start=1):
            if number % AT_A_TIME == 0:
                eventlet.sleep(0)
            yield text

    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(texts(file), strict=True)
        try:
            if next(rows, None) != list(columns):
                raise Line(path, 1, ()).wrong(f"the columns are {','.join(columns)}")
            for row in rows:
                line = Line(path, rows.line_num, row)
                if len(row) == len(columns):
                    yield line
                else:
                    bad(line.wrong(f"{len(columns)} columns are wanted"))
        except csv.Error:
            raise Line(path, rows.line_num, ()).wrong("not CSV") from None
    if not text.endswith(("\n", "\r")):
        raise Line(path, rows.line_num, ()).wrong("the line has no end; the file may not be whole")
