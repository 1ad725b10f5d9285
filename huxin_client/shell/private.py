"""Files of one's own: credentials, keys and sessions, which nobody else may read."""

import json
import os
import re
import stat
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from huxin_client.shell.language import spoken

OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}")


def place_of(*names: str) -> Path:
    """Return a file's place under `$XDG_CONFIG_HOME/huxin`; raise ValueError for a bad name."""
    for name in names:
        if not _NAME.fullmatch(name):
            raise ValueError(
                spoken(
                    f"{name!r} is no name: small letters, digits, dots and dashes",
                    f"名称 {name!r} 无效：仅限小写字母、数字、点和横线",
                )
            )
    home = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    *folders, own = names
    return Path(home, "huxin", *folders, f"{own}.json")  # a name may hold dots


def read_private(file: Path) -> dict[str, Any]:
    """Read a file of one's own; raise OSError, or ValueError when it is damaged or not private."""
    if file.stat().st_mode & OTHERS:
        raise ValueError(
            spoken(
                f"{file} can be read by others: chmod 600 {file}",
                f"他人可读取 {file}：请执行 chmod 600 {file}",
            )
        )
    try:
        told: dict[str, Any] = dict(json.loads(file.read_text(encoding="utf-8")))
    except (ValueError, TypeError) as error:
        raise ValueError(
            spoken(f"{file} is damaged: {error}", f"{file} 已损坏：{error}")
        ) from error
    return told


def privately(path: str, flags: int) -> int:
    """Open a file for `open`; a new one is of mode 600."""
    return os.open(path, flags, stat.S_IRUSR | stat.S_IWUSR)


def write_private(file: Path, text: str) -> None:
    """Write a file whole, or not at all, that nobody else can read at any moment."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}-")  # mode 600
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as written:
            written.write(text)
        Path(name).replace(file)
    finally:
        Path(name).unlink(missing_ok=True)


def keep(file: Path, said: Mapping[str, Any]) -> None:
    """Write what `read_private` reads."""
    write_private(file, json.dumps(said, ensure_ascii=False, indent=1) + "\n")
