"""Lines of the log."""

import io
import json
import logging
from uuid import uuid4

import pytest
import structlog

from services.plumbing.log import bound_message, configure_logs
from services.plumbing.together import Heard, Several, one_or_several
from services.plumbing.unit_of_work import MessageContext


@pytest.fixture
def stream():
    handlers, level = logging.root.handlers, logging.root.level
    stream = io.StringIO()
    configure_logs("info", stream)
    yield stream
    logging.root.handlers, logging.root.level = handlers, level
    structlog.reset_defaults()


def lines(stream):
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_names_its_service_its_message_and_the_cause(stream):
    message = MessageContext(uuid4(), "test.message", cause=uuid4())

    with bound_message("recognition", message):
        structlog.get_logger("test").info("happened", number=1)
    structlog.get_logger("test").info("outside")

    inside, outside = lines(stream)
    assert inside.pop("ts")
    assert inside == {
        "event": "happened",
        "level": "info",
        "number": 1,
        "service": "recognition",
        "message": "test.message",
        "message_id": str(message.id),
        "cause": str(message.cause),
    }
    assert "message_id" not in outside


class Listener:
    """A service whose unit of work handles what is heard, and stores nothing."""

    name = "recognition"

    @property
    def uow(self):
        return self

    def together(self, events):
        for _context, handle in events:
            handle()
        return len(events)

    @one_or_several
    def on_something(self, event):
        structlog.get_logger("test").info("heard", number=event)


def test_each_of_several_events_is_named_in_its_own_lines(stream):
    messages = [MessageContext(uuid4(), f"test.message-{n}", cause=uuid4()) for n in range(2)]
    heard = [Heard(each, "on_something", n) for n, each in enumerate(messages)]

    with bound_message("recognition", None):
        Listener().on_something(Several(tuple(heard)))
        structlog.get_logger("test").info("afterwards")

    *each, afterwards = lines(stream)
    assert [(line["number"], line["message_id"], line["cause"]) for line in each] == [
        (n, str(message.id), str(message.cause)) for n, message in enumerate(messages)
    ]
    assert {line["service"] for line in lines(stream)} == {"recognition"}
    assert "message_id" not in afterwards


def test_lines_of_libraries_are_json_too(stream):
    logging.getLogger("library").warning("said %s", "this")

    [line] = lines(stream)
    assert (line["event"], line["level"]) == ("said this", "warning")


def test_a_refusal_is_not_logged_as_a_traceback(stream):
    logging.getLogger("nameko.containers").warning("(expected) error handling worker")

    assert lines(stream) == []


def test_a_traceback_shows_no_local_variable(stream):
    def fail(_secret):
        raise ValueError("broken")

    try:
        fail("whsec_" + "local")
    except ValueError as error:
        structlog.get_logger("test").error("unexpected error", exc_info=error)

    [line] = lines(stream)
    assert "ValueError: broken" in line["exception"]
    assert "whsec_local" not in line["exception"]
