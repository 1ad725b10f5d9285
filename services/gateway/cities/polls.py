"""Polls of partner cities for the notices that wait for them (RFC 8936)."""

from typing import Final
from uuid import UUID

from sqlalchemy import Engine

from contracts.exchange import PollAnswer, PollBody
from services.gateway.authentication.callers import PartnerCity
from services.gateway.calls import Call
from services.gateway.courier import polled
from services.plumbing.clock import Clock

MOST_SETS: Final = 100  # in one answer


class Polls:
    """A city gets, acknowledges and refuses what is its own; of others' it learns nothing.

    The answer comes at once, also to a long poll: none of the few workers waits for news, and
    what is new is pushed anyway.
    """

    def __init__(self, engine: Engine, clock: Clock, given_up_after: int) -> None:
        self._engine, self._clock, self._given_up_after = engine, clock, given_up_after

    def poll_notices(self, call: Call[PartnerCity, PollBody]) -> PollAnswer:
        city, body, now = call.caller.code, call.body, self._clock()
        taken = [name for text in body.ack if (name := _name(text))]
        errors = {
            name: f"{each.err}: {each.description}"
            for text, each in body.setErrs.items()
            if (name := _name(text))
        }
        polled.acknowledge(self._engine, city, taken, now=now)
        polled.refuse(self._engine, city, errors)
        wanted = MOST_SETS if body.maxEvents is None else min(body.maxEvents, MOST_SETS)
        handed, more = polled.hand_out(
            self._engine, city, limit=wanted, given_up_after=self._given_up_after, now=now
        )
        return PollAnswer(sets={str(each.id): each.body for each in handed}, moreAvailable=more)


def _name(text: str) -> UUID | None:
    """Read the name of a notice; what is none names nothing that waits here."""
    try:
        return UUID(text)
    except ValueError:
        return None
