"""Usage: a host tells home what became of the grants that rest on its attestations.

Lines are kept for some seconds, so that one signed notice tells of many (ADR 0047).
"""

from datetime import datetime
from typing import Final
from uuid import UUID, uuid5

from contracts import wire
from contracts.errors import Forbidden, NotFound
from contracts.notices import USAGE_LINES_REPORTED, UsageLinesReported
from contracts.recognition import UsageReported
from contracts.usage import GrantEvent, usage_of
from services.recognition.domain.notice import UnsignedNotice
from services.recognition.domain.usage import UnreportedLine
from services.recognition.handlers.heard import Heard
from services.recognition.handlers.notices import announce_notice
from services.recognition.ports import Node, UnitOfWork

AT_A_TIME: Final = 50  # lines of a notice; 60 of the longest are as much as a gateway takes
SUBJECT: Final = "usage"  # of all these notices to a city, so that lines keep their order
_NOTICES: Final = UUID("6f0d4a3e-1c55-4f0b-9a8e-52c7d0b7c9e4")  # the namespace of their ids


def keep_usage(event: GrantEvent, *, uow: UnitOfWork, node: Node) -> None:
    """Keep the line that this event makes in the statement with the home city, to report it.

    Safe to repeat.  A grant on this city's own attestation concerns nobody else.
    """
    line = usage_of(event, host=node.city)
    with uow:
        if event.home != node.city:
            uow.unreported_lines.add(
                UnreportedLine(id=line.line_id, home=event.home, body=wire.dump(line))
            )
        uow.commit()


def report_usage(*, uow: UnitOfWork, node: Node, now: datetime) -> bool:
    """Tell each home city the next of its lines by one notice; say whether more wait.

    Safe to repeat, and in several processes at a time.
    """
    with uow.glance():
        homes = uow.unreported_lines.homes()
    more = [_report_to(home, uow=uow, node=node, now=now) for home in homes]
    return any(more)


def _report_to(home: str, *, uow: UnitOfWork, node: Node, now: datetime) -> bool:
    """Announce a notice and drop its lines, in one transaction.

    Its id is made of all its lines: the same id never tells of others, which home would not read.
    """
    with uow:
        lines = uow.unreported_lines.take(home, AT_A_TIME)
        if lines:
            report = UnsignedNotice(
                id=uuid5(_NOTICES, ",".join(str(line.id) for line in lines)),
                recipient=home,
                event=USAGE_LINES_REPORTED,
                body={"lines": [line.body for line in lines]},
                subject=SUBJECT,
            )
            announce_notice(report, uow=uow, node=node, now=now)
            uow.commit()
    return len(lines) == AT_A_TIME


def on_usage_lines_reported(heard: Heard) -> None:
    """Pass on, line by line, what became of grants; what the sender may not say is passed over."""
    lines = heard.read(UsageLinesReported).lines
    issued = heard.uow.issuances.issued_to(heard.sender, {line.attestation_id for line in lines})
    refused = []
    for line in lines:
        if line.host == heard.sender and line.attestation_id in issued:
            heard.uow.outbox.add(line)
        else:
            refused.append(line.line_id)
    if refused:
        heard.node.measures.lines_refused(heard.sender, refused)


def on_usage_reported(heard: Heard) -> None:
    """Pass on what became of a grant; raises Forbidden or NotFound unless the sender may say it."""
    report = heard.read(UsageReported)
    if report.host != heard.sender:
        raise Forbidden("forbidden", "a city reports its own grants")
    if not heard.uow.issuances.issued_to(heard.sender, {report.attestation_id}):
        raise NotFound("not_found", "attestation")
    heard.uow.outbox.add(report)
