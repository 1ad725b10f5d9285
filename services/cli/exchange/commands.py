"""`huxin exchange`: what a city has to tell its partners, beyond what its services tell."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

import typer

from contracts.errors import Malformed
from huxin_client.shell.language import spoken
from services.cli.exchange import bulk
from services.cli.exchange.recognition import open_recognition
from services.cli.options import SettingsFile
from services.cli.screen import plain_errors, say
from services.plumbing.clock import utc_now
from services.recognition.handlers.distrust import Warned, know_own_keys, warn_of_key

exchange_app = typer.Typer(no_args_is_help=True, help="Between cities (城市间交换).")
exchange_app.command()(bulk.send)


@exchange_app.command("key-compromised")
def key_compromised(
    kid: Annotated[str, typer.Option(help="The attestation key's name. 证明签名密钥编号。")],
    since: Annotated[
        str, typer.Option(help="Since when, such as 2026-11-24T08:00+08:00. 起始时刻（含时区）。")
    ],
    settings: SettingsFile = None,
) -> None:
    """Tell every online city not to believe a key, and sign by it no more (通报密钥泄露)."""
    with plain_errors():
        moment = _moment(since)
        uow, node = open_recognition(settings)
        know_own_keys(uow=uow, node=node)
        report = warn_of_key(kid, moment, uow=uow, node=node, now=utc_now())
        own = node.signer.kid if node.signer.kid in node.compromised else None
        for line in _told(kid, report, own):
            say(line)


def _told(kid: str, report: Warned, own: str | None) -> Iterator[str]:
    """Say what was done, and what is left; `own` is the key that this node itself signs by."""
    yield spoken(
        f"{kid}: this city signs by it no more; running services know within a minute",
        f"{kid}：本市不再以其签名；运行中的服务一分钟内获知",
    )
    cities = ", ".join(report.cities) or spoken("nobody new", "无新增城市")
    yield spoken(f"told: {cities}", f"已通报：{cities}")
    if waiting := report.waiting:
        yield spoken(
            f"{waiting} notices wait until this city signs by another current key",
            f"{waiting} 条通知待本市启用另一把有效密钥后发出",
        )
    if own is not None:
        yield spoken(
            f"! {own} is the key of this node: until it has another, only the alliance can stop it;"
            " have it retired in the roster at once (huxin roster retire-key), and its successor"
            " listed",
            f"! {own} 是本节点的密钥：换用新密钥之前，只有联盟能够停用它；"
            "请联盟立即在成员名册中停用（huxin roster retire-key），并列入其后继密钥",
        )
    else:
        yield spoken(
            "! have the alliance retire it in the roster (huxin roster retire-key)",
            "! 请联盟在成员名册中停用该密钥（huxin roster retire-key）",
        )


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Malformed("malformed", f"--since: {error}") from error
    if moment.tzinfo is None:
        what = spoken(
            "--since: say the time zone, such as +08:00 or Z",
            "--since：请注明时区，如 +08:00 或 Z",
        )
        raise Malformed("malformed", what)
    return moment
