"""Lines of the log."""

import io
import json
import logging
from uuid import uuid4

import pytest
import structlog

from services.plumbing.log import bound_message, configure_logs
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
