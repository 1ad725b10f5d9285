"""One attempt at a delivery: sign, post, judge the answer."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import requests
from sqlalchemy import Engine
from urllib3.exceptions import HTTPError

from contracts.routes.route import JSON, NOTICE
from services.gateway.adapters.roster import url_of
from services.gateway.adapters.webhooks import webhook_of
from services.gateway.authentication.signatures import sign
from services.gateway.courier.deliveries import Delivery, Kind
from services.gateway.courier.signing import webhook_headers
from services.gateway.keys import TransportKey
from services.plumbing.clock import Clock
from services.plumbing.database import at_once

FINAL: Final = {
    # A city refuses for what passes: its roster is older, its clock behind.  Only a message that
    # it cannot read at all will never do; giving up any other would leave what was revoked in use.
    Kind.NOTICE: frozenset({400, 413, 415}),
    Kind.WEBHOOK: frozenset({400, 410, 413, 415, 422}),  # 410 is how an operator signs off
}
"""Answers that the same body will get again."""

_SCHEMES: Final = frozenset({"http", "https"})
_ACCEPTED: Final = range(200, 300)


class NotSent(Exception):
    """The other side does not have it; `final` when trying again cannot help."""

    def __init__(self, reason: str, *, final: bool = False) -> None:
        super().__init__(reason)
        self.final = final


@dataclass(frozen=True, kw_only=True)
class Sender:
    """Invariant: what is posted is signed, and goes to the recipient's present address only."""

    engine: Engine
    sessions: Mapping[Kind, requests.Session]
    transport_key: TransportKey
    clock: Clock
    timeout: float

    def send(self, delivery: Delivery) -> None:
        """Deliver once; raise NotSent."""
        prepare = self._notice if delivery.kind is Kind.NOTICE else self._webhook
        request = prepare(delivery)
        try:
            with self.sessions[delivery.kind].send(
                request, timeout=self.timeout, allow_redirects=False, stream=True
            ) as response:
                status = response.status_code
        except (requests.RequestException, HTTPError, ValueError) as error:
            raise NotSent(type(error).__name__) from error
        if status not in _ACCEPTED:
            raise NotSent(f"HTTP {status}", final=status in FINAL[delivery.kind])

    def _notice(self, delivery: Delivery) -> requests.PreparedRequest:
        with at_once(self.engine) as connection:
            city = url_of(connection, delivery.recipient)
        if city is None:
            raise NotSent("the city is not in the roster")
        url = f"{city.rstrip('/')}/v1/notices"
        request = _prepare(url, delivery.body, {"Content-Type": NOTICE})
        nonce = secrets.token_urlsafe(16)
        sign(request, key=self.transport_key, now=self.clock(), nonce=nonce)
        return request

    def _webhook(self, delivery: Delivery) -> requests.PreparedRequest:
        with at_once(self.engine) as connection:
            webhook = webhook_of(connection, delivery.recipient)
        if webhook is None:
            raise NotSent("the operator has no webhook any more", final=True)
        now = self.clock()
        signature = webhook_headers(
            *webhook.signing(now),
            message_id=str(delivery.id),
            sent_at=now,
            body=delivery.body.encode(),
        )
        return _prepare(webhook.url, delivery.body, {"Content-Type": JSON, **signature})


def _prepare(url: str, body: str, headers: dict[str, str]) -> requests.PreparedRequest:
    if urlsplit(url).scheme not in _SCHEMES:
        raise NotSent("neither http nor https", final=True)
    headers = {"User-Agent": "huxin-courier", "Accept-Encoding": "identity", **headers}
    try:
        return requests.Request("POST", url, data=body.encode(), headers=headers).prepare()
    except (requests.RequestException, ValueError) as error:
        raise NotSent("the address cannot be used", final=True) from error
