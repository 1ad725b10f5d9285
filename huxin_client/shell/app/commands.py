"""`huxin app`: a resident's way from consent to pass, for trying and for support."""

import typer

from huxin_client.shell.app import home, host
from huxin_client.shell.screen import ENDINGS

app_app = typer.Typer(
    no_args_is_help=True,
    help="A resident's app, for trying and support (市民应用).",
    epilog=ENDINGS,
)
app_app.command()(home.consent)
app_app.command()(home.consents)
app_app.command()(home.withdraw)
app_app.command()(home.attest)
app_app.command()(host.present)
app_app.command()(host.eligibility)
app_app.command()(host.take)
app_app.command()(host.grants)
app_app.command("pass")(host.show_pass)
app_app.command()(host.decision)
