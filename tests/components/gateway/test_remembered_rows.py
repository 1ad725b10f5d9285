"""What an SQLite file tells of itself: rows are remembered until it says that they changed."""

from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.erasures import HolderErased
from services.gateway.adapters.stopped_clients import stop
from services.gateway.eligibility import forgetting, holder_rows, projector, rows
from tests.builders.gateway import HOLDER, an_incentive
from tests.builders.gateway_events import ended, issued, recognised
from tests.fakes.gateway import FakeClock

pytestmark = pytest.mark.gateway

NOW = FakeClock.START
OTHER = "other-holder-0001"


@pytest.fixture
def remembering(door):
    return rows.open_rows(door.engine)


@pytest.fixture
def asked(remembering, monkeypatch):
    """The holders whose rows were read from the file."""
    found, newest = [], remembering.newest
    monkeypatch.setattr(
        remembering, "newest", lambda holder: found.append(holder) or newest(holder)
    )
    return found


def hear(door, project, event):
    with door.engine.begin() as connection:
        project(connection, event)


def again(tier):
    return recognised(tier=tier, recognised_at=recognised().recognised_at + timedelta(hours=tier))


def test_a_row_is_read_again_when_it_was_changed_and_not_before(door, remembering, asked):
    hear(door, projector.recognise, again(2))
    before = [remembering.holder(HOLDER) for _ in range(3)]

    hear(door, projector.recognise, again(5))
    after = [remembering.holder(HOLDER) for _ in range(3)]
    hear(door, forgetting.erase_holder, HolderErased(holder=HOLDER, erased_at=NOW))
    erased = [remembering.holder(HOLDER) for _ in range(3)]

    assert {row[1] for row in before} == {2}
    assert {row[1] for row in after} == {5}
    assert {row[1] for row in erased} == {None}
    assert asked == [HOLDER] * 3


def test_what_else_is_written_into_the_file_leaves_rows_remembered(door, remembering, asked):
    hear(door, projector.recognise, recognised())
    remembering.holder(HOLDER)

    with door.engine.begin() as connection:
        stop(connection, "city-app", NOW)
        holder_rows.lock_holder(connection, OTHER)
    remembering.holder(HOLDER)

    assert asked == [HOLDER]


def test_a_new_version_of_the_catalogue_is_seen_at_once(door, remembering):
    hear(door, projector.recognise, recognised())
    before = remembering.holder(HOLDER)[0]

    hear(door, projector.publish_incentive, an_incentive())

    assert remembering.holder(HOLDER)[0] == before + 1


def test_who_did_not_hear_of_what_is_forgotten_by_now_reads_everything_again(door, remembering):
    hear(door, projector.recognise, again(2))
    remembering.holder(HOLDER)
    hear(door, projector.recognise, again(5))

    with door.engine.begin() as connection:
        forgetting.forget_changes(connection)

    assert remembering.holder(HOLDER)[1] == 5


def test_a_holder_who_was_erased_is_not_named_among_what_changed(door):
    hear(door, projector.recognise, recognised())
    hear(door, forgetting.erase_holder, HolderErased(holder=HOLDER, erased_at=NOW))

    with door.engine.begin() as connection:
        forgetting.forget_changes(connection)
        kept = connection.exec_driver_sql("SELECT changed FROM changed_rows").scalars().all()

    assert kept == [""]


def test_who_has_much_to_hear_of_reads_everything_again(door, remembering, monkeypatch):
    monkeypatch.setattr(rows, "MOST_HEARD", 3)
    hear(door, projector.recognise, again(2))
    remembering.holder(HOLDER)

    hear(door, projector.recognise, again(5))
    for _ in range(5):
        hear(door, projector.publish_incentive, an_incentive())

    assert remembering.holder(HOLDER) == rows.open_rows(door.engine).newest(HOLDER)


STEPS = st.sampled_from(["recognise", "end", "grant", "publish", "erase", "forget", "look"])


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(STEPS, max_size=25))
def test_whatever_happens_a_remembered_row_is_what_the_file_says(door, steps):
    remembering, reading = rows.open_rows(door.engine), rows.open_rows(door.engine)
    for number, step in enumerate(steps):
        with door.engine.begin() as connection:
            match step:
                case "recognise":
                    projector.recognise(connection, again(number % 5 + 1))
                case "end":
                    projector.end_recognition(connection, ended())
                case "grant":
                    projector.publish_incentive(connection, an_incentive())
                    projector.count_grant(connection, issued(grant_id=uuid4()))
                case "publish":
                    projector.publish_incentive(connection, an_incentive(version=number + 1))
                case "erase":
                    event = HolderErased(holder=HOLDER, erased_at=NOW)
                    forgetting.erase_holder(connection, event)
                case "forget":
                    forgetting.forget_changes(connection)
                    forgetting.forget_erased(connection, NOW + 2 * forgetting.KEPT)
        if step == "look":
            assert remembering.holder(HOLDER) == reading.newest(HOLDER)
    assert remembering.holder(HOLDER) == reading.newest(HOLDER)
