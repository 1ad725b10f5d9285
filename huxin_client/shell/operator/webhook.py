"""`huxin operator webhook`: where events are delivered, and what became of them."""

import os
import sys
from pathlib import Path
from typing import Annotated, Final
from uuid import UUID

import typer

from contracts.http import WebhookBody, WebhookRecord
from contracts.problems import Text
from contracts.words import DeliveryState
from huxin_client import NotGenuine, Webhooks, pages
from huxin_client.shell.language import spoken
from huxin_client.shell.operator.credentials import DEFAULT, as_operator
from huxin_client.shell.options import AsJson, NewId, Profile, SecretFile
from huxin_client.shell.private import write_private
from huxin_client.shell.screen import note, plain_answers, say, tell, tell_all

webhook_app = typer.Typer(no_args_is_help=True, help="Where events are delivered (事件推送).")

COLUMNS = ("delivery_id", "type", "state", "attempts", "created_at", "error")
NOT_SET: Final = {
    "not_found": Text(
        "`huxin operator webhook set` sets one, and `webhook deliveries` lists deliveries.",
        "请用 huxin operator webhook set 设置推送地址；推送记录见 webhook deliveries。",
    )
}


@webhook_app.command()
def show(profile: Profile = DEFAULT, *, as_json: AsJson = False) -> None:
    """Show how the webhook fares, and what waits (查看推送状态)."""
    with as_operator(profile, NOT_SET) as operator:
        tell(operator.show_webhook(), as_json=as_json)


@webhook_app.command("set")
def set_webhook(
    url: Annotated[str, typer.Argument(help="Where to deliver. 推送地址。")],
    secret_file: SecretFile = None,
    profile: Profile = DEFAULT,
    *,
    as_json: AsJson = False,
) -> None:
    """Say where to deliver events of one's grants; what rested goes out again (设置推送地址)."""
    with as_operator(profile) as operator:
        _keep(operator.set_webhook(WebhookBody(url=url)), secret_file, as_json=as_json)


@webhook_app.command()
def rotate(
    id: NewId = None,
    secret_file: SecretFile = None,
    profile: Profile = DEFAULT,
    *,
    as_json: AsJson = False,
) -> None:
    """Get a new secret; for a day every delivery is signed by both (更换签名密钥)."""
    with as_operator(profile, NOT_SET) as operator:
        _keep(operator.rotate_webhook_secret(rotation_id=id), secret_file, as_json=as_json)


@webhook_app.command()
def remove(profile: Profile = DEFAULT) -> None:
    """Have nothing delivered any more (取消推送)."""
    with as_operator(profile) as operator:
        operator.remove_webhook()
        say(spoken("removed", "已取消"))


@webhook_app.command()
def deliveries(
    state: Annotated[
        DeliveryState | None, typer.Option(help="Only those. 仅该状态的推送。")
    ] = None,
    profile: Profile = DEFAULT,
    *,
    as_json: AsJson = False,
) -> None:
    """List one's deliveries of the last 30 days, newest first (列出推送记录)."""
    with as_operator(profile) as operator:
        listed = pages(operator.list_deliveries, state=state)
        found = (each for page in listed for each in page.deliveries)
        count = tell_all(found, COLUMNS, as_json=as_json)
        if not as_json:
            say(spoken(f"{count} deliveries", f"{count} 条推送"))


@webhook_app.command()
def replay(
    delivery_id: Annotated[
        UUID | None, typer.Argument(help="One of them; else all given up. 推送编号，缺省为全部。")
    ] = None,
    profile: Profile = DEFAULT,
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say how many. 仅显示数量。")
    ] = False,
) -> None:
    """Send one again, or all that were given up, under the same webhook-id (重新推送)."""
    with as_operator(profile, NOT_SET) as operator:
        if dry_run:
            parked = 1 if delivery_id else operator.show_webhook().parked
            say(spoken(f"{parked} would be sent again", f"{parked} 条将重新推送"))
        elif delivery_id:
            record = operator.replay_delivery(delivery_id=delivery_id)
            say(f"{record.delivery_id}: {record.state}")
        else:
            replayed = operator.replay_parked_deliveries().replayed
            say(spoken(f"{replayed} are sent again", f"{replayed} 条已重新推送"))


@webhook_app.command()
def check(
    id: Annotated[str, typer.Option(help="Header webhook-id. 请求头。")],
    timestamp: Annotated[str, typer.Option(help="Header webhook-timestamp. 请求头。")],
    signature: Annotated[str, typer.Option(help="Header webhook-signature. 请求头。")],
) -> None:
    """Check a webhook's body, from a pipe, offline by HUXIN_WEBHOOK_SECRET (离线核验推送)."""
    with plain_answers():
        secrets = os.environ.get("HUXIN_WEBHOOK_SECRET", "").split()
        if not secrets:
            raise ValueError(
                spoken("HUXIN_WEBHOOK_SECRET is not set", "未设置 HUXIN_WEBHOOK_SECRET（签名密钥）")
            )
        headers = {
            "webhook-id": id,
            "webhook-timestamp": timestamp,
            "webhook-signature": signature,
        }
        try:
            Webhooks(*secrets).read(headers, sys.stdin.buffer.read())
        except NotGenuine as error:
            raise ValueError(spoken(f"not genuine: {error}", f"核验未通过：{error}")) from error
        say(spoken("genuine", "核验通过"))


def _keep(record: WebhookRecord, file: Path | None, *, as_json: bool) -> None:
    if file is None:
        tell(record, as_json=as_json)
        note(spoken("Keep the secret; it checks every delivery.", "请妥善保存密钥，用于核验推送。"))
        return
    write_private(file, f"{record.secret}\n")
    say(f"{record.url}: {spoken(f'secret in {file}', f'密钥已写入 {file}')}")
