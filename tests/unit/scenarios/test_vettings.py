"""What was found about a person has no effect before they were told and could object."""

from datetime import date
from uuid import uuid4

import pytest

from contracts.erasures import HolderErased
from contracts.errors import Conflict, NotFound, Refused
from contracts.evidence import RepairEvidence
from contracts.screening import StopScreeningRule
from contracts.states import ObjectionOutcome, VettingState
from contracts.vettings import (
    DecideObjection,
    ListVettings,
    ObjectToFinding,
    OpenVetting,
    ServeFinding,
    ShowVetting,
    VettingChanged,
)
from services.scenarios.handlers.erasures import on_holder_erased
from services.scenarios.handlers.evidence import repair_evidence
from services.scenarios.handlers.screening_rules import stop_screening_rule
from services.scenarios.handlers.vettings import (
    decide_objection,
    list_vettings,
    object_to_finding,
    open_vetting,
    serve_finding,
    settle_vettings,
    show_vetting,
)
from tests.builders.evidence import HOLDER_SUBJECT, evidence_about
from tests.builders.scenarios import BIKES, DAY, HOLDER, NOW, STRANGER
from tests.builders.screening import (
    CHECK,
    LAW,
    TENDERS,
    a_check_in_force,
    a_tender_scenario,
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


def vet(uow, *, now=NOW, **overrides):
    values = {
        "vetting_id": uuid4(),
        "operator_id": TENDERS,
        "scenario_id": CHECK,
        "holder": HOLDER,
    }
    return open_vetting(OpenVetting(**{**values, **overrides}), uow=uow, now=now)


def a_finding(uow):
    """Have a finding proposed about the holder; return it with the evidence behind it."""
    a_check_in_force(uow)
    covered(uow)
    evidence = evidence_about(uow, HOLDER_SUBJECT)
    return vet(uow), evidence


def serve(uow, record, *, now=NOW, operator_id=TENDERS):
    command = ServeFinding(vetting_id=record.vetting_id, operator_id=operator_id)
    return serve_finding(command, uow=uow, now=now)


def contest(uow, record, *, now=NOW, holder=HOLDER):
    command = ObjectToFinding(vetting_id=record.vetting_id, holder=holder, objection="已撤销")
    return object_to_finding(command, uow=uow, now=now)


def decide(uow, record, outcome=ObjectionOutcome.UPHELD, *, now=NOW):
    command = DecideObjection(vetting_id=record.vetting_id, outcome=outcome)
    return decide_objection(command, uow=uow, now=now)


def show(uow, record, operator_id=TENDERS):
    command = ShowVetting(vetting_id=record.vetting_id, operator_id=operator_id)
    return show_vetting(command, uow=uow)


def repair(uow, evidence):
    command = RepairEvidence(evidence_id=evidence.evidence_id, fulfilled_on=date(2026, 4, 1))
    repair_evidence(command, uow=uow, now=NOW)


def test_a_finding_is_proposed_and_has_no_effect(uow):
    record, evidence = a_finding(uow)

    assert record.state is VettingState.PROPOSED
    assert [fact.evidence_id for fact in record.facts] == [evidence.evidence_id]


def test_who_is_on_no_list_is_clear(uow):
    a_check_in_force(uow)
    covered(uow)

    assert vet(uow).state is VettingState.CLEAR


def test_a_list_that_nobody_covers_clears_nobody_and_finds_nothing(uow):
    a_check_in_force(uow)

    assert vet(uow).state is VettingState.NOT_COVERED


def test_without_a_rule_in_force_nobody_is_vetted(uow):
    a_tender_scenario(uow)
    evidence_about(uow, HOLDER_SUBJECT)

    record = vet(uow)

    assert (record.state, record.facts) == (VettingState.NO_RULE_IN_FORCE, ())


def test_a_finding_nobody_was_told_of_never_takes_effect(uow):
    record, _evidence = a_finding(uow)

    assert settle_vettings(uow=uow, now=NOW + 300 * DAY) == 0
    assert show(uow, record).state is VettingState.PROPOSED


def test_a_finding_takes_effect_when_the_days_to_object_are_over(uow):
    record, _evidence = a_finding(uow)
    told = serve(uow, record)

    assert told.objection_until == NOW + 15 * DAY
    assert settle_vettings(uow=uow, now=NOW + 14 * DAY) == 0
    assert settle_vettings(uow=uow, now=NOW + 15 * DAY) == 1
    shown = show(uow, record)
    assert (shown.state, shown.closed_for) == (VettingState.EFFECTIVE, "no_objection")


def test_telling_again_gives_no_other_days(uow):
    record, _evidence = a_finding(uow)
    told = serve(uow, record)

    assert serve(uow, record, now=NOW + 9 * DAY) == told


def test_there_is_nothing_to_tell_of_where_nothing_was_found(uow):
    a_tender_scenario(uow)
    record = vet(uow)

    assert serve(uow, record).state is VettingState.NO_RULE_IN_FORCE


def test_an_objection_suspends_it_until_the_city_decides(uow):
    record, _evidence = a_finding(uow)
    serve(uow, record)

    contested = contest(uow, record, now=NOW + DAY)
    settle_vettings(uow=uow, now=NOW + 300 * DAY)

    assert contested.state is VettingState.OBJECTED
    assert show(uow, record).state is VettingState.OBJECTED
    assert contest(uow, record, now=NOW + 2 * DAY) == contested


def test_who_knows_of_a_finding_may_object_before_they_are_told(uow):
    record, _evidence = a_finding(uow)

    assert contest(uow, record).state is VettingState.OBJECTED


def test_an_objection_in_time_is_one_before_the_last_day_is_over(uow):
    record, _evidence = a_finding(uow)
    serve(uow, record)

    with pytest.raises(Refused, match="objection_too_late"):
        contest(uow, record, now=NOW + 15 * DAY)


def test_nobody_objects_to_what_was_not_found(uow):
    a_check_in_force(uow)
    covered(uow)

    with pytest.raises(Refused, match="objection_too_late"):
        contest(uow, vet(uow))


def test_an_upheld_finding_takes_effect(uow):
    record, _evidence = a_finding(uow)
    contest(uow, record)

    decided = decide(uow, record)

    assert (decided.state, decided.closed_for) == (VettingState.EFFECTIVE, "objection_upheld")
    assert decide(uow, record, now=NOW + DAY) == decided


def test_a_finding_that_was_wrong_is_dropped(uow):
    record, _evidence = a_finding(uow)
    contest(uow, record)

    assert decide(uow, record, ObjectionOutcome.DROPPED).state is VettingState.DROPPED
    with pytest.raises(Refused, match="already_decided"):
        decide(uow, record)


def test_what_was_repaired_meanwhile_is_dropped(uow):
    record, evidence = a_finding(uow)
    serve(uow, record)
    repair(uow, evidence)
    covered(uow, now=NOW + 15 * DAY)

    settle_vettings(uow=uow, now=NOW + 15 * DAY)

    shown = show(uow, record)
    assert (shown.state, shown.closed_for) == (VettingState.DROPPED, "not_listed")


def test_what_was_repaired_meanwhile_is_dropped_though_it_is_upheld(uow):
    record, evidence = a_finding(uow)
    contest(uow, record)
    repair(uow, evidence)

    decided = decide(uow, record)

    assert decided.state is VettingState.DROPPED
    assert decide(uow, record) == decided
    with pytest.raises(Refused, match="already_decided"):
        decide(uow, record, ObjectionOutcome.DROPPED)


def test_a_finding_by_a_rule_that_stopped_is_dropped(uow):
    record, _evidence = a_finding(uow)
    serve(uow, record)
    stop_screening_rule(StopScreeningRule(rule_id=LAW), uow=uow, now=NOW)

    settle_vettings(uow=uow, now=NOW + 15 * DAY)

    shown = show(uow, record)
    assert (shown.state, shown.closed_for) == (VettingState.DROPPED, "no_rule_in_force")


def test_holders_see_their_own_vettings_only(uow):
    record, _evidence = a_finding(uow)
    [own] = list_vettings(ListVettings(holder=HOLDER), uow=uow).vettings

    assert own == record
    assert list_vettings(ListVettings(holder=STRANGER), uow=uow).vettings == ()
    with pytest.raises(NotFound):
        contest(uow, record, holder=STRANGER)


def test_operators_see_their_own_vettings_only(uow):
    record, _evidence = a_finding(uow)

    with pytest.raises(NotFound):
        show(uow, record, operator_id=BIKES)
    with pytest.raises(NotFound):
        serve(uow, record, operator_id=BIKES)


def test_a_vetting_is_opened_once_for_its_id(uow):
    record, _evidence = a_finding(uow)

    assert vet(uow, vetting_id=record.vetting_id) == record
    with pytest.raises(Conflict):
        vet(uow, vetting_id=record.vetting_id, holder=STRANGER)


def test_every_step_is_announced_and_names_nobody(uow):
    record, _evidence = a_finding(uow)
    serve(uow, record)
    contest(uow, record, now=NOW + DAY)
    decide(uow, record, ObjectionOutcome.DROPPED, now=NOW + 2 * DAY)

    steps = events_of(uow, VettingChanged)

    assert [step.state for step in steps] == ["proposed", "notified", "objected", "dropped"]
    assert [step.changed_at for step in steps] == [NOW, NOW, NOW + DAY, NOW + 2 * DAY]
    assert HOLDER not in repr(steps)


def test_of_an_erased_holder_neither_facts_nor_words_stay(uow):
    record, _evidence = a_finding(uow)
    contest(uow, record)
    looked_up = look_up(uow, subject=HOLDER_SUBJECT)

    on_holder_erased(HolderErased(holder=HOLDER, erased_at=NOW + DAY), uow=uow)

    with uow:
        vetting = uow.vettings.get(record.vetting_id)
        screening = uow.screenings.get(looked_up.screening_id)
    assert (vetting.state, vetting.closed_for) == (VettingState.DROPPED, "holder_erased")
    assert (vetting.facts, vetting.objection) == ((), "")
    assert (screening.facts, screening.why) == ((), "erased")
