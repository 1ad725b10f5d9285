"""A screening looks up what the law lets it, by a rule in force, and never a score."""

from datetime import date
from uuid import uuid4

import pytest

from contracts.decisions import ExplainDecision
from contracts.erasures import HolderErased
from contracts.errors import Conflict, Malformed, NotFound, Refused
from contracts.evidence import RepairEvidence
from contracts.screening import (
    ListScreenings,
    ScreeningRuleStopped,
    ShowScreeningRule,
    StopScreeningRule,
)
from contracts.states import RuleEnd, RuleState, ScreeningState
from contracts.words import DocumentType, EvidenceClass, ScenarioKind
from services.scenarios.domain.screening import names_a_score
from services.scenarios.handlers.decisions import explain_decision
from services.scenarios.handlers.erasures import on_holder_erased
from services.scenarios.handlers.evidence import repair_evidence
from services.scenarios.handlers.screening_rules import (
    register_screening_rule,
    show_screening_rule,
    stop_rules_without_basis,
    stop_screening_rule,
)
from services.scenarios.handlers.screenings import list_screenings
from tests.builders.evidence import (
    FIRM_SUBJECT,
    HOLDER_SUBJECT,
    LISTED,
    RATED,
    a_legal_basis,
    an_item,
    evidence_about,
)
from tests.builders.scenarios import BIKES, DAY, HOLDER, NOW
from tests.builders.screening import (
    CHECK,
    LAW,
    TENDERS,
    a_check_in_force,
    a_place,
    a_rating_item,
    a_screening_rule,
    a_tender_scenario,
    activate,
    covered,
    look_up,
)
from tests.unit.scenarios.outbox import events_of
from tests.unit.scenarios.storages import sqlite

pytestmark = pytest.mark.scenarios


@pytest.fixture
def uow(tmp_path):
    with sqlite(tmp_path) as uow:
        yield uow


def register(uow, *, now=NOW, **overrides):
    return register_screening_rule(a_screening_rule(**overrides), uow=uow, now=now)


# --- rules -----------------------------------------------------------------------------------


def test_a_rule_whose_legal_basis_is_over_cannot_be_registered(uow):
    a_tender_scenario(uow)

    with pytest.raises(Refused, match="legal_basis_missing"):
        register(uow, legal_basis=a_legal_basis(in_force_until=date(2026, 11, 24)))


def test_a_rule_whose_legal_basis_is_not_in_force_yet_cannot_be_registered(uow):
    a_tender_scenario(uow)

    with pytest.raises(Refused, match="legal_basis_missing"):
        register(uow, legal_basis=a_legal_basis(in_force_from=date(2027, 1, 1)))


@pytest.mark.parametrize("item", ["credit-score", "qianjiang-tier", "home-band", "trust-level"])
def test_a_rule_that_names_a_score_cannot_be_registered(uow, item):
    a_tender_scenario(uow)

    with pytest.raises(Refused, match="score_not_allowed"):
        register(uow, lists=(LISTED, item))


@pytest.mark.parametrize("text", ["tier >= 4", "holder.score > 600", "钱江分", "信用等级"])
def test_a_score_is_recognised_by_its_words(text):
    assert names_a_score(text)


@pytest.mark.parametrize("text", [LISTED, "serious-dishonesty-list", "frontier-permits"])
def test_a_list_is_not_taken_for_a_score(text):
    assert not names_a_score(text)


def test_a_rule_cannot_look_up_a_rating_whatever_it_is_called(uow):
    a_tender_scenario(uow)
    a_rating_item(uow, item_id="evaluation")

    with pytest.raises(Refused, match="score_not_allowed"):
        register(uow, lists=("evaluation",))


def test_a_rule_cannot_look_up_what_is_no_statutory_list(uow):
    a_tender_scenario(uow)
    an_item(
        uow,
        item_id="honours",
        name="荣誉",
        name_en="Honours",
        evidence_class=EvidenceClass.HONOUR,
        documents=(DocumentType.ADMINISTRATIVE_DECISION,),
    )

    with pytest.raises(Malformed) as malformed:
        register(uow, lists=("honours",))

    assert list(malformed.value.errors) == ["lists"]


def test_a_rule_cannot_look_up_what_the_catalogue_does_not_have(uow):
    a_tender_scenario(uow)

    with pytest.raises(Malformed):
        register(uow, lists=("rumours",))


def test_a_rule_names_a_list(uow):
    a_tender_scenario(uow)

    with pytest.raises(Malformed) as malformed:
        register(uow, lists=())

    assert list(malformed.value.errors) == ["lists"]


def test_a_screening_rule_needs_a_screening_scenario(uow):
    a_place(uow, "hz-bikes", BIKES, ScenarioKind.INCENTIVE)
    an_item(uow)

    with pytest.raises(Refused, match="wrong_kind"):
        register(uow, scenario_id="hz-bikes")


def test_a_rule_is_registered_once_and_its_text_stays(uow):
    a_tender_scenario(uow)
    first = register(uow)

    assert register(uow) == first
    with pytest.raises(Conflict):
        register(uow, objection_days=1)


def test_anybody_may_read_a_rule_and_its_law(uow):
    a_check_in_force(uow)

    shown = show_screening_rule(ShowScreeningRule(rule_id=LAW), uow=uow)

    assert (shown.state, shown.legal_basis.article) == (RuleState.ACTIVE, "第五条")
    with pytest.raises(NotFound):
        show_screening_rule(ShowScreeningRule(rule_id="other"), uow=uow)


def test_a_rule_that_is_activated_takes_the_place_of_the_one_before(uow):
    a_check_in_force(uow)
    register(uow, rule_id="later")

    activate(uow, "later")

    earlier = show_screening_rule(ShowScreeningRule(rule_id=LAW), uow=uow)
    assert (earlier.state, earlier.stopped_for) == (RuleState.STOPPED, RuleEnd.SUPERSEDED)
    with pytest.raises(Conflict):
        activate(uow, LAW)


def test_a_rule_stops_when_its_law_does_and_says_so(uow):
    a_check_in_force(uow, legal_basis=a_legal_basis(in_force_until=date(2027, 1, 1)))

    assert stop_rules_without_basis(uow=uow, now=NOW) == 0
    assert stop_rules_without_basis(uow=uow, now=NOW + 60 * DAY) == 1
    assert stop_rules_without_basis(uow=uow, now=NOW + 60 * DAY) == 0

    [stopped] = events_of(uow, ScreeningRuleStopped)
    assert (stopped.rule_id, stopped.operator_id) == (LAW, TENDERS)
    assert stopped.reason is RuleEnd.BASIS_OVER


# --- screenings ------------------------------------------------------------------------------


def test_who_is_on_the_list_is_answered_with_fact_basis_and_expiry(uow):
    a_check_in_force(uow)
    covered(uow)
    evidence = evidence_about(uow)

    answer = look_up(uow)

    [fact] = answer.facts
    assert answer.state is ScreeningState.LISTED
    assert (fact.evidence_id, fact.until) == (evidence.evidence_id, evidence.live_until)
    assert answer.legal_basis.title.startswith("拖欠农民工工资")


def test_who_is_not_on_a_covered_list_is_not_listed(uow):
    a_check_in_force(uow)
    covered(uow)

    answer = look_up(uow)

    assert (answer.state, answer.facts) == (ScreeningState.NOT_LISTED, ())
    assert [line.source for line in answer.coverage] == [None]


def test_a_list_that_no_source_covers_gives_no_none(uow):
    a_check_in_force(uow)

    assert look_up(uow).state is ScreeningState.NOT_COVERED


def test_a_source_that_went_silent_covers_no_more(uow):
    a_check_in_force(uow)
    covered(uow)

    assert look_up(uow, now=NOW + 6 * DAY).state is ScreeningState.NOT_LISTED
    assert look_up(uow, now=NOW + 8 * DAY).state is ScreeningState.NOT_COVERED


def test_a_list_whose_past_nobody_reported_is_not_covered(uow):
    a_check_in_force(uow)
    covered(uow, since=NOW - 100 * DAY)

    assert look_up(uow).state is ScreeningState.NOT_COVERED


def test_without_a_rule_in_force_there_is_no_answer(uow):
    a_tender_scenario(uow)
    covered(uow)
    evidence_about(uow)

    answer = look_up(uow)

    assert (answer.state, answer.rule_id) == (ScreeningState.NO_RULE_IN_FORCE, None)
    assert answer.facts == ()


def test_a_rule_whose_law_is_over_answers_nothing_even_before_it_was_stopped(uow):
    a_check_in_force(uow, legal_basis=a_legal_basis(in_force_until=date(2027, 1, 1)))
    covered(uow)
    evidence_about(uow)

    answer = look_up(uow, now=NOW + 60 * DAY)

    assert (answer.state, answer.facts) == (ScreeningState.NO_RULE_IN_FORCE, ())


def test_a_rule_the_city_stopped_answers_nothing(uow):
    a_check_in_force(uow)
    stop_screening_rule(StopScreeningRule(rule_id=LAW), uow=uow, now=NOW)

    assert look_up(uow).state is ScreeningState.NO_RULE_IN_FORCE


def test_what_was_repaired_is_not_found(uow):
    a_check_in_force(uow)
    covered(uow)
    evidence = evidence_about(uow)
    command = RepairEvidence(evidence_id=evidence.evidence_id, fulfilled_on=date(2026, 4, 1))
    repair_evidence(command, uow=uow, now=NOW)

    assert look_up(uow).state is ScreeningState.NOT_LISTED


def test_a_screening_sees_nothing_beside_its_lists(uow):
    a_check_in_force(uow)
    covered(uow)
    an_item(uow, item_id="other-list", name="其他名单", name_en="Another list")
    evidence_about(uow, item_id="other-list")

    assert look_up(uow).state is ScreeningState.NOT_LISTED


def test_a_screening_is_answered_once_for_its_id(uow):
    a_check_in_force(uow)
    covered(uow)
    named = uuid4()
    first = look_up(uow, screening_id=named)
    evidence_about(uow)

    assert look_up(uow, screening_id=named) == first
    with pytest.raises(Conflict):
        look_up(uow, screening_id=named, subject=HOLDER_SUBJECT)


def test_nobody_screens_in_anothers_scenario(uow):
    a_check_in_force(uow)

    with pytest.raises(NotFound):
        look_up(uow, operator_id=BIKES)


def test_a_subject_sees_who_looked_them_up_and_why(uow):
    a_check_in_force(uow)
    look_up(uow, why="项目甲")
    look_up(uow, why="项目乙")
    look_up(uow, subject=HOLDER_SUBJECT)

    listed = list_screenings(ListScreenings(subject=FIRM_SUBJECT), uow=uow)

    assert {entry.why for entry in listed.entries} == {"项目甲", "项目乙"}
    assert {entry.operator_id for entry in listed.entries} == {TENDERS}
    assert {entry.scenario_id for entry in listed.entries} == {CHECK}
    assert listed.next is None


def test_a_screening_is_repeated_after_its_holder_was_erased(uow):
    a_check_in_force(uow)
    named = uuid4()
    answer = look_up(uow, screening_id=named, subject=HOLDER_SUBJECT)
    on_holder_erased(HolderErased(holder=HOLDER, erased_at=NOW), uow=uow)

    assert look_up(uow, screening_id=named, subject=HOLDER_SUBJECT).state is answer.state
    with pytest.raises(Conflict):
        look_up(uow, screening_id=named)


def test_a_screening_of_a_holder_is_on_record_with_its_law(uow):
    a_check_in_force(uow)
    covered(uow)
    evidence_about(uow, HOLDER_SUBJECT)
    answer = look_up(uow, subject=HOLDER_SUBJECT)

    asked = ExplainDecision(decision_id=answer.screening_id, holder=HOLDER)
    told = explain_decision(asked, uow=uow).explanation

    assert (told.kind, told.outcome, told.rule_id) == ("screening", "listed", LAW)
    assert [each.condition for each in told.findings] == ["legal_basis", "lists"]
    assert told.evidence_ids == (answer.facts[0].evidence_id,)
    assert (told.facts, told.basis) == (None, None)


def test_screenings_are_listed_a_page_at_a_time(uow, monkeypatch):
    monkeypatch.setattr("services.scenarios.handlers.screenings.PAGE", 2)
    a_check_in_force(uow)
    asked = {look_up(uow).screening_id for _ in range(3)}

    first = list_screenings(ListScreenings(subject=FIRM_SUBJECT), uow=uow)
    second = list_screenings(ListScreenings(subject=FIRM_SUBJECT, after=first.next), uow=uow)

    found = [entry.screening_id for page in (first, second) for entry in page.entries]
    assert (set(found), len(found), second.next) == (asked, 3, None)


def test_a_rating_is_no_list_by_its_name_either():
    assert names_a_score(RATED)
