"""Operators' webhooks: the address, the secret, and what became of each delivery."""

import json
from urllib.parse import SplitResult, urlsplit

from contracts.errors import Malformed, NotFound
from contracts.http import (
    DeliveryRecord,
    DeliveryRecords,
    WebhookBody,
    WebhookRecord,
    WebhookReplay,
    WebhookStanding,
)
from services.gateway.adapters.webhooks import Webhook, Webhooks
from services.gateway.authentication.callers import Operator
from services.gateway.calls import Call, Content
from services.gateway.courier.deliveries import Delivery, State
from services.gateway.courier.delivery_log import DeliveryLog
from services.gateway.json_text import to_json
from services.gateway.preconditions import seen
from services.plumbing.clock import Clock

MOST_LISTED = 100


class WebhookSettings:
    """An operator sets its own address: https, unless this node may deliver inside.

    Where its name leads is checked at each delivery (courier/outbound.py): names change.
    """

    def __init__(
        self, webhooks: Webhooks, log: DeliveryLog, clock: Clock, *, to_private: bool
    ) -> None:
        self._webhooks, self._log, self._clock = webhooks, log, clock
        self._to_private = to_private

    def set_webhook(self, call: Call[Operator, WebhookBody]) -> WebhookRecord:
        """Set the address; what waits is sent at once, and what was given up meanwhile again."""
        address = urlsplit(call.body.url)
        if not self._to_private and address.scheme != "https":
            raise Malformed(errors={"url": "Must be an https address."})
        if "@" in address.netloc:
            raise Malformed(errors={"url": "Must not carry a name or password."})
        if not _has_sound_port(address):
            raise Malformed(errors={"url": "Its port must be from 1 to 65535."})
        operator_id, now = call.caller.operator_id, self._clock()
        known = self._webhooks.get(operator_id)
        webhook = self._webhooks.put(operator_id, call.body.url, seen(call))
        self._log.hurry(operator_id, now=now)
        if known is not None and known.disabled_at is not None:
            self._log.replay_parked(operator_id, now=now)
        return _record(webhook)

    def show_webhook(self, call: Call[Operator, None]) -> Content:
        """Tell where deliveries go and how they stand; the ETag is of what a caller may set."""
        webhook = self._known(call)
        counts = self._log.counts(call.caller.operator_id)
        standing = WebhookStanding(
            url=webhook.url,
            disabled_at=webhook.disabled_at,
            disabled_reason=webhook.disabled_reason,
            old_secret_until=webhook.old_until,
            waiting=counts[State.WAITING],
            parked=counts[State.PARKED],
        )
        return Content(to_json(standing), headers={"ETag": f'"{webhook.tag}"'})

    def remove_webhook(self, call: Call[Operator, None]) -> None:
        self._webhooks.remove(call.caller.operator_id, seen(call))

    def rotate_webhook_secret(self, call: Call[Operator, None]) -> WebhookRecord:
        operator_id = call.caller.operator_id
        rotated = self._webhooks.rotate(operator_id, call.path["rotation_id"], now=self._clock())
        if rotated is None:
            raise NotFound("not_found", "webhook")
        return _record(rotated)

    def list_deliveries(self, call: Call[Operator, None]) -> DeliveryRecords:
        operator_id, limit = call.caller.operator_id, call.query["limit"] or MOST_LISTED
        after, last = None, call.query["after"]
        if last is not None and (after := self._log.get(operator_id, last)) is None:
            raise Malformed(errors={"query.after": "No delivery, or forgotten; begin anew."})
        found = self._log.page(operator_id, call.query["state"], after=after, limit=limit + 1)
        shown = tuple(map(_delivery, found[:limit]))
        return DeliveryRecords(
            deliveries=shown, next=shown[-1].delivery_id if len(found) > limit else None
        )

    def show_delivery(self, call: Call[Operator, None]) -> DeliveryRecord:
        return self._delivery(call)

    def replay_delivery(self, call: Call[Operator, None]) -> DeliveryRecord:
        """Send one again under the id it had; the receiver knows it by that."""
        self._delivery(call)
        self._log.replay(call.caller.operator_id, call.path["delivery_id"], now=self._clock())
        return self._delivery(call)

    def replay_parked_deliveries(self, call: Call[Operator, None]) -> WebhookReplay:
        number = self._log.replay_parked(call.caller.operator_id, now=self._clock())
        return WebhookReplay(replayed=number)

    def _known(self, call: Call[Operator, None]) -> Webhook:
        webhook = self._webhooks.get(call.caller.operator_id)
        if webhook is None:
            raise NotFound("not_found", "webhook")
        return webhook

    def _delivery(self, call: Call[Operator, None]) -> DeliveryRecord:
        found = self._log.get(call.caller.operator_id, call.path["delivery_id"])
        if found is None:
            raise NotFound("not_found", "delivery")
        return _delivery(found)


def _record(webhook: Webhook) -> WebhookRecord:
    return WebhookRecord(url=webhook.url, secret=webhook.secret, old_secret_until=webhook.old_until)


def _delivery(delivery: Delivery) -> DeliveryRecord:
    said = json.loads(delivery.body) if delivery.body else {}
    return DeliveryRecord(
        delivery_id=delivery.id,
        type=said.get("type", ""),
        grant_id=said.get("data", {}).get("grant_id"),
        state=delivery.state,
        attempts=delivery.attempts,
        error=delivery.error,
        created_at=delivery.created_at,
        next_attempt_at=delivery.due_at if delivery.state is State.WAITING else None,
        delivered_at=delivery.delivered_at,
    )


def _has_sound_port(address: SplitResult) -> bool:
    try:
        return address.port != 0
    except ValueError:
        return False
