"""Settlements and counters say the same on PostgreSQL as on SQLite."""

import pytest

from contracts.settlements import ListSettlementDifferences, ListSettlementLines
from contracts.words import SettlementState
from services.plumbing.clock import utc_now
from services.plumbing.database import close_database, open_database
from services.plumbing.migrate import upgrade
from services.scenarios.adapters.unit_of_work import make_unit_of_work
from services.scenarios.handlers import plan
from services.scenarios.handlers.settlements import (
    list_settlement_differences,
    list_settlement_lines,
)
from tests.builders.scenarios import FUZHOU, HANGZHOU, an_offer
from tests.builders.settlements import NOVEMBER, a_line, book, close, compare, resolve
from tests.servers import postgresql as server

pytestmark = [pytest.mark.scenarios, pytest.mark.postgresql]


@pytest.fixture
def cities(postgresql):
    urls = [server.create_database(postgresql.url, name) for name in ("hangzhou", "fuzhou")]
    opened = []
    for url in urls:
        upgrade(open_database(url), "services.scenarios")
        opened.append(make_unit_of_work(open_database(url), utc_now, None, lambda: None))
    yield opened
    for url in urls:
        close_database(url)
        server.drop_database(postgresql.url, url)


def test_two_cities_resolve_a_month_on_postgresql(cities):
    hangzhou, fuzhou = cities
    book(hangzhou, a_line(1), a_line(2), a_line(3))
    book(fuzhou, a_line(1), a_line(2, value_fen=400))
    close(hangzhou, HANGZHOU, FUZHOU)
    close(fuzhou, FUZHOU, HANGZHOU)

    assert compare(hangzhou, fuzhou).state is SettlementState.DISPUTED
    asked = ListSettlementDifferences(period=NOVEMBER, city=FUZHOU, limit=1)
    assert len(list_settlement_differences(asked, uow=hangzhou).differences) == 1
    resolve(hangzhou, HANGZHOU, FUZHOU)
    resolve(fuzhou, FUZHOU, HANGZHOU)
    resolved = compare(hangzhou, fuzhou)

    assert (resolved.state, resolved.net_fen) == (SettlementState.RESOLVED, 500)
    lines = ListSettlementLines(period=NOVEMBER, city=FUZHOU, limit=1)
    listed = list_settlement_lines(lines, uow=hangzhou, city=HANGZHOU).lines
    assert [line.line_id for line in listed] == [a_line(1).id]


def test_uses_are_counted_on_postgresql(cities):
    city = cities[0]
    an_offer(city)
    book(city, *(a_line(number) for number in range(3)))

    assert plan.rebuild(uow=city) == 1
    with city:
        assert dict(city.plan.uses(HANGZHOU, utc_now().replace(year=2030))) == {"transport": 3}
