"""`huxin crosswalk`: the offices of the alliance and of two cities, on files, without a node."""

import typer

from services.cli.crosswalk import comparing, showing, signing

crosswalk_app = typer.Typer(
    no_args_is_help=True,
    help="Crosswalks and what two cities agree on, for their offices (等级对照表与双边约定管理).",
)
crosswalk_app.command()(signing.propose)
crosswalk_app.command()(signing.sign)
crosswalk_app.command()(signing.verify)
crosswalk_app.command()(showing.show)
crosswalk_app.command()(showing.diff)
crosswalk_app.command()(comparing.compare)
