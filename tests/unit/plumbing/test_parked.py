"""Failed messages: when they are tried again, and by whom."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import MetaData, insert, select

from contracts.errors import Malformed, NotFound
from services.plumbing import parked
from services.plumbing.database import close_database, open_database
from services.plumbing.delivery import Delivery
from services.plumbing.message_tables import message_tables
from services.plumbing.retries import CRASHED, INBOX_KEPT, Retries, due_after

NOW = datetime(2026, 11, 1, 8, tzinfo=UTC)
LATER = NOW + timedelta(seconds=5)
DELAYS = (1.0, 5.0)
DELIVERY = Delivery('{"id": 1}', "utf-8", "application/json", "test.message")

metadata = MetaData()
tables = message_tables(metadata)


@pytest.fixture
def engine(tmp_path):
    url = f"sqlite:///{tmp_path}/test.db"
    engine = open_database(url)
    metadata.create_all(engine)
    yield engine
    close_database(url)


def park(engine, key="key", due_at=None, **overrides):
    options = {"consumer": "test.events", "attempts": 1, "error": "Error: why", "now": NOW}
    parked.park(engine, tables, DELIVERY, key=key, due_at=due_at, **(options | overrides))


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 1), (2, 5)])
def test_each_failure_waits_longer(attempts, seconds):
    due_at = due_after(attempts, RuntimeError(), DELAYS, NOW)

    assert due_at == NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("attempts", "error"), [(3, RuntimeError()), (1, Malformed()), (1, CRASHED)]
)
def test_after_the_last_delay_or_without_hope_an_operator_has_to_look(attempts, error):
    assert due_after(attempts, error, DELAYS, NOW) is None


def test_the_newest_failure_of_a_message_stands(engine):
    park(engine, due_at=LATER)
    park(engine, error="Error: another")

    [row] = parked.list_parked(engine, tables)
    assert (row.error, row.due_at, row.delivery) == ("Error: another", None, DELIVERY)


def test_a_due_message_is_claimed_by_one(engine):
    park(engine, due_at=NOW)

    first = parked.claim_due(engine, tables, "test.events", NOW)
    second = parked.claim_due(engine, tables, "test.events", NOW)

    assert (first.attempts, second) == (1, None)


def test_a_claim_that_is_never_settled_ends(engine):
    park(engine, due_at=NOW)
    parked.claim_due(engine, tables, "test.events", NOW)

    again = parked.claim_due(engine, tables, "test.events", NOW + parked.LEASE)

    assert again.attempts == 2


@pytest.mark.parametrize(
    ("consumer", "now"), [("other.events", LATER), ("test.events", NOW)], ids=["other", "early"]
)
def test_what_is_another_consumers_or_not_due_is_not_claimed(engine, consumer, now):
    park(engine, due_at=LATER)

    assert parked.claim_due(engine, tables, consumer, now) is None


def test_a_replayed_message_is_due_at_once_with_all_its_attempts(engine):
    park(engine, attempts=3)
    [row] = parked.list_parked(engine, tables)

    assert parked.replay(engine, tables, [row.id], LATER) == 1
    assert parked.claim_due(engine, tables, "test.events", LATER).attempts == 0


def test_what_was_handled_long_ago_is_forgotten(engine):
    for handled_at in (NOW, NOW - INBOX_KEPT - timedelta(days=1)):
        row = {"consumer": "test.events", "message_id": uuid4(), "handled_at": handled_at}
        with engine.begin() as connection:
            connection.execute(insert(tables.inbox).values(row))
    config = {"clock": lambda: NOW, "database_url": str(engine.url)}

    Retries("test.events", config).forget_handled()

    with engine.begin() as connection:
        assert list(connection.scalars(select(tables.inbox.c.handled_at))) == [NOW]


def test_messages_are_listed_in_pages(engine):
    for number in range(3):
        park(engine, key=str(number))

    page = parked.list_parked(engine, tables, limit=2)
    rest = parked.list_parked(engine, tables, limit=2, after=page[-1].id)

    assert [row.key for row in page + rest] == ["0", "1", "2"]


def test_one_message_can_be_shown(engine):
    park(engine)
    [row] = parked.list_parked(engine, tables)

    assert parked.show(engine, tables, row.id) == row


def test_a_message_that_is_not_there_cannot_be_shown(engine):
    with pytest.raises(NotFound):
        parked.show(engine, tables, 1)
