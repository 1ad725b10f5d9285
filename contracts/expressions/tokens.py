"""The words of an expression, each with where it stands."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_TOKEN: Final = re.compile(
    r"""
      (?P<space>[ \t\n\r\f]+)
    | (?P<double>[0-9]+\.[0-9]+ | [0-9]+(?:\.[0-9]+)?[eE][+-]?[0-9]+)
    | (?P<int>0x[0-9a-fA-F]+ | [0-9]+)
    | (?P<string>"(?:[^"\\\n\r] | \\["'\\])*" | '(?:[^'\\\n\r] | \\["'\\])*')
    | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
    | (?P<sign>&& | \|\| | == | != | <= | >= | [-+*/%!<>?:.,()\[\]])
    """,
    re.VERBOSE,
)
_LARGEST: Final = 2**63 - 1  # CEL's int


class ExpressionError(Exception):
    """Why an expression is not taken, and where: line and column, each from 1."""

    def __init__(self, text: str, line: int, column: int) -> None:
        super().__init__(f"line {line}, column {column}: {text}")
        self.text, self.line, self.column = text, line, column


@dataclass(frozen=True)
class Token:
    """One word: its kind (int, string, name, sign or end), itself, and where it begins."""

    kind: str
    text: str
    line: int
    column: int

    def error(self, text: str) -> ExpressionError:
        return ExpressionError(text, self.line, self.column)

    def __str__(self) -> str:
        return self.text if self.kind != "end" else "the end"


def tokens_of(source: str) -> Iterator[Token]:
    """Yield the words, an end last; raises ExpressionError for what is none."""
    place, line, begins = 0, 1, 0
    while place < len(source):
        found = _TOKEN.match(source, place)
        column = place - begins + 1
        if found is None:
            raise ExpressionError(_unreadable(source[place]), line, column)
        kind, text = str(found.lastgroup), found.group()
        token = Token(kind, text, line, column)
        if kind == "double":
            raise token.error("Whole numbers only.")
        if kind == "int" and int(text, 0 if text.startswith("0x") else 10) > _LARGEST:
            raise token.error("The number is too large.")
        if kind == "space":
            line += text.count("\n")
            begins = found.start() + text.rfind("\n") + 1 if "\n" in text else begins
        else:
            yield token
        place = found.end()
    yield Token("end", "", line, place - begins + 1)


def _unreadable(character: str) -> str:
    if character in "\"'":
        return "A text that does not end, or has an escape other than \\\\, \\' and \\\"."
    if character in "=&|":
        return f"{character!r} alone means nothing; write {character * 2}."
    return f"{character!r} is not part of the language."
