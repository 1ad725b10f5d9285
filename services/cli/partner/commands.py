"""`huxin partner`: this city asks another's gateway, by its transport key.

What is sent in bulk is sent by `huxin exchange send`; months are settled by `huxin settlement`.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Final
from uuid import UUID

import typer

from contracts.exchange import PollBody
from contracts.problems import Text
from huxin_client import City, pages
from huxin_client.credentials import visible_claims
from huxin_client.shell.language import spoken
from huxin_client.shell.options import AsJson
from huxin_client.shell.screen import plain_answers, say, tell, tell_all
from services.cli.options import SettingsFile
from services.cli.screen import plain_errors
from services.gateway.adapters.roster import url_of
from services.gateway.keys import read_transport_key
from services.gateway.settings import GatewaySettings
from services.plumbing.database import open_database
from services.plumbing.settings import load_settings, read_values

partner_app = typer.Typer(
    no_args_is_help=True, help="At another city's gateway, as this city (对方城市网关)."
)

HINTS: Final = {
    "bad_signature": Text(
        "Its clock and this one's may differ, or its roster lists another transport key:"
        " `huxin check`.",
        "请检查两地时钟及成员名册中的传输签名公钥：huxin check。",
    )
}
MOST: Final = 100  # notices of one answer
LINES: Final = ("line_id", "grant_id", "incentive_id", "fact", "value_fen", "funding", "at")

Partner = Annotated[str, typer.Argument(help="GB/T 2260 code of the other city. 对方城市代码。")]
Period = Annotated[str, typer.Argument(help="The month, such as 2026-11. 月份。")]


@partner_app.command()
def membership(city: Partner, settings: SettingsFile = None, *, as_json: AsJson = False) -> None:
    """Show how a city sees this one: a check of keys, clocks and roster (核对成员状态)."""
    with _at(city, settings) as (partner, _own):
        tell(partner.show_membership(), as_json=as_json)


@partner_app.command()
def statement(
    city: Partner,
    period: Period,
    settings: SettingsFile = None,
    *,
    as_host: Annotated[
        bool, typer.Option("--as-host", help="Of its people here. 对方居民在本市的明细。")
    ] = False,
    lines: Annotated[bool, typer.Option("--lines", help="Every line. 逐条列出。")] = False,
    as_json: AsJson = False,
) -> None:
    """Show a month as the other city has it: of this city's people there (查看对方对账单)."""
    with _at(city, settings) as (partner, own):
        home, host = (city, own) if as_host else (own, city)
        if not lines:
            drawn = partner.draw_statement(period=period, home=home, host=host)
            tell(replace(drawn, lines=()), as_json=as_json)
            return
        listed = pages(partner.list_statement_lines, period=period, home=home, host=host)
        tell_all((each for page in listed for each in page.lines), LINES, as_json=as_json)


@partner_app.command()
def poll(
    city: Partner,
    settings: SettingsFile = None,
    *,
    most: Annotated[int, typer.Option(min=1, max=MOST, help="At most. 最多条数。")] = MOST,
) -> None:
    """List notices that wait there for this city; none is acknowledged (查看待取通知)."""
    with _at(city, settings) as (partner, _own):
        answer = partner.poll_notices(PollBody(maxEvents=most, returnImmediately=True))
        for jti, token in answer.sets.items():
            say(f"{jti} {' '.join(_events(token))}")
        count, more = len(answer.sets), answer.moreAvailable
        waiting = spoken(
            f"{count} and more wait" if more else f"{count} wait",
            f"至少 {count} 条待取" if more else f"{count} 条待取",
        )
        say(waiting + spoken("; this node fetches them", "，由节点自动获取"))


@partner_app.command()
def batch(
    city: Partner,
    batch_id: Annotated[UUID, typer.Argument(help="As `exchange send` said. 批次编号。")],
    settings: SettingsFile = None,
    *,
    verdicts: Annotated[bool, typer.Option("--verdicts", help="Of every line. 逐行结果。")] = False,
    as_json: AsJson = False,
) -> None:
    """Show how far a batch of this city has come there (查看批次进度)."""
    with _at(city, settings) as (partner, _own):
        if not verdicts:
            tell(partner.show_batch(batch_id=batch_id), as_json=as_json)
            return
        listed = pages(partner.list_verdicts, batch_id=batch_id)
        found = (each for page in listed for each in page.verdicts)
        tell_all(found, ("line", "code", "recognition_id"), as_json=as_json)


@contextmanager
def _at(city: str, file: Path | None) -> Iterator[tuple[City, str]]:
    """Be this city at another's gateway; give its own code as well."""
    with plain_errors():
        own = load_settings(GatewaySettings, read_values(file, os.environ))
        key = read_transport_key(own.keys_directory)
        with open_database(own.gateway_database).connect() as connection:
            gateway = url_of(connection, city)
        if gateway is None:
            raise ValueError(
                spoken(
                    f"city {city} is not in the roster, see `huxin cities`",
                    f"城市 {city} 不在成员名册中，参见 huxin cities",
                )
            )
    with plain_answers(HINTS), City(gateway, key) as partner:
        yield partner, own.city


def _events(token: str) -> list[str]:
    """Return the names of what a notice tells; who signed it is for the node to check."""
    try:
        return [name.rpartition(":")[2] for name in visible_claims(token)["events"]]
    except (ValueError, LookupError, TypeError):
        return ["?"]
