"""`huxin exchange`: what a city has to tell its partners, beyond what its services tell."""

from datetime import datetime
from typing import Annotated

import typer

from contracts.errors import Malformed
from services.cli.exchange import bulk
from services.cli.exchange.recognition import open_recognition
from services.cli.options import SettingsFile
from services.cli.screen import plain_errors, say
from services.plumbing.clock import utc_now
from services.recognition.handlers.distrust import know_own_keys, warn_of_key

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
        say(f"{kid}: this city signs by it no more; running services know within a minute")
        say(f"told: {', '.join(report.cities) or 'nobody new'}")
        if report.waiting:
            say(f"{report.waiting} notices wait until this city signs by another current key")
        if node.signer.kid in node.compromised:
            say(
                f"! {node.signer.kid} is the key of this node: until it has another, only the"
                " alliance can stop it; have it retired in the roster at once (huxin roster"
                " retire-key), and its successor listed"
            )
        else:
            say("! have the alliance retire it in the roster (huxin roster retire-key)")


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Malformed("malformed", f"--since: {error}") from error
    if moment.tzinfo is None:
        raise Malformed("malformed", "--since: say the time zone, such as +08:00 or Z")
    return moment
