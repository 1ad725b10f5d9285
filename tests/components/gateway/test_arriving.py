"""A body that does not arrive holds nobody for long."""

import io
import threading

import pytest

from contracts.errors import Malformed, Unavailable
from services.gateway import arriving, bodies
from services.gateway.arriving import read_in_time

pytestmark = pytest.mark.gateway


class Silent:
    """A stream of somebody who says nothing until they are hung up on."""

    def __init__(self):
        self.over = threading.Event()

    def read(self, _most):
        self.over.wait(60)
        return b""


@pytest.fixture
def silent():
    silent = Silent()
    yield silent
    silent.over.set()


def test_a_body_that_is_there_is_read():
    assert read_in_time(io.BytesIO(b"body"), 3) == b"bod"


def test_a_body_that_does_not_come_is_not_waited_for(silent):
    with pytest.raises(Malformed, match="too_slow"):
        read_in_time(silent, 9, seconds=0.01)


def test_what_goes_wrong_with_a_body_is_told():
    class Broken:
        def read(self, _most):
            raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        read_in_time(Broken(), 9)


def test_only_so_many_are_waited_for_and_who_is_gone_makes_room(silent, monkeypatch):
    places = threading.BoundedSemaphore(1)
    monkeypatch.setattr(arriving, "_places", places)
    with pytest.raises(Malformed):
        read_in_time(silent, 9, seconds=0.01)

    with pytest.raises(Unavailable):
        read_in_time(io.BytesIO(b"body"), 9)
    silent.over.set()
    assert places.acquire(timeout=60)
    places.release()

    assert read_in_time(io.BytesIO(b"body"), 9) == b"body"


def test_who_is_too_slow_is_told_and_hung_up_on(door, monkeypatch):
    def slow(_stream, _most):
        raise Malformed("too_slow")

    monkeypatch.setattr(bodies, "read_in_time", slow)

    answer = door.ask("PUT", "/v1/webhook", door.operator(), json={"url": "https://a.example"})

    assert (answer.status_code, answer.json["code"]) == (408, "too_slow")
    assert answer.headers["Connection"] == "close"
