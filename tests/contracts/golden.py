"""Golden files: one envelope per published message version, written once and never again.

`python -m tests.contracts.golden` adds what is missing and leaves every existing file as it is:
an old file is what an old writer sent, and today's reader must still understand it (ADR 0002).
"""

import json
import sys
from pathlib import Path
from typing import Any

import contracts.routes
import contracts.subscriptions  # noqa: F401  registers every event
from contracts.documents.examples import envelope_of, specimens

DIRECTORY = Path(__file__).parent / "golden"


def files() -> list[Path]:
    return sorted(DIRECTORY.glob("*.json"))


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def add_missing(directory: Path = DIRECTORY) -> list[Path]:
    """Write the golden file of every message version that has none; return what was written."""
    written = []
    for name, message in specimens():
        path = directory / f"{name}.json"
        text = json.dumps(envelope_of(message), ensure_ascii=False, indent=2) + "\n"
        try:
            with path.open("x", encoding="utf-8") as file:
                file.write(text)
        except FileExistsError:
            continue
        written.append(path)
    return written


if __name__ == "__main__":
    sys.stdout.writelines(f"wrote {path.name}\n" for path in add_missing())
