"""What is counted of deliveries, by whichever process settles them."""

from typing import Final

from prometheus_client import Counter

DELIVERIES: Final = Counter(
    "huxin_deliveries_total",
    "Attempts at a delivery, and notices fetched, by what came of them",
    ["kind", "outcome"],
)
POLLED: Final = Counter(
    "huxin_polled_notices_total", "Notices fetched from other cities", ["city", "outcome"]
)
DISABLED: Final = Counter(
    "huxin_webhooks_disabled_total", "Webhooks at which nothing arrived for too long"
)
