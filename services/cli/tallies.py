"""`huxin tallies`: whether what is counted of incentives is what their grants say."""

import json
from dataclasses import asdict
from typing import Annotated

import typer
from rich.table import Table

from huxin_client.shell.language import spoken
from services.cli.options import SettingsFile
from services.cli.repair import database_of
from services.cli.screen import out, plain_errors, say
from services.scenarios.adapters.audit import Difference, audit

tallies_app = typer.Typer(no_args_is_help=True, help="Counted quotas and budgets (名额与预算计数).")


@tallies_app.callback()
def tallies() -> None:
    """Let commands have names though there is only one."""


@tallies_app.command("check")
def check(
    settings: SettingsFile = None,
    *,
    repair: Annotated[
        bool, typer.Option("--repair", help="Put right what is wrong. 按权益记录更正。")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One object a line. 每行一条。")] = False,
) -> None:
    """Count all grants and reservations anew and name each number that differs (核对计数).

    Exit code 1 when something differed, repaired or not.  Safe while the node runs: one incentive
    at a time is locked while it is counted.
    """
    with plain_errors():
        found = list(audit(database_of("scenarios", settings), repair=repair))
    if as_json:
        for difference in found:
            typer.echo(json.dumps(asdict(difference), ensure_ascii=False))
    elif found:
        out.print(_table(found))
    if not as_json:
        done = spoken(", and put right", "，并已更正") if found and repair else ""
        say(
            spoken(f"{len(found)} numbers differ from the grants", f"{len(found)} 个数字与权益不符")
            + done
        )
    if found:
        raise typer.Exit(1)


def _table(found: list[Difference]) -> Table:
    table = Table(
        spoken("incentive", "激励措施"),
        spoken("where", "何处"),
        spoken("number", "数字"),
        spoken("stored", "已记录"),
        spoken("counted", "实际计数"),
    )
    for each in found:
        table.add_row(
            each.incentive_id, each.where, each.number, str(each.stored), str(each.counted)
        )
    return table
