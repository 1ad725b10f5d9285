"""`huxin operator statement`: what one is owed for a month, on the screen or as a file."""

from pathlib import Path
from typing import Annotated, Final

import typer

from contracts.words import ExportFormat, Titles
from huxin_client import Operator, pages
from huxin_client.shell.language import spoken
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
            lines = _as_csv(operator, period, titles, bom=bom)
            file.write_bytes(b"".join(lines))  # what was there stays until all is known
            say(f"{file}: {_count(lines)}")
            return
        if as_json:
            for page in pages(operator.show_own_statement, period=period, limit=PAGE):
                for line in page.lines:
                    tell(line, as_json=True)
            return
        drawn = operator.show_own_statement(period=period, limit=1)
        tell_all(drawn.sums, SUMS, as_json=False)
        told = spoken(
            f"due {drawn.due_fen} fen, borne {drawn.borne_fen} fen",
            f"应得 {drawn.due_fen} 分，自担 {drawn.borne_fen} 分",
        )
        say(f"{drawn.operator_id} {period}: {told}")


def _as_csv(operator: Operator, period: str, titles: Titles, *, bom: bool) -> list[bytes]:
    """Return the lines of all pages, under one line of titles."""
    lines: list[bytes] = []
    asked = {"limit": PAGE, "format": ExportFormat.CSV, "titles": titles, "bom": bom}
    with err.status("…") as progress:
        for text in operator.door.fetch_all("show_own_statement", query=asked, period=period):
            lines += text.splitlines(keepends=True)[1 if lines else 0 :]
            progress.update(_count(lines))
    return lines


def _count(lines: list[bytes]) -> str:
    count = len(lines) - 1
    return spoken(f"{count} lines", f"{count} 条")
