"""The two services of the plain call: one books and announces, one hears and keeps a read side."""

import sys
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Column, MetaData, String, Table, Uuid, select

from contracts.errors import Conflict
from services.plumbing.database import UtcDateTime, close_database, open_database
from services.plumbing.entrypoints import answers, hears
from services.plumbing.log import configure_logs
from services.plumbing.message_tables import message_tables
from services.plumbing.providers import ClockProvider, UnitOfWorkProvider
from services.plumbing.relay import OutboxRelay
from services.plumbing.rows import insert_once
from services.plumbing.runner import Services, container_config, run_forever
from services.plumbing.unit_of_work import SqlUnitOfWork
from tests.bench.plain.messages import (
    READ_SIDE_QUEUE,
    SUBSCRIPTIONS,
    BookingMade,
    BookingRecord,
    MakeBooking,
)

metadata = MetaData()  # of both databases; each service leaves one table of its own empty
messages = message_tables(metadata)


def _bookings(name: str) -> Table:
    return Table(
        name,
        metadata,
        Column("booking_id", Uuid, primary_key=True),
        Column("thing", String(64), nullable=False),
        Column("made_at", UtcDateTime, nullable=False),
    )


bookings = _bookings("bookings")
heard_bookings = _bookings("heard_bookings")


class PlainUnitOfWork(SqlUnitOfWork):
    """Invariant: a booking id stands for one booking."""

    def add(self, booking_id: UUID, thing: str, made_at: datetime) -> bool:
        """Insert a booking; say False when its id is taken."""
        row = {"booking_id": booking_id, "thing": thing, "made_at": made_at}
        return insert_once(self.connection, bookings, **row)

    def get(self, booking_id: UUID) -> BookingRecord:
        found = self.connection.execute(select(bookings).where(bookings.c.booking_id == booking_id))
        return BookingRecord(**found.mappings().one())

    def hear(self, event: BookingMade) -> None:
        row = {"booking_id": event.booking_id, "thing": event.thing, "made_at": event.made_at}
        insert_once(self.connection, heard_bookings, **row)


class BookingsService:
    """Invariant: a booking and its announcement are one transaction."""

    name = "plain"

    uow = UnitOfWorkProvider(lambda *parts: PlainUnitOfWork(parts[0], messages, *parts[1:]))
    clock = ClockProvider()
    relay = OutboxRelay()

    @answers(MakeBooking)
    def make_booking(self, command: MakeBooking) -> BookingRecord:
        made_at = self.clock()
        told = {"booking_id": command.booking_id, "thing": command.thing, "made_at": made_at}
        with self.uow as uow:
            if uow.add(**told):
                uow.outbox.add(BookingMade(**told))
                uow.commit()
                return BookingRecord(**told)
            known = uow.get(command.booking_id)
        if known.thing != command.thing:
            raise Conflict("id_reused", "booking")
        return known


class ReadSideService:
    """Each event and its row are one transaction, of several at a time as in a node."""

    name = "plain_read_side"
    queue = READ_SIDE_QUEUE
    linger = 0.02  # seconds

    uow = UnitOfWorkProvider(lambda *parts: PlainUnitOfWork(parts[0], messages, *parts[1:]))

    @hears(BookingMade, together=True)
    def on_booking_made(self, event: BookingMade) -> None:
        with self.uow as uow:
            uow.hear(event)
            uow.commit()


SERVICES: Final = {"bookings": BookingsService, "read_side": ReadSideService}


def prepare(database_url: str) -> None:
    """Make the tables in a database."""
    metadata.create_all(open_database(database_url))
    close_database(database_url)


def run(part: str, bus_url: str, database_url: str) -> None:
    """Run one of the services in this process until it is asked to end."""
    configure_logs("INFO", sys.stdout)
    config = container_config(
        bus_url=bus_url, settings=None, database_url=database_url, subscriptions=SUBSCRIPTIONS
    )
    run_forever(Services().add(SERVICES[part], config))
