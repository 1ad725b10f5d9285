"""What the parts of the plain call say to each other; nobody else knows these messages."""

from dataclasses import dataclass
from typing import Final

from contracts.fields import Identifier, Moment, Slug
from contracts.wire import command, event, reply
from services.plumbing.topology import Subscriptions


@reply("plain.booking.record.v1")
@dataclass(frozen=True, kw_only=True)
class BookingRecord:
    """A thing that was booked."""

    booking_id: Identifier
    thing: Slug
    made_at: Moment


@command("plain.booking.make.v1", reply=BookingRecord)
@dataclass(frozen=True, kw_only=True)
class MakeBooking:
    """Book a thing.  The caller names the booking, so a repeat gets the first answer."""

    booking_id: Identifier
    thing: Slug


@event("plain.booking.made.v1")
@dataclass(frozen=True, kw_only=True)
class BookingMade:
    """A thing was booked."""

    booking_id: Identifier
    thing: Slug
    made_at: Moment


READ_SIDE_QUEUE: Final = "plain_read_side.events"
SUBSCRIPTIONS: Final[Subscriptions] = {READ_SIDE_QUEUE: (BookingMade,)}
