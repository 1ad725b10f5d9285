"""Operators' webhooks."""

from contracts.http import WebhookBody, WebhookRecord
from services.gateway.adapters.clients import Webhooks
from services.gateway.authentication.callers import Operator
from services.gateway.calls import Call


class WebhookSettings:
    """An operator sets its own address; the body's type lets only http and https through."""

    def __init__(self, webhooks: Webhooks) -> None:
        self._webhooks = webhooks

    def set_webhook(self, call: Call[Operator, WebhookBody]) -> WebhookRecord:
        webhook = self._webhooks.put(call.caller.operator_id, call.body.url)
        return WebhookRecord(url=webhook.url, secret=webhook.secret)
