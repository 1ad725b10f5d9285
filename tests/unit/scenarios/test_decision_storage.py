"""Decisions on record, as the ports promise: on the fake storage and on SQLite."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from contracts.errors import NotFound
from contracts.outcomes import DecisionOutcome
from contracts.words import ScenarioKind
from services.scenarios.domain.decision_record import DecisionRecord, digest_of
from tests.builders.scenarios import DAY, HOLDER, HOUR, NOW, STRANGER
from tests.unit.scenarios.storages import fake, sqlite

pytestmark = pytest.mark.scenarios

GRANTED, REFUSED = DecisionOutcome.GRANTED, DecisionOutcome.REFUSED


@pytest.fixture(params=[fake, sqlite])
def uow(request, tmp_path):
    with request.param(tmp_path) as storage:
        yield storage


def a_record(**overrides):
    document = overrides.pop("document", '{"document":"urn:huxin:explanation:1"}')
    values = {
        "id": uuid4(),
        "holder": HOLDER,
        "kind": ScenarioKind.INCENTIVE,
        "outcome": REFUSED,
        "rule_id": "late-return",
        "document": document,
        "digest": digest_of(document),
        "decided_at": NOW,
    }
    return DecisionRecord(**{**values, **overrides})


def keep(uow, *records, most_refused=10):
    for record in records:
        with uow:
            uow.decisions.record(record, most_refused=most_refused)
            uow.commit()
    return records


def of_holder(uow, record):
    with uow:
        return uow.decisions.of_holder(record.id, record.holder)


def newest(uow, *, most=10, after=None, holder=HOLDER):
    with uow:
        return list(uow.decisions.newest_of(holder, most, after))


def test_a_decision_is_found_by_its_id_and_whom_it_is_about(uow):
    [record] = keep(uow, a_record())

    assert of_holder(uow, record) == record
    assert of_holder(uow, a_record(id=record.id, holder=STRANGER)) is None


def test_two_holders_under_one_id_have_a_record_each(uow):
    mine, theirs = keep(uow, a_record(), a_record(id=UUID(int=4), holder=STRANGER))
    [taken] = keep(uow, a_record(id=mine.id, holder=STRANGER, decided_at=NOW + HOUR))

    with uow:
        assert list(uow.decisions.named(mine.id)) == [mine, taken]
        assert list(uow.decisions.named(theirs.id)) == [theirs]


@pytest.mark.parametrize("outcome", [REFUSED, GRANTED])
def test_a_later_attempt_takes_the_place_of_a_refusal(uow, outcome):
    [first] = keep(uow, a_record())
    [second] = keep(
        uow, a_record(id=first.id, outcome=outcome, document="{}", decided_at=NOW + HOUR)
    )

    found = of_holder(uow, first)

    assert (found.document, found.outcome, found.attempts) == ("{}", second.outcome, 2)
    assert found.is_whole


def test_an_earlier_attempt_does_not_take_the_place_of_a_later_refusal(uow):
    [first] = keep(uow, a_record(decided_at=NOW + HOUR))
    keep(uow, a_record(id=first.id, document="{}"))

    assert of_holder(uow, first) == first


def test_what_was_granted_stays_on_record_whatever_comes_later(uow):
    [granted] = keep(uow, a_record(outcome=GRANTED))
    keep(uow, a_record(id=granted.id, decided_at=NOW + HOUR))

    assert of_holder(uow, granted) == granted


def test_a_holder_s_decisions_are_listed_newest_first_and_page_by_page(uow):
    records = [a_record(decided_at=NOW + number * HOUR) for number in range(3)]
    keep(uow, *records, a_record(holder=STRANGER))
    third, second, first = reversed(records)

    assert newest(uow) == [third, second, first]
    assert newest(uow, most=1, after=third.id) == [second]
    assert newest(uow, after=first.id) == []


def test_decisions_of_one_moment_are_each_listed_once(uow):
    keep(uow, *(a_record() for _ in range(4)))
    [one, *_] = newest(uow, most=1)

    assert one not in newest(uow, after=one.id)
    assert len(newest(uow, after=one.id)) == 3


def test_nobody_is_listed_after_a_decision_of_somebody_else(uow):
    [theirs] = keep(uow, a_record(holder=STRANGER))

    with pytest.raises(NotFound):
        newest(uow, after=theirs.id)


def test_a_holder_keeps_the_newest_refusals_only_and_everything_that_was_granted(uow):
    [granted] = keep(uow, a_record(outcome=GRANTED, decided_at=NOW - DAY))
    refused = [a_record(decided_at=NOW + number * HOUR) for number in range(4)]
    [other] = keep(uow, a_record(holder=STRANGER, decided_at=NOW - DAY))

    keep(uow, *refused, most_refused=2)

    assert newest(uow) == [refused[3], refused[2], granted]
    assert newest(uow, holder=STRANGER) == [other]


def test_of_an_erased_holder_nothing_is_kept_nor_comes_back(uow):
    [mine, theirs] = keep(uow, a_record(), a_record(holder=STRANGER))
    for _ in "12":
        with uow:
            uow.decisions.erase_holder(HOLDER, NOW)
            uow.commit()
    keep(uow, a_record())

    assert newest(uow) == []
    assert of_holder(uow, mine) is None
    assert of_holder(uow, theirs) == theirs


def test_who_was_erased_long_ago_is_forgotten_too(uow):
    with uow:
        uow.decisions.erase_holder(HOLDER, NOW)
        uow.commit()

    with uow:
        assert uow.decisions.forget_erased(NOW, 10) == 0
        assert uow.decisions.forget_erased(NOW + HOUR, 10) == 1
        assert uow.decisions.forget_erased(NOW + HOUR, 10) == 0


def test_refusals_and_others_are_forgotten_each_in_their_time(uow):
    old, older = NOW - 10 * DAY, NOW - 100 * DAY
    kept = [a_record(outcome=GRANTED, decided_at=old), a_record()]
    gone = [a_record(decided_at=old), a_record(outcome=GRANTED, decided_at=older)]
    keep(uow, *kept, *gone)

    def forget(most):
        with uow:
            forgotten = uow.decisions.forget(
                refused_before=NOW - timedelta(days=5), others_before=NOW - 50 * DAY, most=most
            )
            uow.commit()
        return forgotten

    assert [forget(1), forget(5), forget(5)] == [1, 1, 0]
    assert {record.id for record in newest(uow)} == {record.id for record in kept}


def test_a_document_that_somebody_changed_is_not_whole():
    record = a_record()

    assert record.is_whole
    assert not a_record(document="{}", digest=record.digest).is_whole
