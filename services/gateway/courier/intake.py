"""From what the services announce to what the courier has to deliver."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from contracts.catalogue import IncentiveMoved
from contracts.evidence import EvidenceChanged
from contracts.recognition import NoticeReady
from contracts.usage import GrantEvent
from contracts.words import Mover
from services.gateway.adapters.webhooks import webhook_of
from services.gateway.courier import deliveries
from services.gateway.courier.bodies import (
    ReservationEvent,
    evidence_body,
    move_body,
    reservation_body,
    webhook_body,
)
from services.gateway.courier.deliveries import Kind
from services.gateway.courier.rule_bodies import RuleEvent, rule_body


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
    """Let an operator be told, if it wants to be; of each grant in order."""
    body, subject = webhook_body(event, city=city), f"grant:{event.grant_id}"
    _tell(connection, event.operator_id, body, subject, id=id, now=now)


def take_reservation_event(
    connection: Connection, event: ReservationEvent, *, id: UUID, now: datetime
) -> None:
    """Let an operator be told of a reservation, if it wants to be."""
    body, subject = reservation_body(event), f"reservation:{event.reservation_id}"
    _tell(connection, event.operator_id, body, subject, id=id, now=now)


def take_evidence_changed(
    connection: Connection, event: EvidenceChanged, *, id: UUID, now: datetime
) -> None:
    """Let the operator who entered evidence be told, if it wants to be."""
    if event.operator_id is not None:
        body, subject = evidence_body(event), f"evidence:{event.evidence_id}"
        _tell(connection, event.operator_id, body, subject, id=id, now=now)


def take_move(connection: Connection, event: IncentiveMoved, *, id: UUID, now: datetime) -> None:
    """Let an operator be told what the city did with its incentive."""
    if event.by is Mover.CITY:
        body, subject = move_body(event), f"incentive:{event.incentive_id}"
        _tell(connection, event.operator_id, body, subject, id=id, now=now)


def take_rule_event(connection: Connection, event: RuleEvent, *, id: UUID, now: datetime) -> None:
    """Let the operator whom an event of a rule concerns be told, if it wants to be."""
    _tell(connection, event.operator_id, rule_body(event), None, id=id, now=now)


def _tell(
    connection: Connection,
    operator_id: str,
    body: str,
    subject: str | None,
    *,
    id: UUID,
    now: datetime,
) -> None:
    if webhook_of(connection, operator_id) is None:
        return
    deliveries.store(
        connection,
        id=id,
        kind=Kind.WEBHOOK,
        recipient=operator_id,
        body=body,
        subject=subject,
        now=now,
    )
