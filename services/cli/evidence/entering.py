"""`huxin evidence import`: evidence in bulk from a CSV file, line by line."""

from collections import Counter
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.progress import track

from contracts.errors import Conflict, ContractError, Malformed
from contracts.problems import Text
from huxin_client.shell.language import language, spoken
from services.cli.evidence.catalogue import DryRun, what_is_wrong
from services.cli.evidence.lines import Line, read_lines
from services.cli.evidence.scenarios import Together, open_scenarios
from services.cli.options import SettingsFile
from services.cli.screen import err, plain_errors, say
from services.plumbing.clock import utc_now
from services.scenarios.handlers.evidence import enter_evidence

ENTERED, REPEATED, REFUSED = "entered", "repeated", "refused"
DIFFERENT: Final = Text(
    "the document was entered before, with other content", "该文书已录入，但内容不同"
)
AT_A_TIME: Final = 200  # lines of one transaction, so that the service never waits for long
MANY: Final = 1000  # lines, from which on it is shown how far the import is

LinesFile = Annotated[Path, typer.Argument(help="CSV in UTF-8, see docs. 信用信息文件。")]
Source = Annotated[
    str | None, typer.Option(help="The operator it comes from; else the city. 信息来源。")
]


def import_evidence(
    file: LinesFile,
    settings: SettingsFile = None,
    *,
    source: Source = None,
    dry_run: DryRun = False,
) -> None:
    """Enter a line each; what is wrong is said by line, the others count (批量录入信用信息)."""
    with plain_errors():
        lines = read_lines(file, source)
        uow = open_scenarios(settings)
        starts = range(0, len(lines), AT_A_TIME)
        found: Counter[str] = Counter()
        for start in track(starts, "", console=err, transient=True, disable=len(lines) < MANY):
            with uow.whole(kept=not dry_run):
                found.update(_enter(line, uow) for line in lines[start : start + AT_A_TIME])
    whole, entered = len(lines), found[ENTERED]
    repeated, refused = found[REPEATED], found[REFUSED]
    done = spoken(f"{entered} entered", f"录入 {entered} 行")
    tried = spoken(f"{entered} would be entered", f"可录入 {entered} 行")
    head = spoken(f"{whole} lines: ", f"共 {whole} 行：") + (tried if dry_run else done)
    say(
        head
        + spoken(
            f", {repeated} repeated, {refused} refused",
            f"，重复 {repeated} 行，拒绝 {refused} 行",
        )
    )
    if found[REFUSED]:
        raise typer.Exit(1)


def _enter(line: Line, uow: Together) -> str:
    now = utc_now()
    try:
        if isinstance(line.said, Malformed):
            raise line.said
        record = enter_evidence(line.said, uow=uow, now=now)
    except Conflict:
        _complain(line, DIFFERENT.said(language()))
        return REFUSED
    except ContractError as error:
        _complain(line, what_is_wrong(error))
        return REFUSED
    return ENTERED if record.entered_at == now else REPEATED


def _complain(line: Line, what: str) -> None:
    say(f"{spoken(f'line {line.number}', f'第 {line.number} 行')}: {what}")
