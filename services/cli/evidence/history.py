"""`huxin evidence show`: what became of one piece of evidence, for whoever audits it."""

from typing import Annotated
from uuid import UUID

import typer

from contracts.errors import NotFound
from services.cli.evidence.scenarios import open_scenarios
from services.cli.options import SettingsFile
from services.cli.screen import plain_errors, say
from services.plumbing.clock import utc_now

EvidenceId = Annotated[UUID, typer.Argument(help="Its id. 信息编号。")]


def show(evidence_id: EvidenceId, settings: SettingsFile = None) -> None:
    """Show the document and every state of one piece of evidence (查看信息及其状态变动)."""
    with plain_errors():
        uow = open_scenarios(settings)
        with uow.whole(kept=False):
            evidence = uow.evidence.get(evidence_id)
        if evidence is None:
            raise NotFound("not_found", "evidence")
    document = evidence.document
    say(f"{evidence.item_id} version {evidence.item_version}, {evidence.subject.kind}")
    say(f"{document.type} {document.number}, {document.issuer}, {document.issued_on}")
    until = f" until {evidence.live_until:%Y-%m-%d %H:%M}Z" if evidence.live_until else ""
    say(f"from {evidence.live_from:%Y-%m-%d %H:%M}Z{until}, by {evidence.source or 'the city'}")
    for turn in evidence.turns:
        say(f"{turn.at:%Y-%m-%d %H:%M:%S}Z {turn.state}: {turn.reason}")
    say(f"now: {evidence.state_at(utc_now())}")
