"""`huxin operator`: all that an operator does at its city's gateway, but for its own checks."""

import typer

from huxin_client.shell.operator import (
    clients,
    credentials,
    incentives,
    offer,
    statement,
    till,
    webhook,
)
from huxin_client.shell.screen import ENDINGS

operator_app = typer.Typer(
    no_args_is_help=True, help="An operator at its city's gateway (场景运营方).", epilog=ENDINGS
)
operator_app.command()(credentials.login)
operator_app.command()(credentials.logout)
operator_app.command()(offer.offer)
operator_app.command("incentives")(incentives.list_incentives)
operator_app.command()(incentives.show)
operator_app.command()(incentives.moves)
operator_app.command()(incentives.release)
operator_app.command()(incentives.pause)
operator_app.command()(incentives.resume)
operator_app.command()(incentives.withdraw)
operator_app.command()(incentives.usage)
operator_app.command()(till.redeem)
operator_app.command()(till.reverse)
operator_app.command()(till.recall)
operator_app.command("deposit")(till.call_deposit)
operator_app.command("statement")(statement.show_statement)
operator_app.add_typer(clients.clients_app, name="clients")
operator_app.add_typer(webhook.webhook_app, name="webhook")
