"""`huxin evidence show`: what became of one piece of evidence, for whoever audits it."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import typer

from contracts.errors import NotFound
from huxin_client.shell.language import spoken
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
            raise NotFound("not_found", spoken("evidence", "信用信息"))
    document = evidence.document
    version, kind = evidence.item_version, evidence.subject.kind
    about = spoken(f"version {version}, {kind}", f"版本 {version}，{kind}")
    say(f"{evidence.item_id} {about}")
    say(f"{document.type} {document.number}, {document.issuer}, {document.issued_on}")
    start, until = _moment(evidence.live_from), ""
    if evidence.live_until:
        end = _moment(evidence.live_until)
        until = spoken(f" until {end}", f"至 {end}")
    source = evidence.source or spoken("the city", "本市")
    begun = spoken(f"from {start}", f"自 {start} 起")
    say(f"{begun}{until}{spoken(f', by {source}', f'，来源：{source}')}")
    for turn in evidence.turns:
        say(f"{turn.at:%Y-%m-%d %H:%M:%S}Z {turn.state}: {turn.reason}")
    state = evidence.state_at(utc_now())
    say(spoken(f"now: {state}", f"现状：{state}"))


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}Z"
