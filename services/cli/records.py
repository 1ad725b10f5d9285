"""`huxin records`: what was processed, when, for whom and on what ground (PIPL 55, 56)."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.table import Table

from huxin_client.shell.language import spoken
from services.cli.options import SettingsFile
from services.cli.repair import database_of
from services.cli.screen import out, plain_errors, say
from services.recognition.adapters.processing_records import ProcessingRecord, read_records

records_app = typer.Typer(no_args_is_help=True, help="Records of processing (个人信息处理记录).")

DAY = ["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]
Since = Annotated[datetime, typer.Option("--from", formats=DAY, help="In UTC. 起始时间（UTC）。")]
Until = Annotated[datetime, typer.Option("--to", formats=DAY, help="Not itself. 截止（不含）。")]


@records_app.command("list")
def list_records(
    since: Since,
    until: Until,
    settings: SettingsFile = None,
    *,
    start: Annotated[int, typer.Option("--after", min=0, help="Skip so many. 跳过条数。")] = 0,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most so many. 条数。")] = 100,
    as_json: Annotated[bool, typer.Option("--json", help="One object a line. 每行一条。")] = False,
) -> None:
    """List records of processing, oldest first; they name nobody (列出处理记录)."""
    with plain_errors(), database_of("recognition", settings).connect() as connection:
        span = since.replace(tzinfo=UTC), until.replace(tzinfo=UTC)
        records = read_records(connection, *span, start=start, limit=limit)
    if as_json:
        for record in records:
            typer.echo(json.dumps(asdict(record), ensure_ascii=False, default=datetime.isoformat))
        return
    out.print(_table(records))
    after = start + limit
    more = spoken(f"; more: --after {after}", f"；更多：--after {after}")
    count = spoken(f"{len(records)} records", f"{len(records)} 条记录")
    say(count + (more if len(records) == limit else ""))


def _table(records: list[ProcessingRecord]) -> Table:
    table = Table(
        spoken("at", "时间"),
        spoken("act", "处理活动"),
        spoken("person", "个人"),
        spoken("city", "城市"),
        spoken("basis", "依据"),
        spoken("purposes", "目的"),
        spoken("text", "授权文本"),
        spoken("reason", "原因"),
    )
    for record in records:
        table.add_row(
            f"{record.at:%Y-%m-%d %H:%M:%S}Z",
            record.act,
            record.person or "",
            record.city or "",
            record.basis,
            " ".join(record.purposes),
            record.text_version or "",
            record.reason or "",
        )
    return table
