"""Terminals that cannot show every character, such as those of zh_CN.GBK."""

import codecs
import io
from typing import Any, Final

MARKS: Final = {"✓": "+", "✗": "x"}
HANDLER: Final = "huxin.plainer"


def plainer(*streams: Any) -> None:
    """Write what a stream's encoding lacks as plainer marks or escapes; it is no error.

    An escape is read by JSON's readers as the character itself.
    """
    codecs.register_error(HANDLER, _plainer)
    for stream in streams:
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=HANDLER)


def _plainer(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_written, error.object[error.start : error.end])), error.end


def _written(character: str) -> str:
    return MARKS.get(character) or character.encode("ascii", "backslashreplace").decode("ascii")
