"""`huxin crosswalk`: what documents say, where each stands, and what changed."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from huxin_client.shell.language import spoken
from services.cli.crosswalk.files import load_either, load_signed, signed_files, trusted_by
from services.cli.crosswalk.report import differences, parties, rows, span
from services.cli.crosswalk.signing import Roster
from services.cli.roster.signing import Trusted as AllianceKeys
from services.cli.screen import note, out, plain_errors, say
from services.plumbing.clock import utc_now
from services.recognition.domain.crosswalk_versions import Document, reference, state_of

Either = Annotated[Path, typer.Argument(help="A draft or a signed document. 草稿或已签名文件。")]


def show(
    files: Annotated[
        list[Path], typer.Argument(help="Signed documents, or directories. 已签名文件或目录。")
    ],
    *,
    alliance_keys: AllianceKeys,
    roster: Roster = None,
) -> None:
    """Say where each document stands, who signed it, and what its bands count (查看对照表)."""
    with plain_errors():
        now = utc_now()
        trusted = trusted_by(alliance_keys, roster, now)
        signed = [load_signed(file, trusted) for file in signed_files(files)]
        complete = [each.document for each in signed if not each.missing]
        for each in signed:
            document = each.document
            among = [other for other in complete if other.name == document.name]
            state = state_of(document, among, now, complete=not each.missing)
            say(f"{reference(document)}: {state}, {span(document)}")
            say(f"  {parties(each)}")
            out.print(_table(document))


def diff(old: Either, new: Either) -> None:
    """Say which bands changed and which tiers move (比较两版对照表)."""
    with plain_errors():
        before, after = load_either(old), load_either(new)
        for line in differences(before, after):
            say(line)
    note(
        spoken(
            "huxin: signatures were not checked; `huxin crosswalk verify` does",
            "huxin: 未核验签名；请用 huxin crosswalk verify 核验",
        )
    )


def _table(document: Document) -> Table:
    table = Table(
        spoken("city", "城市"),
        spoken("range", "分值区间"),
        spoken("band", "等级"),
        spoken("tier", "联盟等级"),
        box=None,
        pad_edge=False,
    )
    for row in rows(document):
        table.add_row(*row)
    return table
