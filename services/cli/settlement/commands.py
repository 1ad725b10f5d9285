"""`huxin settlement`: draw a month, close it, compare it with the other city, export it."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.table import Table

from contracts import wire
from contracts.settlements import (
    CloseSettlement,
    DrawSettlement,
    FieldDifference,
    ListSettlementDifferences,
    ListSettlementLines,
    ListSettlements,
    ResolveSettlement,
    SettlementDifferences,
    SettlementLine,
    SettlementLines,
    SettlementRecord,
)
from contracts.words import ExportFormat, SettlementState, Titles
from huxin_client import pages
from huxin_client.shell.language import spoken
from services.cli.options import SettingsFile
from services.cli.screen import out, plain_errors, say
from services.cli.settlement.partner import ask_of
from services.gateway.exports import csv_text
from services.plumbing.clock import utc_now
from services.plumbing.database import open_database
from services.plumbing.migrate import upgrade
from services.plumbing.settings import load_settings, read_values
from services.scenarios.adapters.unit_of_work import ScenariosUnitOfWork, make_unit_of_work
from services.scenarios.handlers import comparing, settlements
from services.scenarios.settings import ScenariosSettings

settlement_app = typer.Typer(
    no_args_is_help=True, help="What cities owe each other for a month (城市间月度结算)."
)

PAGE: Final = 200
Period = Annotated[str, typer.Option(help="The month, such as 2026-11. 月份。")]
City = Annotated[str, typer.Option(help="GB/T 2260 code of the other city. 对方城市代码。")]
SomeCity = Annotated[str | None, typer.Option(help="Only with this city. 仅与该城市。")]
Format = Annotated[ExportFormat, typer.Option("--format", help="csv or json. 输出格式。")]
Out = Annotated[Path | None, typer.Option("--out", help="A file; else the screen. 输出文件。")]


def open_scenarios(file: Path | None) -> tuple[ScenariosUnitOfWork, ScenariosSettings]:
    """Open the database of scenarios as the settings say; raise what is wrong with them."""
    own = load_settings(ScenariosSettings, read_values(file, os.environ))
    engine = open_database(own.scenarios_database)
    upgrade(engine, "services.scenarios")
    return make_unit_of_work(engine, utc_now, None, lambda: None), own


@settlement_app.command()
def draw(period: Period, city: SomeCity = None, settings: SettingsFile = None) -> None:
    """Show what is owed for a month, with one city or with all (查看当月结算)."""
    with plain_errors():
        uow, own = open_scenarios(settings)
        records: tuple[SettlementRecord, ...]
        if city is not None:
            drawn = wire.load(DrawSettlement, {"period": period, "city": city})
            records = (settlements.draw_settlement(drawn, uow=uow, city=own.city),)
        else:
            listed = wire.load(ListSettlements, {"period": period})
            records = settlements.list_settlements(listed, uow=uow, city=own.city).settlements
    out.print(_table(records))
    if not records:
        say(
            spoken(
                "no lines with any city; an empty month: --city",
                "与任何城市均无明细；空月份请用 --city",
            )
        )


@settlement_app.command()
def close(period: Period, city: City, settings: SettingsFile = None) -> None:
    """Fix the lines of a month that is over; later ones go into the next (关账)."""
    with plain_errors():
        uow, own = open_scenarios(settings)
        command = wire.load(CloseSettlement, {"period": period, "city": city})
        record = settlements.close_settlement(command, uow=uow, city=own.city, now=utc_now())
    out.print(_table((record,)))


@settlement_app.command()
def compare(period: Period, city: City, settings: SettingsFile = None) -> None:
    """Compare a closed month with the other city; 2 says that it differs (与对方城市核对)."""
    with plain_errors():
        uow, own = open_scenarios(settings)
        wire.load(CloseSettlement, {"period": period, "city": city})
        ask = ask_of(city, period, settings)
        record = comparing.compare_with(period, city, ask, uow=uow, city=own.city, now=utc_now())
        out.print(_table((record,)))
        if record.state is SettlementState.DISPUTED:
            for each in _differences(uow, period, city):
                say(
                    f"{each.kind} {each.host} {each.line_id} {each.field}:"
                    f" {each.here or '-'} / {each.there or '-'}"
                )
            raise typer.Exit(2)


@settlement_app.command()
def resolve(period: Period, city: City, settings: SettingsFile = None) -> None:
    """Move what differs into the next month; then compare again (将差异转入下月)."""
    with plain_errors():
        uow, own = open_scenarios(settings)
        command = wire.load(ResolveSettlement, {"period": period, "city": city})
        record = settlements.resolve_settlement(command, uow=uow, city=own.city, now=utc_now())
    out.print(_table((record,)))


@settlement_app.command()
def export(
    period: Period,
    city: City,
    settings: SettingsFile = None,
    *,
    form: Format = ExportFormat.CSV,
    to: Out = None,
    titles: Annotated[Titles, typer.Option(help="Language of CSV titles. 表头语言。")] = Titles.EN,
    bom: Annotated[bool, typer.Option("--bom", help="For Excel. 供 Excel 打开。")] = False,
    differences: Annotated[
        bool, typer.Option("--differences", help="What differs instead. 仅导出差异。")
    ] = False,
) -> None:
    """Write every line of a settlement as CSV or JSON (导出结算明细)."""
    with plain_errors():
        uow, own = open_scenarios(settings)
        command = wire.load(DrawSettlement, {"period": period, "city": city})
        record = settlements.draw_settlement(command, uow=uow, city=own.city)
        kind = FieldDifference if differences else SettlementLine
        rows = (_differences if differences else _lines(own.city))(uow, period, city)
        if form is ExportFormat.CSV:
            text = csv_text(kind, rows, titles=titles, bom=bom)
        else:
            said = {**wire.dump(record), "rows": [wire.dump(row) for row in rows]}
            text = json.dumps(said, ensure_ascii=False, indent=2) + "\n"
        if to is None:
            sys.stdout.write(text)
        else:
            to.write_text(text, encoding="utf-8", newline="")
            told = spoken(
                f"{record.lines} lines, net {record.net_fen} fen",
                f"{record.lines} 条，净额 {record.net_fen} 分",
            )
            say(f"{to}: {told}, {record.digest[:16]}")


def _lines(own: str) -> Callable[[ScenariosUnitOfWork, str, str], Iterator[SettlementLine]]:
    def listed(uow: ScenariosUnitOfWork, period: str, city: str) -> Iterator[SettlementLine]:
        def ask(**asked: Any) -> SettlementLines:
            command = ListSettlementLines(**asked)
            return settlements.list_settlement_lines(command, uow=uow, city=own)

        for page in pages(ask, period=period, city=city, limit=PAGE):
            yield from page.lines

    return listed


def _differences(uow: ScenariosUnitOfWork, period: str, city: str) -> Iterator[FieldDifference]:
    def ask(**asked: Any) -> SettlementDifferences:
        command = ListSettlementDifferences(**asked)
        return settlements.list_settlement_differences(command, uow=uow)

    for page in pages(ask, period=period, city=city, limit=PAGE):
        yield from page.differences


def _table(records: tuple[SettlementRecord, ...]) -> Table:
    table = Table(
        spoken("period", "月份"),
        spoken("city", "城市"),
        spoken("state", "状态"),
        spoken("lines", "明细条数"),
        spoken("adjusting", "其中调整"),
        spoken("due fen", "应收（分）"),
        spoken("owed fen", "应付（分）"),
        spoken("net fen", "净额（分）"),
        spoken("digest", "摘要"),
    )
    for each in records:
        values: list[Any] = [
            each.lines,
            each.adjustments,
            each.due_fen,
            each.owed_fen,
            each.net_fen,
        ]
        table.add_row(each.period, each.city, each.state, *map(str, values), each.digest[:16])
    return table
