"""`huxin evidence`: the catalogue of evidence and what is entered in bulk, in this city's node."""

import typer

from services.cli.evidence import catalogue, entering, history

evidence_app = typer.Typer(
    no_args_is_help=True,
    help="Evidence of effective documents, and its catalogue (信用信息与目录).",
)
catalogue_app = typer.Typer(
    no_args_is_help=True, help="What evidence there may be, by which law (信用信息目录)."
)
catalogue_app.command("import")(catalogue.import_items)
catalogue_app.command("list")(catalogue.list_items)
evidence_app.add_typer(catalogue_app, name="catalogue")
evidence_app.command("import")(entering.import_evidence)
evidence_app.command("show")(history.show)
