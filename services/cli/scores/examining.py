"""Which lines of a file by the scoring system are good, and what is wrong with each of the others.

A node reads such a file whole or not at all; people need to know of every bad line at once.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from contracts.problems import Text as Said
from contracts.pseudonyms import resident_of
from contracts.words import Gravity
from huxin_client.shell.language import language
from services.recognition.adapters import facts, scores
from services.recognition.adapters.csv_file import BadLine, Line, read_lines

TWICE: Final = Said("it stands twice", "重复出现")
REASONS: Final = (
    TWICE,
    Said("civil_id is no citizen number", "civil_id 不是有效的公民身份号码"),
    Said("score is a number", "score 应为数字"),
    Said(
        "score is a number, as_of a date or moment (ISO 8601)",
        "score 应为数字，as_of 应为日期或时刻（ISO 8601）",
    ),
    Said("points is a number", "points 应为数字"),
    Said(
        "points is a number, decided_at a date (ISO 8601)",
        "points 应为数字，decided_at 应为日期（ISO 8601）",
    ),
    Said(f"gravity is one of {', '.join(Gravity)}", f"gravity 应为 {'、'.join(Gravity)} 之一"),
    *(
        Said(f"{len(columns)} columns are wanted", f"应有 {len(columns)} 列")
        for columns in (scores.COLUMNS, facts.COLUMNS)
    ),
    *(
        Said(f"{name} is a text of 1 to {longest} characters", f"{name} 应为 1 至 {longest} 个字符")
        for name, longest in facts.LONGEST.items()
    ),
)


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
    found, seen = Examined(), dict[str, int]()

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
            found.bad.update({seen[name]: TWICE.en, line.number: TWICE.en})
        else:
            seen[name] = found.good[name] = line.number
    return found


def in_words(why: str) -> str:
    """Say in the language of whoever asks what is wrong with a line."""
    return next((each.said(language()) for each in REASONS if each.en == why), why)
