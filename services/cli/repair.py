"""`huxin parked` and `huxin deliveries`: see what failed, and let it be tried again."""

import os
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from rich.markup import escape
from rich.table import Column, Table
from sqlalchemy import Engine

from huxin_client.shell.language import spoken
from services.cli.options import SettingsFile
from services.cli.parts import PARTS
from services.cli.screen import out, plain_errors, say
from services.gateway.adapters.webhooks import at_rest
from services.gateway.courier import deliveries, upkeep
from services.plumbing import parked
from services.plumbing.clock import utc_now
from services.plumbing.database import open_database
from services.plumbing.message_tables import MESSAGES
from services.plumbing.settings import BadSetting, read_values

parked_app = typer.Typer(no_args_is_help=True, help="Messages that failed (处理失败的消息).")
deliveries_app = typer.Typer(no_args_is_help=True, help="What the courier delivers (对外投递).")

OWNERS = sorted({part.owner for part in PARTS.values()})
Owner = Annotated[str, typer.Argument(help=f"Whose database: {', '.join(OWNERS)}. 哪个服务。")]
Limit = Annotated[int, typer.Option(help="At most so many. 最多显示条数。", min=1, max=1000)]


def database_of(owner: str, settings: Path | None) -> Engine:
    """Open a service's database as the settings say."""
    values = read_values(settings, os.environ)
    for part in PARTS.values():
        if part.owner == owner:
            return open_database(part.database_url(values))
    known = ", ".join(OWNERS)
    raise BadSetting(
        {"service": spoken(f"one of {known}, not {owner}", f"须为 {known} 之一，而不是 {owner}")}
    )


@parked_app.command("list")
def list_parked(
    owner: Owner, settings: SettingsFile = None, limit: Limit = 100, after: int = 0
) -> None:
    """List failed messages, oldest first (列出失败消息)."""
    with plain_errors():
        rows = parked.list_parked(database_of(owner, settings), MESSAGES, limit, after)
    table = Table(
        spoken("id", "编号"),
        spoken("queue", "队列"),
        spoken("message", "消息"),
        spoken("attempts", "尝试次数"),
        spoken("error", "错误"),
        spoken("next attempt", "下次尝试"),
    )
    for row in rows:
        parking = spoken("parked", "已搁置")
        when = f"{row.due_at:%Y-%m-%d %H:%M:%S}Z" if row.due_at else parking
        name = row.delivery.name or "?"
        table.add_row(str(row.id), row.consumer, name, str(row.attempts), escape(row.error), when)
    out.print(table)
    last = rows[-1].id if len(rows) == limit else None
    more = spoken(f"; more: --after {last}", f"；更多：--after {last}") if last else ""
    say(spoken(f"{len(rows)} messages", f"{len(rows)} 条消息") + more)


@parked_app.command("show")
def show_parked(owner: Owner, id: int, settings: SettingsFile = None) -> None:
    """Show one failed message as it came (显示一条消息)."""
    with plain_errors():
        row = parked.show(database_of(owner, settings), MESSAGES, id)
    tried = spoken(f"attempts={row.attempts}", f"尝试次数={row.attempts}")
    say(f"{row.consumer} {row.delivery.name} {tried}")
    say(f"{row.error}\n{row.delivery.body}")


@parked_app.command("replay")
def replay_parked(owner: Owner, ids: list[int], settings: SettingsFile = None) -> None:
    """Let the service try messages again at once (立即重试)."""
    with plain_errors():
        done = parked.replay(database_of(owner, settings), MESSAGES, ids, utc_now())
    say(
        spoken(
            f"{done} of {len(ids)} messages will be tried again",
            f"{len(ids)} 条消息中有 {done} 条将重新处理",
        )
    )
    if done < len(ids):
        raise typer.Exit(1)


@deliveries_app.command("list")
def list_deliveries(
    settings: SettingsFile = None, state: deliveries.State | None = None, limit: Limit = 100
) -> None:
    """List deliveries, newest first, and the webhooks that rest (列出投递及已停用的回调)."""
    with plain_errors():
        engine = database_of("gateway", settings)
        rows, held = upkeep.listed(engine, state, limit=limit), upkeep.held_back(engine)
        resting = at_rest(engine)
    name = spoken("id", "编号")
    table = Table(
        Column(name, no_wrap=True, min_width=len(str(UUID(int=0)))),  # to be copied
        spoken("kind", "类型"),
        spoken("recipient", "接收方"),
        spoken("state", "状态"),
        spoken("attempts", "尝试次数"),
        spoken("next attempt", "下次尝试"),
        spoken("holds back", "阻塞条数"),
        spoken("error", "错误"),
    )
    for row in rows:
        when = f"{row.due_at:%Y-%m-%d %H:%M:%S}Z" if row.state is deliveries.State.WAITING else ""
        cells = (str(row.id), row.kind, row.recipient, row.state, str(row.attempts), when)
        table.add_row(*cells, str(held.get(row.id, "")), escape(row.error or ""))
    out.print(table)
    say(spoken(f"{len(rows)} deliveries", f"{len(rows)} 条投递"))
    for operator_id, since, reason in resting:
        when = f"{since:%Y-%m-%d %H:%M}Z"
        say(
            spoken(
                f"the webhook of {operator_id} rests since {when}: {reason}",
                f"{operator_id} 的事件回调自 {when} 起已停用：{reason}",
            )
        )


@deliveries_app.command("replay")
def replay_deliveries(
    ids: Annotated[list[UUID] | None, typer.Argument(help="Which. 投递编号。")] = None,
    settings: SettingsFile = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="All parked ones. 全部已搁置的。")] = False,
    recipient: Annotated[
        str | None,
        typer.Option(
            help="With --all: to one city or operator, gone ones too. 仅限一个接收方，含已退出的。"
        ),
    ] = None,
) -> None:
    """Let parked deliveries start over, or gone ones (重新投递)."""
    if every == bool(ids) or (recipient and not every):
        raise typer.BadParameter(
            spoken(
                "name deliveries, or --all of them, perhaps --recipient's",
                "请指明投递编号，或用 --all 选全部（可加 --recipient 限定接收方）",
            )
        )
    with plain_errors():
        engine = database_of("gateway", settings)
        if not ids:
            done = upkeep.replay_all(engine, recipient, now=utc_now())
            say(spoken(f"{done} deliveries will be tried again", f"{done} 条投递将重新发送"))
            return
        done = sum(upkeep.replay(engine, one, now=utc_now()) for one in ids)
    say(
        spoken(
            f"{done} of {len(ids)} deliveries will be tried again",
            f"{len(ids)} 条投递中有 {done} 条将重新发送",
        )
    )
    if done < len(ids):
        raise typer.Exit(1)


@deliveries_app.command("skip")
def skip_deliveries(
    ids: Annotated[list[UUID], typer.Argument(help="Which. 投递编号。")],
    settings: SettingsFile = None,
) -> None:
    """Give deliveries up for good; later ones of their subjects go out (放弃投递)."""
    with plain_errors():
        engine = database_of("gateway", settings)
        done = sum(upkeep.skip(engine, one, now=utc_now()) for one in ids)
    say(
        spoken(
            f"{done} of {len(ids)} deliveries are skipped", f"{len(ids)} 条投递中有 {done} 条已放弃"
        )
    )
    if done < len(ids):
        raise typer.Exit(1)
