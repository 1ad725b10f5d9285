"""Holders who take and use one offer as fast as they can, and remember every answer."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from services.cli.demo.http import Answer, Door
from services.cli.demo.visitor import Visitor
from tests.e2e.people import PATIENCE_SECONDS, Shop, insist


@dataclass
class Stream:
    """Invariant: each id in `grants` and `redemptions` was repeated until it had its answer."""

    shop: Shop
    visitors: list[Visitor]
    stop_at: str  # the refusal that ends it
    grants: dict[UUID, tuple[Visitor, Answer]] = field(default_factory=dict)
    redemptions: dict[UUID, tuple[str, Answer]] = field(default_factory=dict)
    _some: threading.Event = field(default_factory=threading.Event)

    def run_through(self, trouble: Callable[[], None], *, after: int) -> None:
        """Let everybody act side by side; make trouble when `after` grants are answered."""
        with ThreadPoolExecutor(len(self.visitors)) as threads:
            running = [threads.submit(self._act, visitor, after) for visitor in self.visitors]
            assert self._some.wait(PATIENCE_SECONDS)
            trouble()
            for thread in running:
                thread.result()

    def _act(self, visitor: Visitor, after: int) -> None:
        till = self.till()
        while True:
            grant_id, redemption_id = uuid4(), uuid4()
            taken = take(visitor.door, grant_id, self.shop)
            self.grants[grant_id] = visitor, taken
            if len(self.grants) >= after:
                self._some.set()
            if taken.code == self.stop_at:
                return
            pass_token = taken["pass_token"]
            used = redeem(till, redemption_id, pass_token)
            self.redemptions[redemption_id] = pass_token, used

    def till(self) -> Door:
        """Give a thread the operator's door for its own."""
        door = self.shop.operator.door
        return Door(door.url, self.shop.operator.signed_in["access_token"])


def take(door: Door, grant_id: UUID, shop: Shop) -> Answer:
    path = f"/v1/grants/{grant_id}"
    return insist(lambda: door.put(path, {"incentive_id": shop.incentive_id}))


def redeem(till: Door, redemption_id: UUID, pass_token: str) -> Answer:
    path = f"/v1/redemptions/{redemption_id}"
    return insist(lambda: till.put(path, {"pass_token": pass_token}))
