"""A small service for tests of the plumbing: it answers, announces, hears, and fails on request."""

import os
import signal
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID, uuid4

from sqlalchemy import Column, Integer, MetaData, Table, Uuid, func, insert, select

from contracts.errors import Malformed, Refused
from contracts.recognition import RecognitionEnded, Revocation, RevokeAttestation
from contracts.words import RevocationReason
from services.plumbing.clock import utc_now
from services.plumbing.database import open_database
from services.plumbing.entrypoints import answers, hears
from services.plumbing.green import eventlet
from services.plumbing.message_tables import message_tables
from services.plumbing.providers import SettingsProvider, UnitOfWorkProvider
from services.plumbing.relay import OutboxRelay
from services.plumbing.runner import Services, container_config
from services.plumbing.signals import outbox_signal
from services.plumbing.unit_of_work import SqlUnitOfWork

metadata = MetaData()
messages = message_tables(metadata)
effects = Table(
    "effects", metadata, Column("id", Integer, primary_key=True), Column("recognition_id", Uuid)
)

MOMENT = datetime(2026, 11, 1, 8, tzinfo=UTC)


@dataclass
class Behaviour:
    """What the handler does with an event, by its `reason`; counts its runs."""

    runs: Counter = field(default_factory=Counter)
    order: list[UUID] = field(default_factory=list)

    def act(self, event: RecognitionEnded) -> None:
        self.runs[event.recognition_id] += 1
        self.order.append(event.recognition_id)
        match event.reason:
            case "fails_twice" if self.runs[event.recognition_id] <= 2:
                raise RuntimeError("not yet")
            case "always_fails":
                raise RuntimeError("never")
            case "malformed":
                raise Malformed("malformed", "nothing to make of it")
            case "kills":
                os.kill(os.getpid(), signal.SIGKILL)
            case "slow":
                eventlet.sleep(0.3)


class LedgerUnitOfWork(SqlUnitOfWork):
    def add_effect(self, id: UUID) -> None:
        self.connection.execute(insert(effects).values(recognition_id=id))


class Ledger:
    name = "recognition"
    queue = "ledger.events"

    settings = SettingsProvider()
    uow = UnitOfWorkProvider(lambda *parts: LedgerUnitOfWork(parts[0], messages, *parts[1:]))
    relay = OutboxRelay()

    @hears(RecognitionEnded, together=True)
    def on_recognition_ended(self, event: RecognitionEnded) -> None:
        with self.uow as uow:
            uow.add_effect(event.recognition_id)
            self.settings.act(event)
            uow.commit()

    @answers(RevokeAttestation)
    def revoke_attestation(self, command: RevokeAttestation) -> Revocation:
        match command.reason:
            case RevocationReason.FACT_DISPUTED:
                raise Malformed("malformed", "said so", {"reason": "Not this one."})
            case RevocationReason.CONSENT_WITHDRAWN:
                raise Refused("consent_withdrawn", "said so")
            case RevocationReason.KEY_COMPROMISED:
                raise RuntimeError("the text of an internal error")
            case RevocationReason.SCORE_CHANGED:
                eventlet.sleep(1)
        return Revocation(
            attestation_id=command.attestation_id, reason=command.reason, revoked_at=MOMENT
        )


def an_event(reason: str = "works") -> RecognitionEnded:
    return RecognitionEnded(
        recognition_id=uuid4(),
        attestation_id=uuid4(),
        holder="holder-pseudonym-0001",
        home="330100",
        reason=reason,
        ended_at=MOMENT,
    )


@dataclass
class Node:
    """One bus, one database, one queue; the service itself starts and stops as a test wants."""

    bus_url: str
    database_url: str
    queue: str
    behaviour: Behaviour = field(default_factory=Behaviour)
    retry_delays: tuple[float, ...] = (0.05, 0.1)

    def __post_init__(self) -> None:
        self.engine = open_database(self.database_url)
        self.subscriptions = {self.queue: (RecognitionEnded,)}
        metadata.create_all(self.engine)

    def services(self, linger: float = 0.0) -> Services:
        service = type("Ledger", (Ledger,), {"queue": self.queue, "linger": linger})
        config = container_config(
            bus_url=self.bus_url,
            settings=self.behaviour,
            database_url=self.database_url,
            retry_delays=self.retry_delays,
            subscriptions=self.subscriptions,
        )
        return Services().add(service, config)

    def announce(self, *events: RecognitionEnded) -> None:
        wake = outbox_signal(self.engine).wake
        with SqlUnitOfWork(self.engine, messages, utc_now, wake=wake) as uow:
            for event in events:
                uow.outbox.add(event)
            uow.commit()

    def effects(self) -> list[UUID]:
        with self.engine.begin() as connection:
            return list(connection.scalars(select(effects.c.recognition_id).order_by(effects.c.id)))

    def waiting(self) -> int:
        with self.engine.begin() as connection:
            return connection.scalar(select(func.count()).select_from(messages.outbox))
