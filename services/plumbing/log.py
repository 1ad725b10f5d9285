"""JSON lines: one object per event, with the message at hand bound to it."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Final, TextIO

import structlog
from marshmallow import fields, validate
from structlog.contextvars import bound_contextvars, merge_contextvars
from structlog.stdlib import ProcessorFormatter
from structlog.typing import Processor

from services.plumbing.unit_of_work import MessageContext

LEVELS: Final = ("DEBUG", "INFO", "WARNING", "ERROR")
LogLevel = Annotated[
    str,
    fields.String(
        validate=validate.OneOf(
            [*LEVELS, *map(str.lower, LEVELS)], error=f"One of {', '.join(LEVELS)}."
        )
    ),
]

_SHARED: tuple[Processor, ...] = (
    merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="ts"),
)


def configure_logs(level: str, stream: TextIO) -> None:
    """Send structlog's events and the standard library's records to `stream` as JSON lines."""
    structlog.configure(
        processors=[*_SHARED, ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        ProcessorFormatter(
            foreign_pre_chain=_SHARED,
            processors=[
                ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    logging.getLogger("nameko.containers").addFilter(_is_unexpected)
    for chatty in ("amqp", "kombu", "alembic"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


def _is_unexpected(record: logging.LogRecord) -> bool:
    """Drop nameko's traceback of a refusal: the entrypoint logs it in one line."""
    return not str(record.msg).startswith("(expected)")


@contextmanager
def bound_message(service: str, message: MessageContext | None) -> Iterator[None]:
    """Name the service and the message in every line logged inside."""
    if message is None:
        with bound_contextvars(service=service):
            yield
    else:
        ids = {"message_id": str(message.id), "cause": str(message.cause or "")}
        with bound_contextvars(service=service, message=message.name, **ids):
            yield
