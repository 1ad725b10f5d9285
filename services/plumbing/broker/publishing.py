"""The part of a channel that publishes, and tells the publisher what became of it."""
# ruff: noqa: FBT001, FBT002, PLR0917  what py-amqp calls so is called so here

from collections import defaultdict
from collections.abc import Callable
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any

from amqp import Message as Content
from amqp import spec
from amqp.exceptions import ChannelError, MessageNacked, error_for_code

from services.plumbing.broker.link import Link
from services.plumbing.broker.messages import Message, Receipt

if TYPE_CHECKING:
    from services.plumbing.broker.connection import Connection

NO_ROUTE = 312  # AMQP 0-9-1, 1.2


class Publishing(Link):
    """Invariant: after `confirm_select` each publish has the next number, answered once."""

    def __init__(self, connection: "Connection", channel_id: int) -> None:
        super().__init__(connection, channel_id)
        self.events: defaultdict[str, set[Callable[..., None]]] = defaultdict(set)
        self._publish_tags = count(1)
        self._confirms = False

    def prepare_message(
        self,
        body: str | bytes,
        priority: int | None = None,
        content_type: str | None = None,
        content_encoding: str | None = None,
        headers: dict[str, Any] | None = None,
        properties: dict[str, Any] | None = None,
    ) -> Content:
        return Content(
            body,
            priority=priority,
            content_type=content_type,
            content_encoding=content_encoding,
            application_headers=headers,
            **(properties or {}),
        )

    def confirm_select(self, nowait: bool = False) -> None:
        """Confirm each later message, once all its copies are settled: see Receipt."""
        self._confirms = True

    def basic_publish(
        self,
        msg: Content,
        exchange: str = "",
        routing_key: str = "",
        mandatory: bool = False,
        immediate: bool = False,
        timeout: float | None = None,
        confirm_timeout: float | None = None,
    ) -> None:
        """Publish and return at once.

        On a connection with `confirm_publish`, raise ChannelError (NO_ROUTE) or MessageNacked when
        the message is not taken.  Taken is enough there: an RPC caller that waited until its
        request is answered for could not read the answer.
        """
        queues = self.broker.route(exchange, routing_key)
        if mandatory and not queues:
            self._return(msg, exchange, routing_key)
        headers = dict(msg.properties.get("application_headers") or {})
        message = Message(msg.body, dict(msg.properties), headers, exchange, routing_key)
        answer = partial(self._answer, next(self._publish_tags)) if self._confirms else None
        taken = self.broker.post(message, queues, Receipt(answer))
        if self._is_synchronous and not taken:
            raise MessageNacked(routing_key)

    @property
    def _is_synchronous(self) -> bool:
        return self.connection is not None and self.connection.confirm_publish

    def _return(self, msg: Content, exchange: str, routing_key: str) -> None:
        returned = partial(self._on_return, msg, exchange, routing_key)
        if self._is_synchronous:
            returned()
        else:
            self.notify(returned)

    def _on_return(self, msg: Content, exchange: str, routing_key: str) -> None:
        error = error_for_code(NO_ROUTE, "NO_ROUTE", spec.Basic.Return, ChannelError)
        if not self.events["basic_return"]:
            raise error
        for callback in tuple(self.events["basic_return"]):
            callback(error, exchange, routing_key, msg)

    def _answer(self, publish_tag: int, confirmed: bool) -> None:
        self.notify(partial(self._on_answer, publish_tag, confirmed))

    def _on_answer(self, publish_tag: int, confirmed: bool) -> None:
        for callback in tuple(self.events["basic_ack" if confirmed else "basic_nack"]):
            callback(publish_tag, False)  # noqa: FBT003  `multiple`, as py-amqp passes it
