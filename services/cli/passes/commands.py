"""`huxin pass`: what a device of an operator does without a network."""

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from huxin_client.shell.language import language, spoken
from services.cli.passes.checking import MESSAGES, Checked, Verdict, check_pass, read_keys
from services.cli.screen import out, plain_errors, say
from services.plumbing.clock import utc_now
from services.scenarios.domain.passes import Pass

passes_app = typer.Typer(no_args_is_help=True, help="Passes, checked offline (离线核验权益码).")

Token = Annotated[str, typer.Argument(help="The pass; - reads it from a pipe. 权益码。")]
Keys = Annotated[
    Path, typer.Option(help="What /.well-known/pass-keys serves, in a file. 公钥文件。")
]
Operator = Annotated[str | None, typer.Option(help="Who checks: its id. 核验方标识。")]


@passes_app.command("check")
def check(
    token: Token,
    keys: Keys,
    operator: Operator = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object. 输出 JSON。")] = False,
) -> None:
    """Check a pass without a network: good ends with 0, any other with 2 (离线核验权益码)."""
    with plain_errors():
        city, public = read_keys(keys)
        shown = sys.stdin.read() if token == "-" else token  # noqa: S105  a dash
        checked = check_pass(shown, city=city, keys=public, operator_id=operator, now=utc_now())
    if as_json:
        typer.echo(json.dumps(_as_json(checked), ensure_ascii=False))
    else:
        say(f"{checked.verdict}: {MESSAGES[checked.verdict].said(language())}")
        if checked.shown:
            out.print(_table(checked.shown))
    if checked.verdict is not Verdict.GOOD:
        raise typer.Exit(2)


def _as_json(checked: Checked) -> dict[str, object]:
    shown = vars(checked.shown) if checked.shown else {}
    said = {name: _text(value) for name, value in shown.items()}
    message = MESSAGES[checked.verdict]
    return {
        "verdict": checked.verdict,
        "message": f"{message.en}; {message.zh}",
        "pass": said,
    }


def _table(shown: Pass) -> Table:
    table = Table(show_header=False)
    for title, value in (
        (spoken("city", "城市"), shown.city),
        (spoken("operator", "场景运营方"), shown.operator_id),
        (spoken("incentive", "激励措施"), shown.incentive_id),
        (spoken("benefit", "优惠类型"), shown.benefit),
        (spoken("uses left", "剩余次数"), shown.uses),
        (spoken("until", "有效至"), _text(shown.until)),
        (spoken("grant", "权益"), shown.grant_id),
    ):
        table.add_row(title, str(value))
    return table


def _text(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return value if isinstance(value, int) else str(value)
