"""Operators' webhooks."""

from urllib.parse import urlsplit

from contracts.errors import Malformed
from contracts.http import WebhookBody, WebhookRecord
from services.gateway.adapters.clients import Webhooks
from services.gateway.authentication.callers import Operator
from services.gateway.calls import Call


class WebhookSettings:
    """An operator sets its own address: https, unless this node may deliver inside.

    Where its name leads is checked at each delivery (courier/outbound.py): names change.
    """

    def __init__(self, webhooks: Webhooks, *, to_private: bool) -> None:
        self._webhooks, self._to_private = webhooks, to_private

    def set_webhook(self, call: Call[Operator, WebhookBody]) -> WebhookRecord:
        if not self._to_private and urlsplit(call.body.url).scheme != "https":
            raise Malformed(errors={"url": "Must be an https address."})
        webhook = self._webhooks.put(call.caller.operator_id, call.body.url)
        return WebhookRecord(url=webhook.url, secret=webhook.secret)
