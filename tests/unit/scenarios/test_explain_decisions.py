"""Every decision on an incentive is on record, and says what it asked, found and rested on."""

from datetime import timedelta
from uuid import uuid4

import pytest

from contracts.decisions import EXPLANATION, ExplainDecision, ListDecisions
from contracts.erasures import HolderErased
from contracts.errors import Conflict, NotFound, Refused, Unavailable
from contracts.outcomes import DecisionOutcome
from contracts.recognition import RecognitionEvidence
from contracts.rules import Conditions, Quota
from contracts.words import Category, Condition, Period, ScenarioKind, Weekday
from services.scenarios.handlers import decisions
from services.scenarios.handlers.decisions import (
    explain_decision,
    forget_decisions,
    list_decisions,
)
from services.scenarios.handlers.erasures import on_holder_erased
from services.scenarios.handlers.recognitions import on_recognition_ended
from tests.builders.scenarios import (
    DAY,
    FUZHOU,
    HANGZHOU,
    HOLDER,
    HOUR,
    NOW,
    RIDES,
    STRANGER,
    TEN_YUAN,
    ZHENGZHOU,
    a_holder,
    a_month,
    a_recognition_ended,
    an_offer,
    issue,
)
from tests.unit.scenarios.storages import fake, sqlite

pytestmark = pytest.mark.scenarios

EVIDENCE = RecognitionEvidence(
    key_id="fuzhou-2026",
    roster=7,
    status_as_of=NOW - timedelta(seconds=90),
    attested_at=NOW - 3 * DAY,
    roster_as_of=NOW - 2 * HOUR,
    overrides=("350100-330100-transport 1",),
)


@pytest.fixture(params=[fake, sqlite])
def uow(request, tmp_path):
    with request.param(tmp_path) as storage:
        yield storage


def explained(uow, named, holder=HOLDER):
    return explain_decision(ExplainDecision(decision_id=named, holder=holder), uow=uow)


def refused(uow, recognised, *, named=None, now=NOW, **overrides):
    """Have a request refused; return its record."""
    named = named or uuid4()
    with pytest.raises(Refused) as refusal:
        issue(uow, recognised, grant_id=named, now=now, **overrides)
    record = explained(uow, named, overrides.get("holder", recognised.holder))
    assert record.explanation.reason == refusal.value.code
    return record


def failed(explanation):
    return [each.condition for each in explanation.findings if not each.held]


def test_a_grant_is_explained_by_everything_it_rests_on(uow):
    an_offer(uow)
    recognised = a_holder(uow, evidence=EVIDENCE)
    grant = issue(uow, recognised)

    explanation = explained(uow, grant.grant_id).explanation

    assert explanation.document == EXPLANATION
    assert (explanation.kind, explanation.city) == (ScenarioKind.INCENTIVE, HANGZHOU)
    assert (explanation.rule_id, explanation.rule_version) == ("late-return", 1)
    assert (explanation.scenario_id, explanation.decided_at) == (RIDES, NOW)
    assert (explanation.outcome, explanation.reason) == (DecisionOutcome.GRANTED, None)
    assert failed(explanation) == []
    basis = explanation.basis
    assert (basis.home, basis.key_id, basis.crosswalk) == (FUZHOU, "fuzhou-2026", 2)
    assert (basis.status_age_seconds, basis.roster_age_seconds) == (90, 7200)
    assert (basis.attestation_id, basis.roster) == (recognised.attestation_id, 7)
    assert basis.overrides == EVIDENCE.overrides
    facts = explanation.facts
    assert (facts.tier, facts.category, facts.home) == (4, Category.TRANSPORT, FUZHOU)
    assert facts.attested_at == NOW - 3 * DAY


def test_what_recognition_did_not_tell_is_left_open(uow):
    an_offer(uow)
    grant = issue(uow, a_holder(uow))

    basis = explained(uow, grant.grant_id).explanation.basis

    assert (basis.key_id, basis.status_age_seconds, basis.roster) == (None, None, None)


def test_a_refusal_says_which_conditions_failed_and_which_held(uow):
    an_offer(uow, minimum_tier=5, conditions=Conditions(home_cities=(ZHENGZHOU,)))

    explanation = refused(uow, a_holder(uow)).explanation

    assert failed(explanation) == [Condition.TIER, Condition.HOME]
    assert explanation.reason == "tier_below_minimum"
    tier = next(each for each in explanation.findings if each.condition is Condition.TIER)
    assert (tier.asked, tier.found) == ("5", "4")
    assert explanation.facts.counted == (), "no limit was asked"


def test_a_refusal_for_a_weekday_is_explained(uow):
    an_offer(uow, conditions=Conditions(weekdays=(Weekday.SUNDAY,)))

    explanation = refused(uow, a_holder(uow)).explanation

    [finding] = [each for each in explanation.findings if not each.held]
    assert (finding.asked, finding.found) == ("sunday", "tuesday")


def test_limits_say_what_they_had_counted_before(uow):
    an_offer(
        uow,
        benefit=TEN_YUAN,
        per_holder=a_month(2),
        quotas=(Quota(period=Period.MONTH, fen=5000),),
        budget_fen=9000,
    )
    recognised = a_holder(uow)
    grants = [issue(uow, recognised) for _ in "12"]

    second = explained(uow, grants[1].grant_id).explanation
    third = refused(uow, recognised).explanation

    said = [
        (each.condition, each.asked, each.found)
        for each in second.findings
        if each.condition in {Condition.HOLDER_LIMIT, Condition.QUOTA, Condition.BUDGET}
    ]
    assert said == [
        (Condition.HOLDER_LIMIT, "2/2026-11", "1/2026-11"),
        (Condition.QUOTA, "5000fen/2026-11", "1000fen/2026-11"),
        (Condition.BUDGET, "9000fen", "1000fen"),
    ]
    assert failed(third) == [Condition.HOLDER_LIMIT]
    assert third.reason == "holder_limit_reached"


def test_a_full_quota_and_a_spent_budget_are_explained(uow):
    an_offer(uow, benefit=TEN_YUAN, quota=a_month(1), per_holder=a_month(1), budget_fen=1000)
    issue(uow, a_holder(uow))

    explanation = refused(uow, a_holder(uow, holder=STRANGER)).explanation

    assert failed(explanation) == [Condition.QUOTA, Condition.BUDGET]
    assert explanation.reason == "quota_exhausted"


def test_a_district_without_a_quota_is_explained(uow):
    an_offer(uow, quotas=(Quota(period=Period.DAY, count=40, district="330106"),))

    explanation = refused(uow, a_holder(uow), district="330102").explanation

    assert (explanation.reason, failed(explanation)) == ("outside_district", [Condition.DISTRICT])


def test_a_recognition_that_ended_is_explained(uow):
    an_offer(uow)
    recognised = a_holder(uow)
    on_recognition_ended(a_recognition_ended(recognised), uow=uow, city=HANGZHOU, now=NOW)

    explanation = refused(uow, recognised).explanation

    [finding] = [each for each in explanation.findings if not each.held]
    assert (finding.condition, finding.found) == (Condition.RECOGNITION, "recognition_ended")


def test_an_incentive_that_is_not_known_is_explained_without_a_version(uow):
    explanation = refused(uow, a_holder(uow), incentive_id="nowhere").explanation

    assert (explanation.rule_id, explanation.rule_version) == ("nowhere", None)
    assert (explanation.reason, explanation.scenario_id) == ("not_offered", None)
    assert explanation.basis.home == FUZHOU


def test_who_is_not_recognised_gets_a_record_of_that_too(uow):
    an_offer(uow)

    explanation = refused(uow, a_holder(uow), holder=STRANGER).explanation

    assert (explanation.reason, explanation.facts, explanation.basis) == (
        "not_recognised",
        None,
        None,
    )


def test_a_refused_request_that_is_repeated_keeps_its_latest_attempt(uow):
    an_offer(uow, minimum_tier=5)
    recognised, named = a_holder(uow), uuid4()
    refused(uow, recognised, named=named)

    record = refused(uow, recognised, named=named, now=NOW + HOUR)

    assert (record.attempts, record.explanation.decided_at) == (2, NOW + HOUR)


def test_a_refused_request_may_be_granted_later_and_that_stays(uow):
    an_offer(uow, offered_until=NOW + DAY, conditions=Conditions(weekdays=(Weekday.WEDNESDAY,)))
    recognised, named = a_holder(uow), uuid4()
    refused(uow, recognised, named=named)

    issue(uow, recognised, grant_id=named, now=NOW + 0.5 * DAY)  # Wednesday, 02:30
    issue(uow, recognised, grant_id=named, now=NOW + 2 * DAY)  # a repeat decides nothing

    record = explained(uow, named)
    assert (record.explanation.outcome, record.attempts) == (DecisionOutcome.GRANTED, 2)


def test_a_refusal_takes_nothing_from_any_limit(uow):
    an_offer(uow, benefit=TEN_YUAN, quota=a_month(1), per_holder=a_month(1), budget_fen=1000)
    first, second = a_holder(uow), a_holder(uow, holder=STRANGER)
    for _ in "123":
        refused(uow, second, now=NOW - 2 * HOUR)  # before it is on offer

    issue(uow, first)


@pytest.mark.parametrize("error", [Conflict, Unavailable])
def test_what_is_no_decision_is_not_on_record(uow, error):
    an_offer(uow)
    mine, theirs = a_holder(uow), a_holder(uow, holder=STRANGER)
    grant = issue(uow, mine)
    named = grant.grant_id if error is Conflict else uuid4()
    others = {} if error is Conflict else {"recognition_id": uuid4()}

    with pytest.raises(error):
        issue(uow, theirs, grant_id=named, **others)

    with pytest.raises(NotFound):
        explained(uow, named, STRANGER)


def test_nobody_sees_a_decision_about_another_holder(uow):
    an_offer(uow)
    grant = issue(uow, a_holder(uow))

    with pytest.raises(NotFound):
        explained(uow, grant.grant_id, STRANGER)
    assert list_decisions(ListDecisions(holder=STRANGER), uow=uow).decisions == ()


def test_decisions_are_listed_newest_first_with_where_to_go_on(uow, monkeypatch):
    monkeypatch.setattr(decisions, "MOST_LISTED", 2)
    an_offer(uow, minimum_tier=5)
    recognised = a_holder(uow)
    ids = [uuid4() for _ in "123"]
    for number, named in enumerate(ids):
        refused(uow, recognised, named=named, now=NOW + number * HOUR)

    page = list_decisions(ListDecisions(holder=HOLDER), uow=uow)
    rest = list_decisions(ListDecisions(holder=HOLDER, after=page.next), uow=uow)

    listed = [each.explanation.decision_id for each in (*page.decisions, *rest.decisions)]
    assert listed == list(reversed(ids))
    assert rest.next is None


def test_a_document_names_nobody_and_holds_no_score(uow):
    an_offer(uow)
    recognised = a_holder(uow, evidence=EVIDENCE)
    granted = issue(uow, recognised).grant_id

    with uow:
        [record] = uow.decisions.named(granted)

    assert HOLDER not in record.document
    assert "score" not in record.document


@pytest.mark.parametrize("uow", [sqlite], indirect=True)
def test_an_erased_holder_s_decisions_are_forgotten_and_none_comes_back(uow):
    an_offer(uow)
    recognised = a_holder(uow)
    grant = issue(uow, recognised)
    erased = HolderErased(holder=HOLDER, erased_at=NOW)

    on_holder_erased(erased, uow=uow)
    on_holder_erased(erased, uow=uow)
    with pytest.raises(Refused):
        issue(uow, recognised, incentive_id="nowhere", now=NOW + HOUR)

    with pytest.raises(NotFound):
        explained(uow, grant.grant_id)
    assert list_decisions(ListDecisions(holder=HOLDER), uow=uow).decisions == ()


def test_decisions_are_forgotten_when_their_time_is_over(uow):
    an_offer(uow, per_holder=a_month(3))
    recognised = a_holder(uow)
    granted = [issue(uow, recognised).grant_id for _ in "123"]
    [refusal] = [refused(uow, recognised).explanation.decision_id]
    days = {"refused_days": 10, "kept_days": 100}

    assert forget_decisions(uow=uow, **days, now=NOW + 9 * DAY) == 0
    assert forget_decisions(uow=uow, **days, now=NOW + 11 * DAY) == 1
    assert forget_decisions(uow=uow, **days, now=NOW + 101 * DAY, batch=2) == 3
    for named in (*granted, refusal):
        with pytest.raises(NotFound):
            explained(uow, named)


def test_the_newest_recognition_is_what_is_explained(uow):
    an_offer(uow)
    session = a_holder(uow, tier=3, recognised_at=NOW - 2 * HOUR)
    newest = a_holder(uow, tier=5, evidence=EVIDENCE, recognised_at=NOW - HOUR)

    explanation = explained(uow, issue(uow, session).grant_id).explanation

    assert explanation.facts.tier == 5
    assert explanation.basis.recognition_id == newest.recognition_id
