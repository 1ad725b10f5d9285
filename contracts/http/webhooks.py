"""An operator's webhook, and the log of what was delivered there."""

from dataclasses import dataclass

from contracts.fields import Count, Identifier, Moment, Token, Url
from contracts.words import DeliveryState


@dataclass(frozen=True, kw_only=True)
class WebhookBody:
    """Where to deliver the events of one's grants."""

    url: Url


@dataclass(frozen=True, kw_only=True)
class WebhookRecord:
    """The address, and the secret of Standard Webhooks signatures.

    Until `old_secret_until` every delivery is signed by the secret before, too.
    """

    url: Url
    secret: Token
    old_secret_until: Moment | None = None


@dataclass(frozen=True, kw_only=True)
class WebhookStanding:
    """How a webhook fares; disabled, its deliveries wait until the address is set anew."""

    url: Url
    disabled_at: Moment | None = None
    disabled_reason: str | None = None
    old_secret_until: Moment | None = None
    waiting: Count
    parked: Count


@dataclass(frozen=True, kw_only=True)
class DeliveryRecord:
    """One delivery, under the `webhook-id` it is sent by; parked when it was given up."""

    delivery_id: Identifier
    type: str
    grant_id: Identifier | None = None
    state: DeliveryState
    attempts: Count
    error: str | None = None
    created_at: Moment
    next_attempt_at: Moment | None = None
    delivered_at: Moment | None = None


@dataclass(frozen=True, kw_only=True)
class DeliveryRecords:
    """Deliveries of the last 30 days, newest first; `next` is the cursor of the next page."""

    deliveries: tuple[DeliveryRecord, ...]
    next: Identifier | None = None


@dataclass(frozen=True, kw_only=True)
class WebhookReplay:
    """How many deliveries are sent again."""

    replayed: Count
