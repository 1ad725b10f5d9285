"""In which language commands speak: Chinese where the environment asks for it, else English.

What machines read does not change with it: JSON, files, identifiers, log lines, exit codes (ADR
0049).
"""

import os
from typing import Final, Literal

VARIABLES: Final = ("HUXIN_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
"""The first that says something decides, as POSIX has it for messages."""


def language() -> Literal["en", "zh"]:
    """Return the language of whoever runs the command."""
    named = next((value for name in VARIABLES if (value := os.environ.get(name))), "")
    return "zh" if named.lower().startswith("zh") else "en"


def spoken(en: str, zh: str) -> str:
    """Return the one of two texts that is in that language."""
    return zh if language() == "zh" else en
