"""`huxin operator statement`: what one is owed for a month, on the screen or as a file."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final
from uuid import UUID

import typer

from contracts.statements import OperatorStatement
from contracts.words import Titles
from huxin_client import Operator
from huxin_client.shell.operator.credentials import DEFAULT, as_operator
from huxin_client.shell.options import AsJson, Profile
from huxin_client.shell.screen import err, say, tell, tell_all

PAGE: Final = 200  # lines asked for at once
SUMS: Final = ("incentive_id", "fact", "funding", "lines", "value_fen")

Period = Annotated[str, typer.Argument(help="The month, such as 2026-11. 月份。")]
File = Annotated[
    Path | None, typer.Option("--csv", help="Write every line to this file. 明细输出到文件。")
]


def show_statement(
    period: Period,
    file: File = None,
    profile: Profile = DEFAULT,
    *,
    titles: Annotated[Titles, typer.Option(help="Language of CSV titles. 表头语言。")] = Titles.EN,
    bom: Annotated[bool, typer.Option("--bom", help="For Excel. 供 Excel 打开。")] = False,
    as_json: AsJson = False,
) -> None:
    """Show what one is owed for a month (查看月度对账单).

    With --json every line of it, one a line; the sums are in the table.
    """
    with as_operator(profile) as operator:
        if file is not None:
            count = _write(operator, period, file, titles, bom=bom)
            say(f"{file}: {count} lines")
            return
        if as_json:
            for page in _pages(operator, period):
                for line in page.lines:
                    tell(line, as_json=True)
            return
        drawn = operator.show_own_statement(period=period, limit=1)
        tell_all(drawn.sums, SUMS, as_json=False)
        say(f"{drawn.operator_id} {period}: due {drawn.due_fen} fen, borne {drawn.borne_fen} fen")


def _pages(operator: Operator, period: str) -> Iterator[OperatorStatement]:
    """Yield pages until one is not full; show on a terminal how far it is."""
    after: UUID | None = None
    count = 0
    with err.status("…") as progress:
        while True:
            page = operator.show_own_statement(period=period, after=after, limit=PAGE)
            yield page
            count += len(page.lines)
            progress.update(f"{count} lines")
            if len(page.lines) < PAGE:
                return
            after = page.lines[-1].line_id


def _write(operator: Operator, period: str, file: Path, titles: Titles, *, bom: bool) -> int:
    """Write pages of CSV one after the other, under one line of titles."""
    count, after = 0, None
    with file.open("wb") as written:
        for page in _pages(operator, period):
            if after and not page.lines:
                break
            text = operator.show_own_statement_as_csv(
                period=period, after=after, limit=PAGE, titles=titles, bom=bom and not count
            )
            _titles, _, rows = text.partition(b"\n")
            written.write(rows if count else text)
            count += len(page.lines)
            after = page.lines[-1].line_id if page.lines else None
    return count
