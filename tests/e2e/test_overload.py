"""More callers than a service can serve: some are told to come again, and nothing is lost by it."""

import re
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
import requests

from services.cli.demo.visitor import Visitor
from services.cli.demo.world import HANGZHOU
from services.plumbing.database import close_database, open_database
from services.scenarios.adapters.audit import audit
from tests.e2e.conftest import PRODUCTION, SERVERS
from tests.e2e.load import take
from tests.e2e.people import PATIENCE_SECONDS, Shop, insist, offer_of, open_shop, until, visit
from tests.e2e.storage import database_url
from tests.e2e.test_isolation import bearer_of

CALLERS = 40  # three times as many as may be inside or wait


@dataclass
class Crowd:
    """What all callers at once were told, by the id of the grant they asked for."""

    shop: Shop
    visitors: list[Visitor]
    answers: dict[UUID, requests.Response]
    meanwhile: list[requests.Response]
    turned_away_at_once: bool

    def visitor(self, grant_id: UUID) -> Visitor:
        return self.visitors[grant_id.int % len(self.visitors)]


@pytest.fixture
def crowd(alliance):
    """Stop scenarios, let everybody ask at once, and let it go on when somebody was turned away."""
    shop, visitors = open_shop(alliance), [visit(alliance) for _ in range(2)]
    crowd = Crowd(shop, visitors, {}, [], turned_away_at_once=False)
    before = turned_away(alliance)
    for visitor in visitors:
        until(bool, lambda door=visitor.door: offer_of(door, shop))
    ids = [uuid4() for _ in range(CALLERS)]
    scenarios = alliance.processes[HANGZHOU, "scenarios"]
    scenarios.ask(signal.SIGSTOP)
    try:
        with ThreadPoolExecutor(CALLERS) as threads:
            asked = [threads.submit(ask, crowd, grant_id) for grant_id in ids]
            wait_for_the_first_answer(asked)
            crowd.meanwhile = [read(crowd, path) for path in ("/v1/eligibility", "/health/live")]
            crowd.turned_away_at_once = set(statuses(crowd)) == {503}
            crowd.turned_away_at_once &= turned_away(alliance) > before
            scenarios.ask(signal.SIGCONT)
    finally:
        scenarios.ask(signal.SIGCONT)
    return crowd


def ask(crowd, grant_id):
    door = crowd.visitor(grant_id).door
    crowd.answers[grant_id] = requests.put(
        f"{door.url}/v1/grants/{grant_id}",
        json={"incentive_id": crowd.shop.incentive_id},
        headers={"Authorization": f"Bearer {bearer_of(door)}"},
        timeout=PATIENCE_SECONDS,
    )


def read(crowd, path):
    door = crowd.visitors[0].door
    headers = {"Authorization": f"Bearer {bearer_of(door)}"}
    return requests.get(door.url + path, headers=headers, timeout=PATIENCE_SECONDS)


def wait_for_the_first_answer(asked):
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not any(each.done() for each in asked):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def turned_away(alliance):
    """Read how many the gateway has not let in to a service, as its city's officials see it."""
    metrics = requests.get(alliance.world.cities[HANGZHOU].url + "/metrics", timeout=60).text
    shed = r'^huxin_shed_total{service="scenarios",.*} (.*)$'
    return sum(map(float, re.findall(shed, metrics, re.MULTILINE)))


def statuses(crowd):
    return [answer.status_code for answer in list(crowd.answers.values())]


@pytest.mark.parametrize(
    "alliance", [pytest.param(PRODUCTION, marks=SERVERS)], indirect=True, scope="session"
)
def test_what_a_service_cannot_serve_is_told_to_come_again_and_nothing_is_lost(alliance, crowd):
    # they did not wait for the service's time-out, and who only reads did not notice
    assert crowd.turned_away_at_once
    assert [answer.status_code for answer in crowd.meanwhile] == [200, 200]
    assert set(statuses(crowd)) <= {200, 503}
    for answer in crowd.answers.values():
        if answer.status_code == 503:
            # or who has just been recognised is not known yet by whom they ask
            assert answer.json()["code"] in {"unavailable", "not_yet_visible"}
            assert int(answer.headers["Retry-After"]) >= 1

    # whoever comes again gets what they asked for, once
    for grant_id, first in crowd.answers.items():
        again = take(crowd.visitor(grant_id).door, grant_id, crowd.shop)
        assert again["grant_id"] == str(grant_id)
        assert first.status_code == 503 or first.json()["issued_at"] == again["issued_at"]
    listed = [
        grant["grant_id"]
        for visitor in crowd.visitors
        for grant in insist(lambda door=visitor.door: door.get("/v1/grants"))["grants"]
    ]
    assert sorted(listed) == sorted(map(str, crowd.answers))
    assert len(listed) == CALLERS
    url = database_url(alliance, HANGZHOU, "scenarios")
    assert list(audit(open_database(url), repair=False)) == []
    close_database(url)
