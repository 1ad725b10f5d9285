"""`huxin check`: what is right and wrong with a node, before anybody else finds out."""

import os
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

import typer

from huxin_client.shell.language import spoken
from services.cli.checks.finding import Finding, Verdict
from services.cli.checks.servers import check_servers
from services.cli.checks.settings import check_settings, load_all
from services.cli.checks.sources import check_sources
from services.cli.checks.trust import check_trust
from services.cli.options import SettingsFile
from services.cli.screen import out, plain_errors, say
from services.plumbing.clock import utc_now
from services.plumbing.settings import read_values

MARKS = {Verdict.RIGHT: "[green]✓[/]", Verdict.WARNING: "[yellow]![/]", Verdict.WRONG: "[red]✗[/]"}


def check(settings: SettingsFile = None) -> None:
    """Check settings, files, keys, databases and bus; exit 1 when something is wrong (检查节点)."""
    found = []
    with plain_errors():
        for finding in findings(settings, read_values(settings, os.environ), utc_now()):
            found.append(finding.verdict)
            tell(finding)
    wrong, warnings = found.count(Verdict.WRONG), found.count(Verdict.WARNING)
    say(
        spoken(
            f"{len(found)} checks: {wrong} wrong, {warnings} to watch",
            f"共检查 {len(found)} 项：{wrong} 项有误，{warnings} 项须留意",
        )
    )
    if wrong:
        raise typer.Exit(1)


def findings(file: Path | None, values: Mapping[str, str], now: datetime) -> Iterator[Finding]:
    """Look at everything that can be looked at; without settings there is nothing more."""
    found = list(check_settings(file, values))
    yield from found
    if any(finding.verdict is Verdict.WRONG for finding in found):
        return
    loaded = load_all(values)
    yield from check_trust(loaded, now)
    yield from check_sources(loaded, now)
    yield from check_servers(loaded)


def tell(finding: Finding) -> None:
    """Print one line."""
    colon = spoken(": ", "：")
    out.print(MARKS[finding.verdict], f"{finding.subject}{colon}", end="", highlight=False)
    say(finding.text)
