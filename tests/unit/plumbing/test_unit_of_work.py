"""One transaction: a change, its announcements, the mark that its message was handled."""

import contextlib
import json
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import MetaData, func, select

from contracts import wire
from contracts.recognition import RosterAdopted
from services.plumbing.database import close_database, open_database
from services.plumbing.message_tables import message_tables
from services.plumbing.unit_of_work import AlreadyHandled, MessageContext, SqlUnitOfWork

NOW = datetime(2026, 11, 1, 8, tzinfo=UTC)
EVENT = RosterAdopted(version=7, valid_until=NOW, cities=())

metadata = MetaData()
tables = message_tables(metadata)


@pytest.fixture
def engine(tmp_path):
    url = f"sqlite:///{tmp_path}/test.db"
    engine = open_database(url)
    metadata.create_all(engine)
    yield engine
    close_database(url)


def a_message(consumer: str | None = "test.events") -> MessageContext:
    return MessageContext(uuid4(), "test.message", consumer=consumer)


def rows(engine, table) -> int:
    with engine.begin() as connection:
        return connection.scalar(select(func.count()).select_from(table))


def test_an_announcement_is_stored_with_the_change_it_tells_of(engine):
    message = a_message()

    with SqlUnitOfWork(engine, tables, lambda: NOW, message) as uow:
        uow.outbox.add(EVENT)
        uow.commit()

    with engine.begin() as connection:
        row = connection.execute(select(tables.outbox)).one()
    envelope = wire.decode(json.loads(row.envelope))
    assert (envelope.body, envelope.at, envelope.cause) == (EVENT, NOW, message.id)
    assert (row.message_id, row.name) == (envelope.id, envelope.name)


def test_leaving_without_commit_leaves_nothing(engine):
    with SqlUnitOfWork(engine, tables, lambda: NOW, a_message()) as uow:
        uow.outbox.add(EVENT)

    assert rows(engine, tables.outbox) == rows(engine, tables.inbox) == 0


def test_an_error_leaves_nothing(engine):
    with (
        contextlib.suppress(RuntimeError),
        SqlUnitOfWork(engine, tables, lambda: NOW, a_message()) as uow,
    ):
        uow.outbox.add(EVENT)
        raise RuntimeError

    assert rows(engine, tables.outbox) == rows(engine, tables.inbox) == 0


def test_an_event_is_handled_once(engine):
    message = a_message()
    with SqlUnitOfWork(engine, tables, lambda: NOW, message) as uow:
        uow.commit()

    with pytest.raises(AlreadyHandled), SqlUnitOfWork(engine, tables, lambda: NOW, message):
        pass


def test_each_consumer_handles_an_event_once(engine):
    message_id = uuid4()

    for consumer in ("one.events", "other.events"):
        message = MessageContext(message_id, "test.message", consumer=consumer)
        with SqlUnitOfWork(engine, tables, lambda: NOW, message) as uow:
            uow.commit()

    assert rows(engine, tables.inbox) == 2


def test_a_command_is_not_recorded_since_its_handler_recognises_repeats(engine):
    message = a_message(consumer=None)

    for _ in range(2):
        with SqlUnitOfWork(engine, tables, lambda: NOW, message) as uow:
            uow.commit()

    assert rows(engine, tables.inbox) == 0


def test_it_can_be_entered_again_by_the_same_handler(engine):
    uow = SqlUnitOfWork(engine, tables, lambda: NOW, a_message())

    for _ in range(2):
        with uow:
            uow.outbox.add(EVENT)
            uow.commit()

    assert (rows(engine, tables.outbox), rows(engine, tables.inbox)) == (2, 1)


def test_the_relay_is_woken_after_a_commit_that_announces(engine):
    woken: list[str] = []
    uow = SqlUnitOfWork(engine, tables, lambda: NOW, wake=lambda: woken.append("woken"))

    with uow:
        uow.commit()
    with uow:
        uow.outbox.add(EVENT)
    assert woken == []
    with uow:
        uow.outbox.add(EVENT)
        uow.commit()

    assert woken == ["woken"]


def test_repositories_are_built_anew_at_each_entry(engine):
    class Repositories(SqlUnitOfWork):
        def open(self) -> None:
            self.opened_with = self.connection

    with Repositories(engine, tables, lambda: NOW) as uow:
        assert uow.opened_with is uow.connection
        assert isinstance(uow.connection.scalar(select(func.count())), int)


def test_ids_of_announcements_differ(engine):
    with SqlUnitOfWork(engine, tables, lambda: NOW) as uow:
        uow.outbox.add(EVENT)
        uow.outbox.add(EVENT)
        uow.commit()

    with engine.begin() as connection:
        ids = set(connection.scalars(select(tables.outbox.c.message_id)))
    assert len(ids) == 2
    assert all(isinstance(one, UUID) for one in ids)
