"""Usage at a host: tell home what became of a grant that rests on its attestation."""

from datetime import datetime

from contracts import wire
from contracts.notices import USAGE_REPORTED
from contracts.usage import GrantEvent, usage_of
from services.recognition.domain.notice import UnsignedNotice
from services.recognition.handlers.notices import announce_notice
from services.recognition.ports import Node, UnitOfWork


def report_usage(event: GrantEvent, *, uow: UnitOfWork, node: Node, now: datetime) -> None:
    """Send the home city the line that this event makes in the statement between both.

    Safe to repeat: the notice bears the line's id, so that home takes it in once.  A grant on this
    city's own attestation concerns nobody else.
    """
    if event.home == node.city:
        return
    line = usage_of(event, host=node.city)
    with uow:
        report = UnsignedNotice(
            id=line.line_id, recipient=event.home, event=USAGE_REPORTED, body=wire.dump(line)
        )
        announce_notice(report, uow=uow, node=node, now=now)
        uow.commit()
