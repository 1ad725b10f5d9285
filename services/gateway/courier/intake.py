"""From what the services announce to what the courier has to deliver."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from contracts.evidence import EvidenceChanged
from contracts.recognition import NoticeReady
from contracts.usage import GrantEvent
from services.gateway.adapters.clients import webhook_of
from services.gateway.courier import deliveries
from services.gateway.courier.bodies import evidence_body, webhook_body
from services.gateway.courier.deliveries import Kind


def take_notice(connection: Connection, event: NoticeReady, *, now: datetime) -> None:
    """Let a signed notice wait for its city."""
    deliveries.store(
        connection,
        id=event.notice_id,
        kind=Kind.NOTICE,
        recipient=event.recipient,
        body=event.token,
        subject=event.subject,
        now=now,
    )


def take_grant_event(
    connection: Connection, event: GrantEvent, *, id: UUID, city: str, now: datetime
) -> None:
    """Let an operator be told, if it wants to be."""
    if webhook_of(connection, event.operator_id) is None:
        return
    deliveries.store(
        connection,
        id=id,
        kind=Kind.WEBHOOK,
        recipient=event.operator_id,
        body=webhook_body(event, city=city),
        now=now,
    )


def take_evidence_changed(
    connection: Connection, event: EvidenceChanged, *, id: UUID, now: datetime
) -> None:
    """Let the operator who entered evidence be told, if it wants to be."""
    if event.operator_id is None or webhook_of(connection, event.operator_id) is None:
        return
    deliveries.store(
        connection,
        id=id,
        kind=Kind.WEBHOOK,
        recipient=event.operator_id,
        body=evidence_body(event),
        now=now,
    )
