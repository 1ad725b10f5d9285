"""Usage: a host tells home what became of a grant that rests on its attestation."""

from datetime import datetime

from contracts import wire
from contracts.errors import Forbidden, NotFound
from contracts.notices import USAGE_REPORTED
from contracts.recognition import UsageReported
from contracts.usage import GrantEvent, usage_of
from services.recognition.domain.notice import UnsignedNotice
from services.recognition.handlers.heard import Heard
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
            id=line.line_id,
            recipient=event.home,
            event=USAGE_REPORTED,
            body=wire.dump(line),
            subject=str(line.grant_id),
        )
        announce_notice(report, uow=uow, node=node, now=now)
        uow.commit()


def on_usage_reported(heard: Heard) -> None:
    """Pass on what became of a grant; raises Forbidden or NotFound unless the sender may say it."""
    report = heard.read(UsageReported)
    if report.host != heard.sender:
        raise Forbidden("forbidden", "a city reports its own grants")
    if heard.uow.issuances.recipient_of(report.attestation_id) != heard.sender:
        raise NotFound("not_found", "attestation")
    heard.uow.outbox.add(report)
