"""The `huxin` command."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from services.cli.screen import err, out, plain_errors
from services.plumbing.green import patch

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Huxin 互信: cities recognise each other's trust scores. 城市信用分互认。",
)

SettingsFile = Annotated[
    Path | None,
    typer.Option(
        "--settings",
        envvar="HUXIN_SETTINGS",
        help="Settings file (TOML); HUXIN_<NAME> in the environment overrides it. 设置文件。",
    ),
]
Port = Annotated[
    int, typer.Option(help="First of three ports. 三个端口中的第一个。", min=1, max=65533)
]


def _parts() -> list[str]:
    return ["recognition", "scenarios", "eligibility", "courier", "gateway"]


@app.command()
def demo(
    *,
    keep: Annotated[
        bool, typer.Option("--keep", help="Leave the cities up afterwards. 结束后保持运行。")
    ] = False,
    port: Port = 8331,
) -> None:
    """Play the whole story between three cities on this machine (三城演示)."""
    patch()
    from services.cli.demo.command import demo as play  # noqa: PLC0415  only after the patch
    from services.plumbing.log import configure_logs  # noqa: PLC0415  only after the patch

    configure_logs("WARNING", sys.stderr)
    with plain_errors():
        if not play(out, port, keep=keep):
            raise typer.Exit(1)


@app.command()
def up(settings: SettingsFile = Path("node.toml")) -> None:
    """Run one city's node in this process until SIGTERM or Ctrl-C (单进程运行节点)."""
    patch()
    from services.cli.node import Node  # noqa: PLC0415  only after the patch
    from services.plumbing.log import configure_logs  # noqa: PLC0415  only after the patch
    from services.plumbing.settings import read_values  # noqa: PLC0415  only after the patch

    with plain_errors():
        values = read_values(settings, os.environ)
        configure_logs(values.get("log_level", "INFO"), sys.stdout)
        node = Node(values)
        err.print(f"huxin: city {node.settings.city} at {node.settings.gateway_url}")
        node.run()


@app.command()
def run(
    part: Annotated[str, typer.Argument(help=f"One of: {', '.join(_parts())}. 节点的一个部分。")],
    settings: SettingsFile = None,
    workers: Annotated[int, typer.Option(help="Processes of the gateway. 网关进程数。", min=1)] = 1,
) -> None:
    """Run one part of a production node, each in its own process (运行生产节点的一个部分)."""
    if part == "gateway":
        from services.cli.gateway import serve  # noqa: PLC0415  granian must not be patched

        with plain_errors():
            serve(settings, workers)
        return
    patch()
    from services.cli.parts import run_part  # noqa: PLC0415  only after the patch

    with plain_errors():
        run_part(part, settings)


@app.command()
def sandbox(
    directory: Annotated[Path, typer.Argument(help="A new directory. 新目录。")], port: Port = 8331
) -> None:
    """Write keys, roster, settings and synthetic people of three cities (生成三城沙盒)."""
    from services.cli.sandbox import gateway_urls, make_sandbox  # noqa: PLC0415  quick help
    from services.plumbing.clock import utc_now  # noqa: PLC0415  quick help

    with plain_errors():
        made = make_sandbox(directory.absolute(), gateway_urls(port), utc_now())
    for file in made.settings.values():
        out.print(f"huxin up --settings {file}", highlight=False)


def main() -> None:
    """Enter here."""
    app()
