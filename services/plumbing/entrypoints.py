"""How a service says what it answers and what it hears."""

import time
from collections.abc import Callable
from functools import wraps
from types import TracebackType
from typing import Any, TypeVar

import structlog
from nameko.containers import WorkerContext
from nameko.exceptions import ContainerBeingKilled, serialize
from nameko.extensions import Entrypoint, register_entrypoint
from nameko.rpc import Rpc, RpcConsumer

from contracts import wire
from contracts.errors import Conflict, ContractError, Internal, Malformed
from services.plumbing.consuming import PromptQueueConsumer
from services.plumbing.errors import public_error
from services.plumbing.hearing import EventConsumer
from services.plumbing.metrics import COMMAND_SECONDS, COMMANDS
from services.plumbing.providers import MESSAGE
from services.plumbing.replies import Replies
from services.plumbing.together import one_or_several
from services.plumbing.unit_of_work import AlreadyHandled, MessageContext, NotTogether

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]
Method = TypeVar("Method", bound=Callable[..., Any])

log = structlog.get_logger(__name__)


def answers(command: type) -> Callable[[Method], Method]:
    """Let a method answer a command; it takes the command and returns its reply.

    The method bears the command's name: `IssueGrant` is answered by `issue_grant`.
    """
    contract = wire.contract_of(command)

    def register(method: Method) -> Method:
        if method.__name__ != contract.method:
            raise TypeError(f"{contract.name} is answered by {contract.method}")
        patient: Method = _looking_twice(method)
        register_entrypoint(patient, Answers(command))
        return patient

    return register


def _looking_twice(method: Callable[..., Any]) -> Any:
    """Let a method that meets a conflict look again, once.

    What was in its way may be the very same command, sent a moment earlier by a hasty caller; by
    now that one is over, and the method finds its outcome.
    """

    @wraps(method)
    def look(service: Any, command: Any) -> Any:
        try:
            return method(service, command)
        except Conflict:
            return method(service, command)

    return look


def hears(event: type, *, together: bool = False) -> Callable[[Method], Method]:
    """Let a method take an event, at least once, in the order of the service's queue.

    `together`: the event may share a transaction with others that wait (ADR 0048).  The method is
    then one `with self.uow`, and locks no row that somebody may have who waits for another of its.
    """
    wire.contract_of(event)

    def register(method: Method) -> Method:
        hearing: Method = one_or_several(method) if together else method
        register_entrypoint(hearing, Hears(event, together=together))
        return hearing

    return register


class CommandConsumer(RpcConsumer):
    """Invariant: a command that was taken is replied to, and its error says what it may."""

    queue_consumer = PromptQueueConsumer()
    replies = Replies()

    def handle_result(self, message: Any, result: Any, exc_info: ExcInfo | None) -> Any:
        error = serialize(public_error(exc_info[1])) if exc_info else None
        self.replies.send(message, {"result": result, "error": error})
        self.queue_consumer.ack_message(message)
        return result, exc_info


class Answers(Rpc):
    """nameko's RPC with one argument, an envelope; plain nameko clients can call it."""

    rpc_consumer = CommandConsumer()

    def __init__(self, command: type) -> None:
        super().__init__(expected_exceptions=ContractError)
        self.contract = wire.contract_of(command)

    def handle_message(self, body: Any, message: Any) -> None:
        began = time.monotonic()
        envelope = self._open(body)
        context = MessageContext(envelope.id, envelope.name, envelope.cause)

        def handle_result(_context: WorkerContext, result: Any, exc_info: ExcInfo | None) -> Any:
            result, exc_info = self._reply_of(result, exc_info)
            self._count(exc_info, time.monotonic() - began)
            return self.rpc_consumer.handle_result(message, result, exc_info)

        try:
            self.container.spawn_worker(
                self, (envelope.body,), {}, {MESSAGE: context}, handle_result
            )
        except ContainerBeingKilled:
            self.rpc_consumer.requeue_message(message)

    def _open(self, body: Any) -> wire.Envelope:
        arguments = body.get("args") if isinstance(body, dict) else None
        if not isinstance(arguments, list) or len(arguments) != 1:
            raise Malformed("malformed", "a call has one argument, the envelope")
        envelope = wire.decode(arguments[0])
        if envelope.name != self.contract.name:
            raise Malformed("malformed", f"{self.contract.method} answers {self.contract.name}")
        return envelope

    def _reply_of(self, result: Any, exc_info: ExcInfo | None) -> tuple[Any, ExcInfo | None]:
        if exc_info is None:
            try:
                return self._dump(result), None
            except (TypeError, ValueError, AttributeError) as error:
                log.exception("bad_reply")
                exc_info = type(error), error, error.__traceback__
        return None, exc_info

    def _dump(self, result: Any) -> dict[str, Any]:
        if type(result) is not self.contract.reply:
            raise TypeError(f"{self.contract.name} got {type(result).__name__} as reply")
        return wire.dump(result)

    def _count(self, exc_info: ExcInfo | None, seconds: float) -> None:
        labels = self.container.service_name, self.contract.method
        error = public_error(exc_info[1]) if exc_info else None
        COMMANDS.labels(*labels, type(error).__name__ if error else "ok").inc()
        COMMAND_SECONDS.labels(*labels).observe(seconds)
        if error and not isinstance(error, Internal):
            log.info("command_declined", code=error.code, detail=error.detail)


class Hears(Entrypoint):
    """One event of the service's queue; EventConsumer runs it."""

    events = EventConsumer()

    def __init__(self, event: type, *, together: bool = False) -> None:
        super().__init__(expected_exceptions=(AlreadyHandled, NotTogether))
        self.event, self.together = event, together

    def setup(self) -> None:
        self.events.register_provider(self)

    def stop(self) -> None:
        self.events.unregister_provider(self)
