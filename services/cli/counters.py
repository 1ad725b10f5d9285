"""`huxin counters`: what the plan counts, as of any day."""

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from contracts import wire
from contracts.counters import PlanCounters, ShowPlanCounters
from contracts.words import Titles
from huxin_client.shell.language import language, spoken
from services.cli.options import SettingsFile
from services.cli.screen import out, plain_errors, say
from services.cli.settlement.commands import open_scenarios
from services.gateway.exports import csv_text
from services.gateway.public.counters import CounterRow, rows_of
from services.plumbing.clock import utc_now
from services.scenarios.handlers import plan

counters_app = typer.Typer(help="What the plan counts (年度工作要点指标).")


class Form(StrEnum):
    """How counters are shown."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


@counters_app.callback(invoke_without_command=True)
def show(
    context: typer.Context,
    settings: SettingsFile = None,
    *,
    as_of: Annotated[str | None, typer.Option(help="The day, 2026-11-30. 截至日期。")] = None,
    public: Annotated[
        bool, typer.Option("--public", help="As everybody sees them. 公开口径。")
    ] = False,
    form: Annotated[Form, typer.Option("--format", help="How. 输出格式。")] = Form.TABLE,
    to: Annotated[Path | None, typer.Option("--out", help="A file. 输出文件。")] = None,
    titles: Annotated[
        Titles | None, typer.Option(help="Language; of files English. 语言，文件默认英文。")
    ] = None,
) -> None:
    """Show each counter with its target, as of the end of a day (查看指标)."""
    if context.invoked_subcommand is not None:
        return
    with plain_errors():
        uow, own = open_scenarios(settings)
        found = plan.show_plan_counters(
            wire.load(ShowPlanCounters, {"as_of": as_of, "exact": not public}),
            uow=uow,
            city=own.city,
            smallest_cell=own.smallest_cell,
            known_districts=own.districts,
            now=utc_now(),
        )
        if form is Form.TABLE:
            out.print(_table(found, titles or Titles(language())))
            return
        if form is Form.CSV:
            text = csv_text(CounterRow, rows_of(found), titles=titles or Titles.EN, bom=False)
        else:
            text = json.dumps(wire.dump(found), ensure_ascii=False, indent=2) + "\n"
        if to is None:
            sys.stdout.write(text)
        else:
            to.write_text(text, encoding="utf-8", newline="")
            say(f"{to}: {_as_of(found)}")


@counters_app.command()
def rebuild(settings: SettingsFile = None) -> None:
    """Count what was on offer before counters were kept; safe to repeat (重建指标)."""
    with plain_errors():
        uow, _own = open_scenarios(settings)
        count = plan.rebuild(uow=uow)
        say(spoken(f"{count} entries of incentives", f"{count} 条激励措施记录"))


def _table(found: PlanCounters, titles: Titles) -> Table:
    table = Table(
        spoken("counter", "指标"),
        spoken("value", "数值"),
        spoken("target", "目标"),
        spoken("reached", "是否达到"),
        title=_as_of(found),
    )
    for row in rows_of(found):
        name = row.title if titles is Titles.ZH else row.title_en
        value = "-" if row.value is None else str(row.value)
        table.add_row(
            f"  {row.label}" if row.label else name,
            value if row.of is None else f"{value}/{row.of}",
            "" if row.target is None else str(row.target),
            {None: "", True: spoken("yes", "是"), False: spoken("no", "否")}[row.reached],
        )
    return table


def _as_of(found: PlanCounters) -> str:
    return spoken(f"as of {found.as_of}", f"截至 {found.as_of}")
