"""The gateway on PostgreSQL does what its unit tests say of SQLite."""

import asyncio
import gc
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import event

from contracts.access import Scope
from contracts.erasures import HolderErased
from contracts.errors import Conflict, Unavailable
from contracts.recognition import NoticeReady
from services.gateway.adapters.clients import Clients
from services.gateway.adapters.idempotency_keys import IdempotencyKeys, Keyed, forget_keys
from services.gateway.adapters.nonces import NonceStore
from services.gateway.adapters.stopped_clients import StoppedClients
from services.gateway.authentication.secrets import ClientSecrets
from services.gateway.courier import deliveries, intake, upkeep
from services.gateway.courier.deliveries import Kind, State
from services.gateway.eligibility import forgetting, holder_rows, projector, remembered, rows
from services.gateway.turns import Later
from services.plumbing.clock import utc_now
from services.plumbing.database import close_database
from services.plumbing.migrate import upgrade
from tests.builders.gateway import (
    HOLDER,
    PARTNER,
    RECOGNITION,
    SESSION_KEY,
    a_door,
    an_incentive,
)
from tests.builders.gateway_events import ended, issued, recognised
from tests.servers import postgresql as postgresql_server

pytestmark = [pytest.mark.gateway, pytest.mark.postgresql]

PATIENCE_SECONDS = 60


@pytest.fixture
def door(postgresql, tmp_path):
    url = postgresql_server.create_database(postgresql.url, "gateway")
    door = a_door(tmp_path, gateway_database=url)
    upgrade(door.engine, "services.gateway")
    yield door
    close_database(url)
    postgresql_server.drop_database(postgresql.url, url)


def until(good, ask):
    """Ask until the answer is good; fail with the last one when it is not in time."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not good(answer := ask()):
        assert time.monotonic() < deadline, answer
        time.sleep(0.01)
    return answer


def hear(door, project, event):
    with door.engine.begin() as connection:
        project(connection, event)


def test_the_read_side_answers_what_was_projected(door):
    hear(door, projector.recognise, recognised())
    hear(door, projector.publish_incentive, an_incentive())
    hear(door, projector.count_grant, issued(holder_issued=2))
    first = door.ask("GET", "/v1/eligibility", door.holder())

    hear(door, projector.end_recognition, ended())

    assert [offer["reasons"] for offer in first.json["offers"]] == [["holder_limit_reached"]]
    until(
        lambda answer: answer.status_code == 422,
        lambda: door.ask("GET", "/v1/eligibility", door.holder()),
    )


def test_the_read_side_comes_back_after_its_connection_was_lost(door):
    hear(door, projector.recognise, recognised())
    before = door.ask("GET", "/v1/eligibility", door.holder())
    with door.engine.begin() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )

    after = door.ask("GET", "/v1/eligibility", door.holder())

    assert (before.status_code, after.status_code) == (200, 200)


def test_a_row_is_read_again_when_it_was_changed_and_not_before(door, monkeypatch):
    """PostgreSQL tells of a change as soon as it can, not as soon as it is committed."""
    monkeypatch.setattr(rows, "HEAR_SECONDS", 0)
    hear(door, projector.recognise, recognised(tier=2))
    remembering = rows.open_rows(door.engine)
    asked = []
    monkeypatch.setattr(
        remembering, "newest", lambda holder: asked.append(holder) or newest(holder)
    )
    newest = type(remembering).newest.__get__(remembering)

    before = [remembering.holder(HOLDER) for _ in range(3)]
    later = recognised(tier=5, recognised_at=recognised().recognised_at + timedelta(hours=1))
    hear(door, projector.recognise, later)
    after = until(lambda row: row[1] == 5, lambda: remembering.holder(HOLDER))
    hear(door, projector.publish_incentive, an_incentive())
    published = until(lambda row: row[0] == before[0][0] + 1, lambda: remembering.holder(HOLDER))
    hear(door, forgetting.erase_holder, HolderErased(holder=HOLDER, erased_at=utc_now()))
    erased = until(lambda row: row[1] is None, lambda: remembering.holder(HOLDER))

    assert (before[0][1], after[1], published[1], erased[1]) == (2, 5, 5, None)
    assert asked == [HOLDER] * 4


def test_on_an_event_loop_a_row_is_remembered_and_never_asked_for(door):
    async def looking():
        return remembering.holder(HOLDER)

    hear(door, projector.recognise, recognised(tier=2))
    remembering = rows.open_rows(door.engine)

    with pytest.raises(Later):
        asyncio.run(looking())
    row = remembering.holder(HOLDER)

    assert asyncio.run(looking()) == row


def test_nothing_is_remembered_from_before_a_connection_was_lost(door):
    hear(door, projector.recognise, recognised(tier=2))
    remembering = rows.open_rows(door.engine)
    remembering.holder(HOLDER)
    with door.engine.begin() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    door.engine.dispose()  # its own connections are gone as well
    later = recognised(tier=5, recognised_at=recognised().recognised_at + timedelta(hours=1))
    hear(door, projector.recognise, later)

    until(lambda row: row[1] == 5, lambda: remembering.holder(HOLDER))


def test_a_row_whose_change_was_not_told_is_remembered_for_a_time(door, monkeypatch):
    hear(door, projector.recognise, recognised(tier=2))
    remembering = rows.open_rows(door.engine)
    with door.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE holders DISABLE TRIGGER USER")
    later = recognised(tier=5, recognised_at=recognised().recognised_at + timedelta(hours=1))

    before = remembering.holder(HOLDER)
    hear(door, projector.recognise, later)
    meanwhile = remembering.holder(HOLDER)
    monkeypatch.setattr(remembered, "LONGEST", 0)

    assert (before[1], meanwhile[1], remembering.holder(HOLDER)[1]) == (2, 2, 5)


def listening(door):
    with door.engine.connect() as connection:
        return connection.exec_driver_sql(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND query = 'LISTEN read_side'"
        ).scalar_one()


def test_a_worker_that_is_asked_nothing_for_a_time_keeps_no_session(door, monkeypatch):
    others = listening(door)
    monkeypatch.setattr(rows, "IDLE_SECONDS", 1)
    remembering = rows.open_rows(door.engine)
    assert listening(door) == others + 1

    until(lambda count: count == others, lambda: listening(door))

    assert remembering.holder(HOLDER)[0] == 0


def test_whoever_reads_no_more_leaves_no_session(door):
    others = listening(door)
    remembering = rows.open_rows(door.engine)
    assert listening(door) == others + 1

    del remembering
    gc.collect()

    until(lambda count: count == others, lambda: listening(door))


def test_nobody_waits_long_for_a_read_side_that_does_not_answer(door, monkeypatch):
    monkeypatch.setattr(rows, "READ_SECONDS", 1)
    impatient = rows.open_rows(door.engine)

    with door.engine.begin() as connection:
        connection.exec_driver_sql("LOCK TABLE holders IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(Unavailable):
            impatient.holder("holder-of-this-test-00000001")

    assert until(bool, lambda: read(impatient, "holder-of-this-test-00000001"))[0] == 0


def read(remembering, holder):
    """Return the row, nothing while the read side does not answer."""
    with suppress(Unavailable):
        return remembering.holder(holder)
    return None


def test_nobody_waits_long_for_a_lock_or_a_statement(door):
    with door.engine.begin() as connection:
        limits = [
            connection.exec_driver_sql(f"SHOW {name}").scalar()
            for name in ("lock_timeout", "statement_timeout")
        ]

    assert limits == ["5s", "30s"]


def test_a_holder_of_whom_something_is_just_heard_is_not_forgotten_then(door):
    hear(door, projector.recognise, recognised())
    long_over = recognised().until + 2 * forgetting.KEPT

    with door.engine.begin() as hearing, door.engine.begin() as forgetful:
        holder_rows.lock_holder(hearing, HOLDER)
        forgetting.forget_over(forgetful, long_over)
    with door.engine.begin() as connection:
        kept = holder_rows.find_holder(connection, HOLDER)
        forgetting.forget_over(connection, long_over)
        gone = holder_rows.find_holder(connection, HOLDER)

    assert (kept.holder, gone) == (HOLDER, None)


def test_a_nonce_is_fresh_once(door):
    nonces = NonceStore(door.engine, door.clock)
    until = door.clock() + timedelta(minutes=5)

    assert [nonces.use(PARTNER, "n" * 16, until) for _ in range(2)] == [True, False]


def test_a_key_stands_for_one_request_and_its_answer(door):
    keys = IdempotencyKeys(door.engine, door.clock)
    asked = Keyed(id="i", target="t", body="b")

    first = keys.claim(asked)
    with pytest.raises(Unavailable):
        keys.claim(asked)
    keys.settle(asked, "answer")
    with pytest.raises(Conflict):
        keys.note(replace(asked, body="other"))
    second = keys.claim(asked)
    door.clock.move(hours=24)

    assert (first, second, keys.claim(asked)) == (None, "answer", None)
    assert forget_keys(door.engine, now=door.clock()) is False


def test_secrets_that_are_changed_at_the_same_time_are_all_good(door):
    door.client_of("hello-bike")
    clients = Clients(door.engine, ClientSecrets(SESSION_KEY), door.clock)
    made, secret = clients.put("hello-bike", "till-1", [Scope.REDEMPTIONS])

    with ThreadPoolExecutor(2) as threads:
        rotated = list(
            threads.map(lambda _: clients.rotate("hello-bike", "till-1", uuid4()), range(2))
        )
    good = [clients.authenticate(made.client_id, each) for each in (secret, rotated[0][1])]
    good.append(clients.authenticate(made.client_id, rotated[1][1]))
    clients.stop_former("hello-bike", "till-1")
    left = [clients.authenticate(made.client_id, secret) for _, secret in rotated]

    assert [each.scopes for each in good] == [(Scope.REDEMPTIONS,)] * 3
    assert left.count(None) == 1
    assert clients.authenticate(made.client_id, secret) is None


def test_a_client_is_made_limited_and_removed(door):
    clients = Clients(door.engine, ClientSecrets(SESSION_KEY), door.clock)
    long = "o" * 64
    stopped = StoppedClients(door.engine, door.clock)

    _, secret = clients.put(long, "c" * 64, [Scope.REDEMPTIONS])
    limited, none = clients.put(long, "c" * 64, [])
    [listed] = clients.list(long)
    known = clients.authenticate(limited.client_id, secret)
    clients.remove(long, "c" * 64)
    clients.remove(long, "c" * 64)

    assert (none, listed, known) == (None, limited, limited)
    assert clients.list(long) == []
    assert stopped.get(limited.client_id) > limited.stopped_at == door.clock()


def test_a_stop_in_the_midst_of_a_sign_in_is_later_than_what_the_sign_in_knows(door):
    clients = Clients(door.engine, ClientSecrets(SESSION_KEY), door.clock)
    made, secret = clients.put("hello-bike", "till-1", [Scope.REDEMPTIONS])

    @event.listens_for(door.engine, "after_cursor_execute", once=True)
    def limit(*_):
        clients.put("hello-bike", "till-1", [])

    known = clients.authenticate(made.client_id, secret)

    stopped = StoppedClients(door.engine, door.clock)
    assert (known.scopes, known.stopped_at) == ((Scope.REDEMPTIONS,), None)
    assert stopped.get(made.client_id) == door.clock()


def test_each_stop_is_later_than_the_last_though_many_stop_at_once(door):
    clients = Clients(door.engine, ClientSecrets(SESSION_KEY), door.clock)
    clients.put("hello-bike", "till-1", [Scope.REDEMPTIONS])

    with ThreadPoolExecutor(4) as threads:
        stops = list(
            threads.map(lambda _: clients.stop_former("hello-bike", "till-1").stopped_at, range(8))
        )

    assert sorted(stops) == [door.clock() + timedelta(microseconds=n) for n in range(8)]


def test_a_delivery_is_claimed_by_one_and_settled(door):
    notice = NoticeReady(notice_id=RECOGNITION, recipient=PARTNER, token="a.b.c")
    with door.engine.begin() as connection:
        intake.take_notice(connection, notice, now=door.clock())
    [delivery] = deliveries.due(door.engine, (Kind.NOTICE, PARTNER), now=door.clock(), limit=9)
    lease = timedelta(seconds=30)

    destinations = deliveries.waited_for(door.engine)
    claims = [
        deliveries.claim(door.engine, delivery, now=door.clock(), lease=lease) for _ in range(2)
    ]
    deliveries.delivered(door.engine, delivery, now=door.clock())

    assert destinations == [(Kind.NOTICE, PARTNER)]
    assert claims == [True, False]
    assert upkeep.counted(door.engine)[State.DELIVERED] == 1
