"""The commands of `huxin` that run something."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from huxin_client.shell.app.commands import app_app
from huxin_client.shell.language import spoken
from huxin_client.shell.operator.commands import operator_app
from services.cli import check, founding, repair
from services.cli.cities import cities
from services.cli.counters import counters_app
from services.cli.crosswalk.commands import crosswalk_app
from services.cli.decisions import explain, replay_decision
from services.cli.demo.command import demo as play
from services.cli.erasures import erasures_app
from services.cli.evidence.commands import evidence_app
from services.cli.exchange.commands import exchange_app
from services.cli.gateway import serve
from services.cli.node import Node
from services.cli.options import SettingsFile
from services.cli.partner.commands import partner_app
from services.cli.parts import PARTS, database_urls, run_part
from services.cli.passes.commands import passes_app
from services.cli.records import records_app
from services.cli.roster.commands import roster_app
from services.cli.rules import rules_app
from services.cli.running import running
from services.cli.sandbox import gateway_urls, make_sandbox
from services.cli.scenarios.commands import scenarios_app
from services.cli.scores.commands import scores_app
from services.cli.screen import err, out, plain_errors
from services.cli.settlement.commands import settlement_app
from services.cli.tallies import tallies_app
from services.gateway.settings import GatewaySettings
from services.plumbing.clock import utc_now
from services.plumbing.log import configure_logs
from services.plumbing.settings import load_settings, read_values

CALLERS = "At a city's gateway (网关调用方)"

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Huxin 互信: cities recognise each other's trust scores (城市信用分互认).",
)
app.command()(founding.init)
app.command()(founding.key)
app.command()(check.check)
app.command()(cities)
app.command()(explain)
app.command("replay")(replay_decision)
app.add_typer(roster_app, name="roster")
app.add_typer(crosswalk_app, name="crosswalk")
app.add_typer(scenarios_app, name="scenarios")
app.add_typer(exchange_app, name="exchange")
app.add_typer(evidence_app, name="evidence")
app.add_typer(erasures_app, name="erasures")
app.add_typer(passes_app, name="pass")
app.add_typer(records_app, name="records")
app.add_typer(rules_app, name="rules")
app.add_typer(scores_app, name="scores")
app.add_typer(tallies_app, name="tallies")
app.add_typer(counters_app, name="counters")
app.add_typer(settlement_app, name="settlement")
app.add_typer(repair.parked_app, name="parked")
app.add_typer(repair.deliveries_app, name="deliveries")
app.add_typer(partner_app, name="partner", rich_help_panel=CALLERS)
app.add_typer(operator_app, name="operator", rich_help_panel=CALLERS)
app.add_typer(app_app, name="app", rich_help_panel=CALLERS)

GATEWAY = "gateway"
ALL_PARTS = ", ".join([*PARTS, GATEWAY])
Port = Annotated[int, typer.Option(help="The first of three ports. 首个端口。", min=1, max=65533)]


@app.command()
def demo(
    *,
    keep: Annotated[
        bool, typer.Option("--keep", help="Leave the cities up afterwards. 结束后保持运行。")
    ] = False,
    port: Port = 8331,
) -> None:
    """Play the whole story between three cities on this machine (三城演示)."""
    configure_logs("WARNING", sys.stderr)
    with plain_errors():
        if not play(out, port, keep=keep):
            raise typer.Exit(1)


@app.command()
def up(settings: SettingsFile = Path("node.toml")) -> None:
    """Run one city's node in this process until SIGTERM or Ctrl-C (单进程运行节点)."""
    with plain_errors():
        values = read_values(settings, os.environ)
        configure_logs(load_settings(GatewaySettings, values).log_level, sys.stdout)
        with running(database_urls(values), alone=True):
            node = Node(values)
            city, url = node.settings.city, node.settings.gateway_url
            err.print(f"huxin: {spoken(f'city {city} at {url}', f'城市 {city}，网关 {url}')}")
            node.run()


@app.command()
def run(
    part: Annotated[str, typer.Argument(help=f"One of: {ALL_PARTS}. 节点的一个部分。")],
    settings: SettingsFile = None,
    workers: Annotated[int, typer.Option(help="Processes of the gateway. 网关进程数。", min=1)] = 1,
    metrics_port: Annotated[
        int | None,
        typer.Option(help="Serve this part's metrics; the gateway has /metrics. 指标端口。"),
    ] = None,
) -> None:
    """Run one part of a production node, each in its own process (运行生产节点的一个部分)."""
    with plain_errors():
        if part == GATEWAY:
            serve(settings, workers)
        else:
            run_part(part, settings, metrics_port)


@app.command()
def sandbox(
    directory: Annotated[Path, typer.Argument(help="A new directory. 新目录。")], port: Port = 8331
) -> None:
    """Write keys, roster, settings and synthetic people of three cities (生成三城沙盒)."""
    with plain_errors():
        made = make_sandbox(directory.absolute(), gateway_urls(port), utc_now())
    for file in made.settings.values():
        out.print(f"huxin up --settings {file}", highlight=False)
