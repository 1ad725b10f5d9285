"""Enter the `huxin` command where no node is installed."""

import sys

from huxin_client.shell.terminal import plainer


def main() -> None:
    """Run the command line; say what is missing without the extra `shell`."""
    plainer(sys.stdout, sys.stderr)
    try:
        import typer  # noqa: PLC0415  it may be missing
    except ImportError:
        sys.exit("huxin: install its commands as well 请同时安装命令行依赖: huxin-client[shell]")
    from huxin_client.shell.app.commands import app_app  # noqa: PLC0415  they need typer
    from huxin_client.shell.operator.commands import operator_app  # noqa: PLC0415

    commands = typer.Typer(
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        help="Huxin 互信: at a city's gateway, as an operator or as an app (网关客户端).",
    )
    commands.add_typer(operator_app, name="operator")
    commands.add_typer(app_app, name="app")
    commands()
