"""The door of the plain call, which serve.py serves; HUXIN_BUS_URL names the bus."""

import json
import os
import sys
from dataclasses import dataclass
from uuid import UUID

import falcon

from contracts import wire
from contracts.fields import Slug
from services.gateway import problems
from services.gateway.front import Front
from services.plumbing.bus import Bus
from services.plumbing.clock import utc_now
from services.plumbing.log import configure_logs
from tests.bench.plain.messages import MakeBooking


@dataclass(frozen=True, kw_only=True)
class BookingBody:
    """What is to be booked."""

    thing: Slug


class Bookings:
    """Sends each booking over the bus, and answers what the service says."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    def on_put(self, request: falcon.Request, response: falcon.Response, booking_id: UUID) -> None:
        body: BookingBody = wire.load(BookingBody, request.get_media())
        record = self._bus.call(MakeBooking(booking_id=booking_id, thing=body.thing))
        response.data = json.dumps(wire.dump(record), ensure_ascii=False).encode()
        response.content_type = falcon.MEDIA_JSON


configure_logs("INFO", sys.stdout)
app = falcon.App()
problems.install(app)
app.add_route("/bookings/{booking_id:uuid}", Bookings(Bus(os.environ["HUXIN_BUS_URL"], utc_now)))
front = Front(app, quick=())
