"""Say in the reader's language what contracts and services say in English, to logs and callers too.

They know nothing of whoever runs a command, so it is said anew here, by the whole text or by what
stands between its colons.  Names and numbers in it stay as they are.
"""

import re
from collections.abc import Iterator
from typing import Final

from huxin_client.shell.language import language
from services.cli.reasons import documents, node, settings

BETWEEN: Final = (  # what is said, and what says the same in Chinese
    (re.compile("; "), "；"),
    (re.compile(r"(?<=\.) (?=[A-Z])"), ""),
    (re.compile(": "), ": "),
)
FILLED_IN: Final = "((?:(?!: |; ).)+?)"


def in_words(text: str) -> str:
    """Return a text in the reader's language, as far as it is known."""
    return text if language() == "en" else _in_chinese(text)


def _in_chinese(text: str) -> str:
    """Say the whole, else what follows a colon, else each of the parts."""
    if told := _known(text):
        return told
    for colon in re.finditer(": ", text):
        if told := _known(text[colon.end() :]):
            return f"{_in_chinese(text[: colon.start()])}: {told}"
    for between, chinese in BETWEEN:
        first, *others = between.split(text, maxsplit=1)
        if others:
            return f"{_in_chinese(first)}{chinese}{_in_chinese(others[0])}"
    return text


def _known(text: str) -> str | None:
    for pattern, chinese in _KNOWN:
        if found := pattern.fullmatch(text):
            return chinese.format(*found.groups())
    return None


def _patterns() -> Iterator[tuple[re.Pattern[str], str]]:
    """Yield what is known, the most specific first: what says most to the letter."""
    known = {**settings.REASONS, **documents.REASONS, **node.REASONS}
    for english in sorted(known, key=lambda text: -len(text.replace("{}", ""))):
        parts = map(re.escape, english.split("{}"))
        yield re.compile(FILLED_IN.join(parts)), known[english]


_KNOWN: Final = tuple(_patterns())
