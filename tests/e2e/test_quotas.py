"""Requests that come twice, side by side, while the node is killed again and again: no unit of a
quota and no fen is lost, and nothing is given that was not there."""

import random
import threading
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

from services.cli.demo.http import Door
from services.cli.demo.world import HANGZHOU
from services.plumbing.database import close_database, open_database
from services.scenarios.adapters.audit import audit
from tests.e2e.load import redeem, take
from tests.e2e.people import insist, offer_of, open_shop, until, visit
from tests.e2e.storage import database_url

VISITORS = 4
QUOTA, VALUE = 36, 100
KILLS = (6, 15, 24)  # after so many grants
MONEY = QUOTA * VALUE
TERMS = {
    "budget_fen": MONEY + VALUE,
    "quota": {"count": QUOTA, "period": "month"},
    "quotas": [
        {"period": "year", "fen": MONEY + VALUE // 2},
        {"period": "lifetime", "count": QUOTA + 1},
    ],
}


class Crowd:
    """Visitors who take, reserve, confirm, cancel and use, each request twice at once.

    `given` are the ids of the grants that anybody was told of.
    """

    def __init__(self, shop, visitors):
        self.shop, self.visitors = shop, visitors
        self.given, self.used, self.progress = set(), set(), threading.Condition()

    def run_through(self, kill):
        with ThreadPoolExecutor(len(self.visitors)) as threads:
            running = [threads.submit(self.act, *each) for each in enumerate(self.visitors)]
            for count in KILLS:
                with self.progress:
                    self.progress.wait_for(lambda least=count: len(self.given) >= least, 60)
                kill()
            for thread in running:
                thread.result()

    def act(self, seed, visitor):
        chance = random.Random(seed)  # noqa: S311  nothing is secret here
        till = Door(self.shop.operator.door.url, self.shop.operator.signed_in["access_token"])
        refused = 0
        while refused < 3:
            grant = self.take(visitor) if chance.random() < 0.4 else self.reserve(visitor, chance)
            if grant is None:
                continue
            if not grant.ok:
                assert grant.code == "quota_exhausted", grant
                refused += 1
                continue
            with self.progress:
                self.given.add(grant["grant_id"])
                self.progress.notify_all()
            if chance.random() < 0.5:
                assert self.redeem(till, grant).ok
                self.used.add(grant["grant_id"])

    def redeem(self, till, grant):
        redemption_id = uuid4()
        return twice(lambda: redeem(again(till), redemption_id, grant["pass_token"]))

    def take(self, visitor):
        grant_id = uuid4()
        return twice(lambda: take(again(visitor.door), grant_id, self.shop))

    def reserve(self, visitor, chance):
        """Reserve, then confirm or cancel; return the grant or the refusal, None when cancelled."""
        path = f"/v1/reservations/{uuid4()}"
        body = {"incentive_id": self.shop.incentive_id}
        reserved = twice(lambda: insist(lambda: again(visitor.door).put(path, body)))
        if not reserved.ok:
            return reserved
        if chance.random() < 0.3:
            end = f"{path}/cancellation"
            assert twice(lambda: insist(lambda: again(visitor.door).put(end))).ok
            return None
        return twice(lambda: insist(lambda: again(visitor.door).put(f"{path}/confirmation")))


def again(door):
    """Open a connection of one's own: two requests at once do not share one."""
    copy = Door(door.url)
    copy._session.headers.update(door._session.headers)  # noqa: SLF001  as its owner
    return copy


def twice(ask):
    """Ask twice at the same time; whoever asks twice is told the same."""
    answers = [None, None]

    def note(place):
        answers[place] = ask()

    other = threading.Thread(target=note, args=(1,))
    other.start()
    note(0)
    other.join()
    first, second = answers
    if first.ok and second.ok:
        return first
    return first if first.ok else second


def test_no_unit_and_no_fen_is_lost_or_given_twice_when_the_node_is_killed_in_the_middle(alliance):
    shop = open_shop(alliance, benefit={"type": "voucher", "face_fen": VALUE}, **TERMS)
    with ThreadPoolExecutor(VISITORS) as threads:
        visitors = list(threads.map(lambda _: visit(alliance), range(VISITORS)))
    crowd = Crowd(shop, visitors)

    def kill():
        alliance.kill(HANGZHOU)
        alliance.restart(HANGZHOU)

    crowd.run_through(kill)
    while (rest := crowd.take(visitors[0])).ok:  # what was cancelled last
        crowd.given.add(rest["grant_id"])

    # exactly the quota was given, and every grant is one that somebody was told of
    usage = insist(lambda: shop.operator.door.get(f"/v1/incentives/{shop.incentive_id}/usage")).body
    assert usage["issued"] == len(crowd.given) == QUOTA
    assert (usage["held"], usage["redeemed"]) == (0, len(crowd.used))
    assert usage["issued"] == sum(usage[n] for n in ("open", "redeemed", "expired", "revoked"))

    # money is where it belongs, to the fen
    assert usage["spent_fen"] == VALUE * len(crowd.used)
    assert usage["budget_fen"] == usage["spent_fen"] + usage["reserved_fen"] + usage["free_fen"]
    for quota in usage["quotas"]:
        if quota["count"] is not None:
            assert quota["count"] == quota["issued"] + quota["held"] + quota["free"]
        else:
            assert quota["fen"] == quota["spent_fen"] + quota["reserved_fen"] + quota["free_fen"]

    # counted anew from grants and reservations, every number is the same
    url = database_url(alliance, HANGZHOU, "scenarios")
    found = list(audit(open_database(url), repair=False))
    close_database(url)
    assert found == []

    # the read side comes to know
    until(
        lambda offer: offer["reasons"] == ["quota_exhausted"],
        lambda: offer_of(visitors[0].door, shop),
    )
