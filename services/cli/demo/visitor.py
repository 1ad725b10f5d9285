"""A person of another city in the host city: an app, an attestation, a session."""

from dataclasses import dataclass
from uuid import uuid4

from services.cli.demo.app import App
from services.cli.demo.http import Answer, Door


@dataclass
class Visitor:
    """A person of another city, signed in at Hangzhou."""

    app: App
    consent_id: str
    credential: str
    door: Door

    def take(self, incentive_id: str) -> Answer:
        return self.door.put(f"/v1/grants/{uuid4()}", {"incentive_id": incentive_id})


def taken(offers: Answer) -> set[str]:
    """Return the ids of the incentives that a holder may take."""
    if not offers.ok:
        return set()
    return {offer["incentive_id"] for offer in offers["offers"] if offer["eligible"]}
