"""Events that are handled together: one worker, one transaction, one acknowledgement (ADR 0048)."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, wraps
from typing import Any

from services.plumbing.log import bound_message
from services.plumbing.unit_of_work import MessageContext


@dataclass(frozen=True)
class Heard:
    """An event, and the method of the service that hears it."""

    context: MessageContext
    method: str
    body: Any


@dataclass(frozen=True)
class Several:
    """Events for one call of a service, in their order."""

    events: tuple[Heard, ...]


def one_or_several(method: Callable[..., Any]) -> Any:
    """Let a method that hears an event be called with several, of whichever methods like it.

    Then it returns how many of them were new.  The service has its unit of work in `uow`.
    """

    @wraps(method)
    def hear(service: Any, event: Any) -> Any:
        if not isinstance(event, Several):
            return method(service, event)
        return service.uow.together(
            [(each.context, partial(_hear_one, service, each)) for each in event.events]
        )

    return hear


def _hear_one(service: Any, heard: Heard) -> None:
    with bound_message(service.name, heard.context):
        getattr(service, heard.method)(heard.body)
