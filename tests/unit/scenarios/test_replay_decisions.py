"""A decision is taken again from its record by the rule version of its day."""

import json
from contextlib import suppress
from dataclasses import replace
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import Refused
from contracts.rules import Conditions, Hours, Quota
from contracts.words import Condition, Period, Weekday
from services.scenarios.domain import decision as rules
from services.scenarios.domain.decision_record import digest_of
from services.scenarios.handlers.catalogue import publish_incentive
from services.scenarios.handlers.replay import Difference, named, replay
from tests.builders.scenarios import (
    DAY,
    FUZHOU,
    HANGZHOU,
    HOUR,
    NOW,
    TEN_YUAN,
    ZHENGZHOU,
    a_holder,
    a_month,
    a_publish_incentive,
    an_offer,
    issue,
)
from tests.fakes.scenarios import FakeUnitOfWork

pytestmark = pytest.mark.scenarios

CONDITIONS = Conditions(
    home_cities=(FUZHOU, ZHENGZHOU),
    attestation_age_days=30,
    weekdays=(Weekday.TUESDAY, Weekday.SUNDAY),
    hours=(Hours(since="09:00", until="17:00"),),
    districts=("330106",),
)
EVERYTHING = {
    "benefit": TEN_YUAN,
    "per_holder": a_month(2),
    "quota": a_month(10),
    "quotas": (Quota(period=Period.DAY, fen=2000, district="330106"),),
    "budget_fen": 50_000,
    "conditions": CONDITIONS,
}


def decided(uow, recognised, *, now=NOW, grant_id=None, **overrides):
    """Ask for an incentive; return the record of what was decided last."""
    asked = grant_id or uuid4()
    with suppress(Refused):
        issue(uow, recognised, grant_id=asked, now=now, **overrides)
    return named(asked, uow=uow)[-1]


def kinds(differences):
    return [each.what for each in differences]


def test_a_grant_comes_out_the_same(uow):
    an_offer(uow, **EVERYTHING)
    record = decided(uow, a_holder(uow), district="330106")

    assert record.outcome == "granted"
    assert replay(record, uow=uow) == ()


def test_a_grant_comes_out_the_same_after_the_rule_the_limits_and_the_holder_changed(uow):
    an_offer(uow, **EVERYTHING)
    record = decided(uow, a_holder(uow), district="330106")
    publish_incentive(a_publish_incentive(minimum_tier=5), uow=uow, city=HANGZHOU, now=NOW)
    a_holder(uow, tier=1, recognised_at=NOW)

    assert replay(record, uow=uow) == ()


@given(
    tier=st.integers(1, 5),
    hours=st.integers(0, 24 * 7),
    takes=st.integers(1, 3),
    district=st.sampled_from([None, "330106", "330102"]),
    home=st.sampled_from([FUZHOU, ZHENGZHOU, "410200"]),
)
def test_whatever_was_decided_comes_out_the_same(tier, hours, takes, district, home):
    uow = FakeUnitOfWork()
    an_offer(uow, **EVERYTHING)
    recognised = a_holder(uow, tier=tier, home=home)

    for _ in range(takes):
        record = decided(uow, recognised, now=NOW + hours * HOUR, district=district)

        assert replay(record, uow=uow) == ()


def test_a_refusal_without_terms_is_whole_and_has_nothing_to_compare(uow):
    record = decided(uow, a_holder(uow), incentive_id="nowhere")

    assert replay(record, uow=uow) == ()


def test_a_rule_version_that_is_gone_is_named(uow):
    an_offer(uow)
    record = decided(uow, a_holder(uow))

    [difference] = replay(record, uow=FakeUnitOfWork())

    assert difference == Difference(what="rule", recorded="late-return version 1", replayed="gone")


def changed(record, change):
    document = json.loads(record.document)
    change(document)
    return replace(record, document=json.dumps(document))


def test_a_changed_record_is_named_with_what_it_changes(uow):
    an_offer(uow)
    record = decided(uow, a_holder(uow, tier=2))

    forged = changed(record, lambda document: document["facts"].update(tier=5))

    assert record.outcome == "refused"
    differences = replay(forged, uow=uow)
    assert kinds(differences) == ["record", Condition.TIER, "reason"]
    assert differences[1].recorded == "did not hold: asked “3”, found “2”"
    assert differences[1].replayed == "held: asked “3”, found “5”"
    assert differences[2] == Difference(
        what="reason", recorded="tier_below_minimum", replayed="granted"
    )


def test_an_unreadable_record_is_named(uow):
    record = replace(decided(uow, a_holder(uow), incentive_id="nowhere"), document="{")

    assert kinds(replay(record, uow=uow)) == ["record", "record"]


def test_code_that_decides_otherwise_is_named_though_the_record_is_whole(uow, monkeypatch):
    an_offer(uow, conditions=CONDITIONS)
    record = decided(uow, a_holder(uow), district="330106")
    monkeypatch.setattr(rules, "_covers", lambda *_: False)

    differences = replay(record, uow=uow)

    assert kinds(differences) == [Condition.HOURS, "reason"]
    assert differences[1].replayed == "outside_hours"


def test_a_condition_that_code_asks_no_more_or_anew_is_named(uow):
    an_offer(uow)
    record = decided(uow, a_holder(uow))
    fewer = changed(record, lambda document: document["findings"].pop())
    fewer = replace(fewer, digest=digest_of(fewer.document))

    [difference] = replay(fewer, uow=uow)

    assert (difference.what, difference.recorded) == (Condition.HOLDER_LIMIT, "")


def test_replaying_changes_nothing(uow):
    an_offer(uow)
    record = decided(uow, a_holder(uow), now=NOW + DAY)
    before = uow.state

    replay(record, uow=uow)

    assert uow.state is before
