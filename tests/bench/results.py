"""What a part of the benchmarks found, and where it is written."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from services.plumbing.clock import utc_now

ROOT = Path(__file__).parents[2]
RESULT = ROOT / "build/bench.json"


@dataclass(frozen=True, kw_only=True)
class Target:
    """A figure that is wanted: at least so much, or at most."""

    what: str
    found: float
    at_least: float | None = None
    at_most: float | None = None

    @property
    def met(self) -> bool:
        low = self.at_least is None or self.found >= self.at_least
        return low and (self.at_most is None or self.found <= self.at_most)

    @property
    def wanted(self) -> str:
        return f"≥ {self.at_least:g}" if self.at_least is not None else f"≤ {self.at_most:g}"


@dataclass(frozen=True, kw_only=True)
class Found:
    """Figures by name, as JSON can hold them, and how they compare with what is wanted."""

    figures: Mapping[str, Any]
    targets: tuple[Target, ...] = field(default=())


def tell(console: Console, found: Found) -> None:
    """Print which targets were met."""
    if not found.targets:
        return
    table = Table("", "wanted", "found", "")
    for each in found.targets:
        table.add_row(each.what, each.wanted, f"{each.found:,.3g}", "met" if each.met else "MISSED")
    console.print(table)


def save(part: str, found: Found) -> None:
    """Put a part's figures into build/bench.json in place of its older ones."""
    known = json.loads(RESULT.read_text()) if RESULT.exists() else {}
    known[part] = {
        "measured_at": utc_now().isoformat(timespec="seconds"),
        "cores": os.cpu_count() or 0,
        **found.figures,
        "targets": [
            {"what": each.what, "wanted": each.wanted, "found": each.found, "met": each.met}
            for each in found.targets
        ],
    }
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(known, indent=1, sort_keys=True, ensure_ascii=False) + "\n")
