"""How long a recognition takes to be seen, from the event on the bus to the answer over HTTP."""

import contextlib
import math
import time
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import requests
from amqp.exceptions import NotFound
from kombu import Connection

from contracts import wire
from contracts.pseudonyms import holder_of
from contracts.recognition import RecognitionRecord, ScoreRecognised
from services.gateway.authentication.sessions import Holders
from services.plumbing.clock import utc_now
from tests.bench.population import KEY, PURPOSES

NEWCOMERS, APART, AGAIN, LONGEST = 150, 0.05, 0.005, 30.0
QUEUE = "eligibility.events"


def is_heard(bus_url: str) -> bool:
    """Say whether the part that hears of recognitions has a queue by now."""
    with Connection(bus_url) as connection, contextlib.suppress(NotFound):
        connection.channel().queue_declare(QUEUE, passive=True)
        return True
    return False


class Newcomers:
    """Holders who are recognised while others read, and ask at once what they may take."""

    def __init__(self, bus_url: str, url: str, sessions: Holders) -> None:
        self._bus_url, self._url, self._sessions = bus_url, url, sessions

    def arrive(self, count: int = NEWCOMERS) -> list[float]:
        """Let some come, one after the other; return for each the seconds until it was seen."""
        waiting: list[Future[float]] = []
        with (
            Connection(self._bus_url) as connection,
            connection.Producer() as producer,
            ThreadPoolExecutor(4) as threads,
        ):
            for _ in range(count):
                event = recognised()
                token = self._sessions.open(record_of(event)).token
                envelope = wire.encode(event, at=utc_now())
                began = time.monotonic()
                producer.publish(envelope, routing_key=QUEUE)
                waiting.append(threads.submit(self._ask, token, began))
                time.sleep(APART)
            return [each.result() for each in waiting]

    def _ask(self, token: str, began: float) -> float:
        headers = {"Authorization": f"Bearer {token}"}
        while time.monotonic() - began < LONGEST:
            if requests.get(self._url, headers=headers, timeout=LONGEST).ok:
                return time.monotonic() - began
            time.sleep(AGAIN)
        raise RuntimeError("a recognition was never seen")


def recognised() -> ScoreRecognised:
    now = utc_now()
    return ScoreRecognised(
        recognition_id=uuid4(),
        attestation_id=uuid4(),
        holder=holder_of(KEY, str(uuid4())),
        home="350100",
        tier=4,
        purposes=PURPOSES,
        crosswalk=1,
        recognised_at=now,
        until=now + timedelta(days=30),
    )


def record_of(event: ScoreRecognised) -> RecognitionRecord:
    return RecognitionRecord(
        recognition_id=event.recognition_id,
        holder=event.holder,
        home=event.home,
        tier=event.tier,
        purposes=event.purposes,
        crosswalk=1,
        roster=1,
        status_age_seconds=0,
        recognised_at=event.recognised_at,
        until=event.until,
    )


def percentile(seconds: list[float], share: float) -> float:
    """Return the value that a share of all does not exceed."""
    return sorted(seconds)[math.ceil(share * len(seconds)) - 1]
