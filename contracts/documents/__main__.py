"""Write the documents; with --check, name the stale ones and exit 1."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from contracts.documents import asyncapi, client, explanation, messages, openapi

ROOT: Final = Path(__file__).parents[2]
DOCUMENTS: Final[dict[str, Callable[[], str]]] = {
    "docs/messages.md": messages.write,
    "contracts/asyncapi.json": asyncapi.write,
    "contracts/explanation-v1.schema.json": explanation.write,
    "contracts/openapi.json": openapi.write,
    **client.MODULES,
}


def stale() -> list[str]:
    """Return the path of each document that is not what the contracts say."""
    return [
        path
        for path, write in DOCUMENTS.items()
        if not (ROOT / path).exists() or (ROOT / path).read_text(encoding="utf-8") != write()
    ]


def main(arguments: list[str]) -> int:
    """Run the command; return its exit status."""
    found = stale()
    if arguments == ["--check"]:
        sys.stderr.writelines(f"{path} is stale: run `make contracts`\n" for path in found)
        return int(bool(found))
    for path in found:
        (ROOT / path).write_text(DOCUMENTS[path](), encoding="utf-8")
        sys.stdout.write(f"wrote {path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
