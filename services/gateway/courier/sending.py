"""One attempt at a delivery: sign, post, judge the answer."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
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

UNREADABLE: Final = frozenset({400, 413, 415})
"""Answers of a city that the same notice will get again.

It refuses for what passes, too: its roster is older, its clock behind.  Giving up any other would
leave what was revoked in use.  An operator is tried again whatever it says (Standard Webhooks):
who checks by a wrong clock or a former secret answers 400.
"""

_SECONDS: Final = 9  # digits of a Retry-After that is read
_SCHEMES: Final = frozenset({"http", "https"})
_ACCEPTED: Final = range(200, 300)


class NotSent(Exception):
    """The other side does not have it.

    `final` when trying again cannot help, `signs_off` when it wants nothing at this address any
    more; `pause` is for how long it asks to be left alone.
    """

    def __init__(
        self,
        reason: str,
        *,
        final: bool = False,
        signs_off: bool = False,
        pause: timedelta = timedelta(0),
    ) -> None:
        super().__init__(reason)
        self.final, self.signs_off, self.pause = final, signs_off, pause


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
                status, asked = response.status_code, response.headers.get("Retry-After", "")
        except (requests.RequestException, HTTPError, ValueError) as error:
            raise NotSent(type(error).__name__) from error
        if status not in _ACCEPTED:
            is_webhook = delivery.kind is Kind.WEBHOOK
            raise NotSent(
                f"HTTP {status}",
                final=not is_webhook and status in UNREADABLE,
                signs_off=is_webhook and status == HTTPStatus.GONE,
                pause=_pause(asked, self.clock()),
            )

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


def _pause(asked: str, now: datetime) -> timedelta:
    """Read Retry-After (RFC 9110 §10.2.3), seconds or a date; nothing where it is neither."""
    try:
        if asked.isdecimal():
            return timedelta(seconds=int(asked[:_SECONDS]))
        return max(parsedate_to_datetime(asked) - now, timedelta(0))
    except (TypeError, ValueError):  # no date, or one without a zone
        return timedelta(0)
