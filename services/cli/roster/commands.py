"""`huxin roster`: the alliance's office, which works on files and needs no node."""

import typer

from services.cli.roster import drafts, pseudonyms, signing

roster_app = typer.Typer(
    no_args_is_help=True, help="The alliance's roster, for its offices (联盟成员名册管理)."
)
roster_app.command()(drafts.create)
roster_app.command()(drafts.add_city)
roster_app.command()(drafts.rotate_key)
roster_app.command()(drafts.retire_key)
roster_app.command()(drafts.set_state)
roster_app.command()(signing.new_key)
roster_app.command()(signing.key_set)
roster_app.command()(signing.sign)
roster_app.command()(signing.verify)
roster_app.command()(signing.diff)
roster_app.command()(pseudonyms.pseudonym_key)
roster_app.command()(pseudonyms.seal_keys)
roster_app.command()(pseudonyms.countersign_keys)
