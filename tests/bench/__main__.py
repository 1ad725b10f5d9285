"""Run the benchmarks and write build/bench.json (`make bench`; docs/performance.md).

`python -m tests.bench` runs every part in turn, `python -m tests.bench PART …` those named; the
figures of the other parts stay in the file as they were.
"""

import sys
from collections.abc import Callable, Mapping

from rich.console import Console

from tests.bench import growth, overload, quotas, reads, status_lists, writes
from tests.bench.results import RESULT, Found, save, tell

PARTS: Mapping[str, Callable[[Console], Found]] = {
    "reads": reads.measure,
    "status_lists": status_lists.measure,
    "growth": growth.measure,
    "quotas": quotas.measure,
    "overload": overload.measure,
    "writes": writes.measure,
}


def main(wanted: list[str]) -> None:
    console = Console()
    for part in wanted or PARTS:
        console.rule(part)
        found = PARTS[part](console)
        tell(console, found)
        save(part, found)
    console.print(f"written to {RESULT}")


if __name__ == "__main__":
    if unknown := set(sys.argv[1:]) - PARTS.keys():
        raise SystemExit(
            f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}"
        )
    main(sys.argv[1:])
