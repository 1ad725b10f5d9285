"""Taking an incentive: the numbered checks, and what a grant is."""

from uuid import uuid4

import pytest

from contracts.errors import Conflict, Refused, Unavailable
from contracts.recognition import CategoryTier
from contracts.rules import Limit, QuotaCount
from contracts.scenarios import GrantIssued
from contracts.words import Category, Funding, GrantState, Period, UsageFact
from services.scenarios.handlers.grants import issue_grant
from services.scenarios.handlers.recognitions import on_recognition_ended
from tests.builders.scenarios import (
    DAY,
    FUZHOU,
    HANGZHOU,
    HOLDER,
    HOUR,
    NODE,
    NOW,
    PASSES,
    STRANGER,
    TEN_YUAN,
    ZHENGZHOU,
    a_holder,
    a_month,
    a_recognition_ended,
    a_score_recognised,
    an_issue_grant,
    an_offer,
    issue,
    publish,
    without_pass,
)
from tests.fakes.scenarios import FakeRecognitions, FakeUnitOfWork

pytestmark = pytest.mark.scenarios


def refused(uow, recognised, *, now=NOW, **overrides):
    """Return the code of a refusal, having seen that it only changed what is on record."""
    before = uow.state.taken
    with pytest.raises(Refused) as refusal:
        issue(uow, recognised, now=now, **overrides)
    assert uow.state.taken == before
    return refusal.value.code


def test_a_holder_takes_an_incentive_and_gets_a_pass(uow):
    an_offer(uow)

    record = issue(uow, a_holder(uow))

    assert (record.state, record.uses_left, record.incentive_version) == (GrantState.OPEN, 1, 1)
    assert PASSES.read(record.pass_token).grant_id == record.grant_id


def test_a_grant_is_announced_with_what_is_left_and_booked_as_a_usage_line(uow):
    an_offer(uow, benefit=TEN_YUAN, quota=a_month(100), budget_fen=5000)
    recognised = a_holder(uow)

    record = issue(uow, recognised)

    [announced] = uow.announced_of(GrantIssued)
    assert announced == GrantIssued(
        grant_id=record.grant_id,
        incentive_id="late-return",
        scenario_id=record.scenario_id,
        operator_id=announced.operator_id,
        holder=HOLDER,
        home=FUZHOU,
        attestation_id=recognised.attestation_id,
        value_fen=1000,
        holder_period="2026-11",
        holder_issued=1,
        quota_period="2026-11",
        period_issued=1,
        budget_left_fen=4000,
        issued_at=NOW,
        until=record.until,
        funding=Funding.HOST_OPERATOR,
        count_number=1,
        counts=(
            QuotaCount(window="2026-11", district=None, units=1, fen=1000),
            QuotaCount(window="lifetime", district=None, units=1, fen=1000),
        ),
    )
    [line] = uow.state.usage_lines.of_month("2026-11", home=FUZHOU, host=HANGZHOU)
    assert (line.fact, line.value_fen, line.at) == (UsageFact.ISSUED, 1000, NOW)


def test_a_grant_keeps_what_the_decision_rested_on(uow):
    an_offer(uow)
    publish(uow, now=NOW, minimum_tier=2)
    recognised = a_holder(uow, tier=3, crosswalk=7)

    record = issue(uow, recognised)

    basis = uow.state.grants.get(record.grant_id).basis
    assert (basis.recognition_id, basis.attestation_id) == (
        recognised.recognition_id,
        recognised.attestation_id,
    )
    assert (basis.tier, basis.crosswalk, basis.incentive_version) == (3, 7, 2)


@pytest.mark.parametrize("general", [2, 5])
def test_the_tier_that_two_cities_agreed_on_decides_for_its_category(uow, general):
    an_offer(uow)
    publish(uow, now=NOW, minimum_tier=4)
    agreed = (CategoryTier(category=Category.TRANSPORT, tier=4),)

    record = issue(uow, a_holder(uow, tier=general, tiers=agreed))

    assert uow.state.grants.get(record.grant_id).basis.tier == 4


def test_an_agreed_tier_that_is_too_low_is_no_reason_to_give_by_the_general_one(uow):
    an_offer(uow)
    publish(uow, now=NOW, minimum_tier=4)
    agreed = (CategoryTier(category=Category.TRANSPORT, tier=3),)

    with pytest.raises(Refused, match="tier_below_minimum"):
        issue(uow, a_holder(uow, tier=5, tiers=agreed))


def test_a_tier_agreed_on_for_another_category_does_not_count(uow):
    an_offer(uow)
    publish(uow, now=NOW, minimum_tier=4)
    agreed = (CategoryTier(category=Category.SPORTS, tier=5),)

    with pytest.raises(Refused, match="tier_below_minimum"):
        issue(uow, a_holder(uow, tier=3, tiers=agreed))


def test_a_grant_may_be_used_for_its_days_and_never_longer_than_the_recognition(uow):
    an_offer(uow, grant_days=3)
    recognised = a_holder(uow)

    early = issue(uow, recognised)
    late = issue(uow, recognised, now=recognised.until - HOUR)

    assert early.until == NOW + 3 * DAY
    assert late.until == recognised.until


# --- 1: repeats ------------------------------------------------------------------------------


def test_taking_the_same_grant_again_gives_it_again_and_takes_nothing(uow):
    an_offer(uow, per_holder=a_month(1))
    command = an_issue_grant(a_holder(uow))
    first = issue_grant(command, uow=uow, now=NOW, **NODE)

    again = issue_grant(command, uow=uow, now=NOW + HOUR, **NODE)

    assert without_pass(again) == without_pass(first)
    assert uow.state.tallies.get("late-return").issued == 1


def test_a_repeat_is_answered_even_after_the_recognition_ended(uow):
    an_offer(uow)
    command = an_issue_grant(recognised := a_holder(uow))
    issue_grant(command, uow=uow, now=NOW, **NODE)
    on_recognition_ended(a_recognition_ended(recognised), uow=uow, city=HANGZHOU, now=NOW)

    again = issue_grant(command, uow=uow, now=NOW, **NODE)

    assert (again.state, again.pass_token) == (GrantState.REVOKED, None)


@pytest.mark.parametrize("other", [{"incentive_id": "museum"}, {"holder": STRANGER}])
def test_a_grant_id_stands_for_one_holder_and_one_incentive(uow, other):
    an_offer(uow)
    command = an_issue_grant(recognised := a_holder(uow))
    issue_grant(command, uow=uow, now=NOW, **NODE)

    with pytest.raises(Conflict, match="id_reused"):
        issue(uow, recognised, grant_id=command.grant_id, **other)


# --- 2 to 4: recognition ---------------------------------------------------------------------


def test_a_recognition_that_has_not_arrived_is_a_matter_of_time(uow):
    an_offer(uow)

    with pytest.raises(Unavailable, match="not_yet_visible"):
        issue(uow, a_score_recognised())


def test_a_recognition_that_arrives_while_one_looks_is_a_matter_of_time_too(uow, monkeypatch):
    an_offer(uow)
    elsewhere = FakeUnitOfWork()
    recognised = a_holder(elsewhere)
    arriving = elsewhere.state.recognitions.get(recognised.recognition_id)

    look = FakeRecognitions.with_current

    def looked(recognitions, *keys):
        found = look(recognitions, *keys)
        recognitions.add(arriving)
        return found

    monkeypatch.setattr(FakeRecognitions, "with_current", looked)

    with pytest.raises(Unavailable, match="not_yet_visible"):
        issue(uow, recognised)


def test_nobody_takes_an_incentive_on_the_recognition_of_another(uow):
    an_offer(uow)
    recognised = a_holder(uow)

    assert refused(uow, recognised, holder=STRANGER) == "not_recognised"


def test_an_ended_recognition_earns_nothing(uow):
    an_offer(uow)
    recognised = a_holder(uow)
    on_recognition_ended(a_recognition_ended(recognised), uow=uow, city=HANGZHOU, now=NOW)

    assert refused(uow, recognised) == "recognition_ended"


def test_an_end_that_arrived_first_stands(uow):
    an_offer(uow)
    recognised = a_score_recognised()
    on_recognition_ended(a_recognition_ended(recognised), uow=uow, city=HANGZHOU, now=NOW)
    a_holder(uow, recognition_id=recognised.recognition_id)

    assert refused(uow, recognised) == "recognition_ended"


def test_a_recognition_whose_time_is_up_earns_nothing(uow):
    an_offer(uow)
    recognised = a_holder(uow)

    assert refused(uow, recognised, now=recognised.until) == "not_recognised"


def test_a_newer_recognition_replaces_the_earlier_one(uow):
    an_offer(uow, minimum_tier=4)
    earlier = a_holder(uow, tier=5)
    a_holder(uow, tier=3, home=ZHENGZHOU, recognised_at=NOW)

    assert refused(uow, earlier) == "tier_below_minimum"


def test_an_earlier_recognition_that_arrives_late_replaces_nothing(uow):
    an_offer(uow)
    newer = a_holder(uow, tier=4, recognised_at=NOW)
    a_holder(uow, tier=1, recognised_at=NOW - DAY)

    record = issue(uow, newer)

    assert uow.state.grants.get(record.grant_id).basis.tier == 4


def test_when_the_newest_recognition_ended_an_earlier_one_does_not_come_back(uow):
    an_offer(uow)
    earlier, newer = a_holder(uow), a_holder(uow, recognised_at=NOW)
    on_recognition_ended(a_recognition_ended(newer), uow=uow, city=HANGZHOU, now=NOW)

    assert refused(uow, earlier) == "recognition_ended"


def test_a_recognition_told_twice_changes_nothing(uow):
    an_offer(uow, minimum_tier=4)
    first = a_holder(uow, tier=2)
    a_holder(uow, recognition_id=first.recognition_id, tier=5)

    assert refused(uow, first) == "tier_below_minimum"


# --- 5 to 8: incentive -----------------------------------------------------------------------


def test_what_nobody_offers_cannot_be_taken(uow):
    assert refused(uow, a_holder(uow)) == "not_offered"


def test_a_purpose_the_holder_did_not_consent_to_is_not_covered(uow):
    an_offer(uow)
    recognised = a_holder(uow, purposes=(Category.SPORTS,))

    assert refused(uow, recognised) == "purpose_not_covered"


@pytest.mark.parametrize(
    "dates", [{"offered_from": NOW + HOUR}, {"offered_from": NOW - DAY, "offered_until": NOW}]
)
def test_an_incentive_outside_its_dates_is_not_offered(uow, dates):
    an_offer(uow, **dates)

    assert refused(uow, a_holder(uow)) == "not_offered"


def test_a_tier_below_the_minimum_is_not_enough(uow):
    an_offer(uow, minimum_tier=5)

    assert refused(uow, a_holder(uow, tier=4)) == "tier_below_minimum"


# --- 9 to 11: limits -------------------------------------------------------------------------


def test_a_holder_has_at_most_the_limit_in_a_period_of_the_host_city(uow):
    an_offer(uow, per_holder=Limit(count=1, period=Period.DAY))
    recognised = a_holder(uow)
    issue(uow, recognised)

    in_the_evening = NOW.replace(hour=15, minute=59)  # 23:59 in Hangzhou
    assert refused(uow, recognised, now=in_the_evening) == "holder_limit_reached"
    assert issue(uow, recognised, now=in_the_evening + HOUR).state is GrantState.OPEN


def test_the_limit_of_one_holder_leaves_others_their_own(uow):
    an_offer(uow, per_holder=a_month(1))
    issue(uow, a_holder(uow))

    assert issue(uow, a_holder(uow, holder=STRANGER)).state is GrantState.OPEN


def test_a_quota_is_shared_by_all(uow):
    an_offer(uow, per_holder=a_month(1), quota=a_month(1))
    issue(uow, a_holder(uow))

    assert refused(uow, a_holder(uow, holder=STRANGER)) == "quota_exhausted"


def test_a_budget_covers_the_most_that_every_grant_may_cost(uow):
    an_offer(uow, benefit=TEN_YUAN, budget_fen=2999)
    recognised = a_holder(uow)
    issue(uow, recognised)
    issue(uow, recognised)

    assert refused(uow, recognised) == "budget_exhausted"
    assert uow.state.tallies.get("late-return").free_fen(2999) == 999


def test_a_new_period_counts_what_was_issued_under_the_terms_before(uow):
    an_offer(uow, per_holder=Limit(count=1, period=Period.DAY))
    recognised = a_holder(uow)
    issue(uow, recognised)
    issue(uow, recognised, now=NOW + DAY)
    publish(uow, now=NOW, per_holder=a_month(2))

    assert refused(uow, recognised, now=NOW + 2 * DAY) == "holder_limit_reached"


def test_a_limit_that_changes_its_period_and_back_counts_every_grant(uow):
    an_offer(uow, per_holder=a_month(2))
    recognised = a_holder(uow)
    issue(uow, recognised)
    publish(uow, now=NOW, per_holder=Limit(count=1, period=Period.DAY))
    issue(uow, recognised, now=NOW + DAY)
    publish(uow, now=NOW + DAY, per_holder=a_month(2))

    assert refused(uow, recognised, now=NOW + DAY) == "holder_limit_reached"


def test_the_checks_come_in_their_order(uow):
    an_offer(uow, minimum_tier=5, per_holder=a_month(1), quota=a_month(1))
    able = a_holder(uow, tier=5)
    issue(uow, able)
    unable = a_holder(uow, holder=STRANGER, tier=1, purposes=(Category.SPORTS,))

    assert refused(uow, able) == "holder_limit_reached"
    assert refused(uow, unable) == "purpose_not_covered"
    assert refused(uow, unable, incentive_id="museum") == "not_offered"
    assert refused(uow, unable, now=unable.until) == "not_recognised"
    with pytest.raises(Unavailable):
        issue(uow, unable, recognition_id=uuid4())
