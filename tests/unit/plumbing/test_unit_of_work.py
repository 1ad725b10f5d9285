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
from services.plumbing.unit_of_work import (
    AlreadyHandled,
    MessageContext,
    NotTogether,
    SqlUnitOfWork,
)

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


# --- several events in one transaction -------------------------------------------------------


def a_handler(uow: SqlUnitOfWork, *, commits: bool = True, fails: bool = False):
    def handle() -> None:
        with uow:
            uow.outbox.add(EVENT)
            if fails:
                raise RuntimeError
            if commits:
                uow.commit()

    return handle


def test_several_events_stand_together_each_with_its_mark_and_its_announcement(engine):
    messages, woken = [a_message() for _ in range(3)], []
    uow = SqlUnitOfWork(engine, tables, lambda: NOW, wake=lambda: woken.append("woken"))

    new = uow.together([(message, a_handler(uow)) for message in messages])

    with engine.begin() as connection:
        envelopes = connection.scalars(select(tables.outbox.c.envelope).order_by("id")).all()
    causes = [wire.decode(json.loads(envelope)).cause for envelope in envelopes]
    assert causes == [message.id for message in messages]
    assert (new, rows(engine, tables.inbox), woken) == (3, 3, ["woken"])


@pytest.mark.parametrize("bad", [{"fails": True}, {"commits": False}])
def test_nothing_of_several_events_stands_when_one_does_not(engine, bad):
    uow = SqlUnitOfWork(engine, tables, lambda: NOW)
    handlers = a_handler(uow), a_handler(uow, **bad), a_handler(uow)

    with pytest.raises((RuntimeError, NotTogether)):
        uow.together([(a_message(), handler) for handler in handlers])

    assert rows(engine, tables.outbox) == rows(engine, tables.inbox) == 0


def test_what_a_handler_gave_up_among_several_does_not_stand_either(engine):
    uow = SqlUnitOfWork(engine, tables, lambda: NOW)

    def handle() -> None:
        a_handler(uow, commits=False)()
        a_handler(uow)()

    with pytest.raises(NotTogether):
        uow.together([(a_message(), handle)])

    assert rows(engine, tables.outbox) == 0


def test_of_several_events_those_handled_before_are_left_out(engine):
    known, new, handled = a_message(), a_message(), []
    uow = SqlUnitOfWork(engine, tables, lambda: NOW, known)
    a_handler(uow)()

    def handle() -> None:
        handled.append(uow.message_id)
        a_handler(uow)()

    count = uow.together([(message, handle) for message in (known, new, new)])

    assert (count, handled, rows(engine, tables.outbox)) == (1, [new.id], 2)


def test_a_look_among_several_events_sees_what_they_did(engine):
    uow, seen = SqlUnitOfWork(engine, tables, lambda: NOW), []

    def look() -> None:
        with uow.glance():
            seen.append(uow.connection.scalar(select(func.count()).select_from(tables.inbox)))
        a_handler(uow)()

    uow.together([(a_message(), look), (a_message(), look)])

    assert seen == [2, 2]
