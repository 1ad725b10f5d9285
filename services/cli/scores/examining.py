"""Which lines of a file by the scoring system are good, and what is wrong with each of the others.

A node reads such a file whole or not at all; people need to know of every bad line at once.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from contracts.pseudonyms import resident_of
from huxin_client.shell.language import spoken
from services.recognition.adapters import facts, scores
from services.recognition.adapters.csv_file import BadLine, Line, read_lines


@dataclass(frozen=True)
class Kind:
    """A file of the scoring system: `name_of` reads a line and says whose or what it is."""

    columns: Sequence[str]
    name_of: Callable[[Line, bytes], str]


@dataclass(frozen=True)
class Examined:
    """Invariant: a line is good or bad; of lines that name the same all are bad."""

    good: dict[str, int] = field(default_factory=dict)  # the number of its line, by its name
    bad: dict[int, str] = field(default_factory=dict)  # why, by number


def _resident(line: Line, key: bytes) -> str:
    return resident_of(key, scores.read_score(line).civil_id)


def _fact(line: Line, _key: bytes) -> str:
    line.civil_id(line.values[0])
    return facts.read_fact(line).id


SCORES: Final = Kind(scores.COLUMNS, _resident)
FACTS: Final = Kind(facts.COLUMNS, _fact)


def examine(path: Path, kind: Kind, key: bytes) -> Examined:
    """Look at every line; raises OSError, and Malformed for what spoils the whole file."""
    found, seen, twice = Examined(), dict[str, int](), spoken("it stands twice", "重复出现")

    def note(bad: BadLine) -> None:
        found.bad[bad.number] = bad.why

    for line in read_lines(path, kind.columns, note):
        try:
            name = kind.name_of(line, key)
        except BadLine as bad:
            note(bad)
            continue
        if name in seen:
            found.good.pop(name, None)
            found.bad.update(dict.fromkeys((seen[name], line.number), twice))
        else:
            seen[name] = found.good[name] = line.number
    return found
