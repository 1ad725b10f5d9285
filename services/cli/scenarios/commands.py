"""`huxin scenarios`: the catalogue of this city's node, by file and on the screen."""

import typer

from services.cli.scenarios import importing, showing

scenarios_app = typer.Typer(
    no_args_is_help=True, help="Operators, scenarios and incentives (信用场景目录)."
)
scenarios_app.command("import")(importing.import_catalogue)
scenarios_app.command("list")(showing.list_scenarios)
scenarios_app.command("show")(showing.show)
scenarios_app.command("export")(showing.export)
