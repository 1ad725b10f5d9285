"""Evidence takes the place of a deposit while it is there; nothing is called back silently."""

from datetime import date
from uuid import uuid4

import pytest

from contracts.erasures import HolderErased
from contracts.errors import Conflict, Malformed, NotFound, Refused
from contracts.evidence import AnnulEvidence, EvidenceChanged
from contracts.states import RuleEnd, RuleState, Shortfall, SubstitutionState
from contracts.substitutions import (
    ActivateSubstitutionRule,
    CommitmentLetter,
    ReportBreach,
    ShowSubstitution,
    ShowSubstitutionRule,
    StopSubstitutionRule,
    SubstitutionChanged,
)
from contracts.words import AnnulmentReason, ScenarioKind
from services.scenarios.domain.evidence_facts import EvidenceFacts
from services.scenarios.domain.substitution import is_met, judge
from services.scenarios.handlers.decisions import as_told
from services.scenarios.handlers.erasures import on_holder_erased
from services.scenarios.handlers.evidence import annul_evidence
from services.scenarios.handlers.substitution_records import read_rule
from services.scenarios.handlers.substitution_rules import (
    activate_substitution_rule,
    register_substitution_rule,
    show_substitution_rule,
    stop_substitution_rule,
)
from services.scenarios.handlers.substitutions import (
    check_substitutions,
    on_evidence_changed,
    report_breach,
    show_substitution,
)
from tests.builders.evidence import HOLDER_SUBJECT, RATED, evidence_about
from tests.builders.scenarios import BIKES, DAY, HOLDER, HOUR, NOW
from tests.builders.screening import (
    AGENCIES,
    DEPOSIT,
    DIGEST,
    RULE,
    a_deposit_scenario,
    a_place,
    a_rating,
    a_substitution_rule,
    ask_for_substitution,
)
from tests.unit.scenarios.outbox import events_of
from tests.unit.scenarios.storages import sqlite

pytestmark = pytest.mark.scenarios


@pytest.fixture
def uow(tmp_path):
    with sqlite(tmp_path) as uow:
        yield uow


def shortfalls(record):
    return {check.item: check.shortfall for check in record.checks if check.shortfall}


def show(uow, record):
    command = ShowSubstitution(substitution_id=record.substitution_id, operator_id=AGENCIES)
    return show_substitution(command, uow=uow)


def lose(uow, evidence):
    command = AnnulEvidence(
        evidence_id=evidence.evidence_id, reason=AnnulmentReason.DOCUMENT_REVOKED
    )
    annul_evidence(command, uow=uow, now=NOW)


# --- the decision ----------------------------------------------------------------------------


def test_a_rating_and_a_commitment_take_the_place_of_the_deposit(uow):
    a_deposit_scenario(uow)
    rating = a_rating(uow, "AA")

    record = ask_for_substitution(uow)

    assert (record.state, record.replaces_fen) == (SubstitutionState.OPEN, 140_000_000)
    assert record.by == "insurance"
    assert record.checks[0].evidence_ids == (rating.evidence_id,)


def test_a_rating_below_what_is_asked_does_not(uow):
    a_deposit_scenario(uow)
    a_rating(uow, "B")

    record = ask_for_substitution(uow)

    assert record.state is SubstitutionState.DECLINED
    assert shortfalls(record) == {RATED: Shortfall.TOO_LOW}


def test_everything_that_is_missing_is_named(uow):
    a_deposit_scenario(uow)

    record = ask_for_substitution(uow, commitment=None)

    assert shortfalls(record) == {
        RATED: Shortfall.MISSING,
        "commitment": Shortfall.NO_COMMITMENT,
    }


def test_what_the_rule_bars_stands_in_the_way(uow):
    a_deposit_scenario(uow)
    a_rating(uow)
    evidence_about(uow)

    assert list(shortfalls(ask_for_substitution(uow)).values()) == [Shortfall.BARRED]


def test_a_commitment_that_is_over_is_none(uow):
    a_deposit_scenario(uow)
    a_rating(uow)
    over = CommitmentLetter(
        document_number="旧", digest=DIGEST, signed_at=NOW - 9 * DAY, until=NOW - DAY
    )

    record = ask_for_substitution(uow, commitment=over)

    assert shortfalls(record) == {"commitment": Shortfall.COMMITMENT_OVER}


def test_a_commitment_of_tomorrow_is_none_yet(uow):
    a_deposit_scenario(uow)
    a_rating(uow)
    later = CommitmentLetter(document_number="新", digest=DIGEST, signed_at=NOW + DAY)

    record = ask_for_substitution(uow, commitment=later)

    assert shortfalls(record) == {"commitment": Shortfall.NO_COMMITMENT}


def test_the_evidence_of_another_counts_for_nobody_else(uow):
    a_deposit_scenario(uow)
    a_rating(uow)

    record = ask_for_substitution(uow, subject=HOLDER_SUBJECT)

    assert record.state is SubstitutionState.DECLINED


def test_a_rule_that_was_met_by_no_check_is_not_met():
    assert not is_met(())


def test_every_check_is_judged_without_a_tier():
    rule = read_rule(RULE, a_substitution_rule())

    checks = judge(rule, EvidenceFacts(), None, NOW)

    assert [check.item for check in checks] == [RATED, "wage-arrears-list", "commitment"]


def test_a_decision_is_on_record_with_everything_that_was_judged(uow):
    a_deposit_scenario(uow)
    rating = a_rating(uow, "B")
    record = ask_for_substitution(uow)

    with uow:
        [kept] = uow.decisions.named(record.substitution_id)
    told = as_told(kept).explanation

    assert (told.kind, told.outcome, kept.holder) == ("substitution", "refused", "")
    assert [(each.condition, each.held) for each in told.findings] == [
        ("evidence", False),
        ("barred", True),
        ("commitment", True),
    ]
    assert told.evidence_ids == (rating.evidence_id,)


def test_a_decision_is_made_once_for_its_id(uow):
    a_deposit_scenario(uow)
    named = uuid4()
    declined = ask_for_substitution(uow, substitution_id=named)
    a_rating(uow)

    assert ask_for_substitution(uow, substitution_id=named) == declined
    with pytest.raises(Conflict):
        ask_for_substitution(uow, substitution_id=named, subject=HOLDER_SUBJECT)
    with pytest.raises(Conflict):
        ask_for_substitution(uow, substitution_id=named, commitment=None)


def test_nobody_decides_in_anothers_scenario(uow):
    a_deposit_scenario(uow)

    with pytest.raises(NotFound):
        ask_for_substitution(uow, operator_id=BIKES)


def test_nobody_sees_anothers_substitution(uow):
    a_deposit_scenario(uow)
    record = ask_for_substitution(uow)
    command = ShowSubstitution(substitution_id=record.substitution_id, operator_id=BIKES)

    with pytest.raises(NotFound):
        show_substitution(command, uow=uow)


# --- rules -----------------------------------------------------------------------------------


def test_without_a_rule_in_force_nothing_is_offered(uow):
    a_deposit_scenario(uow)
    stop_substitution_rule(StopSubstitutionRule(rule_id=RULE), uow=uow, now=NOW)

    with pytest.raises(Refused, match="not_offered"):
        ask_for_substitution(uow)


@pytest.mark.parametrize(
    ("field", "terms"),
    [
        ("requires", {"requires": (), "wants_commitment": False}),
        ("by", {"by": None}),
        ("notice_days", {"notice_days": 1000}),
        ("requires", {"barred_by": (RATED,)}),
    ],
)
def test_a_rule_that_contradicts_itself_is_malformed(uow, field, terms):
    a_place(uow, DEPOSIT, AGENCIES, ScenarioKind.SUBSTITUTION)

    with pytest.raises(Malformed) as malformed:
        register_substitution_rule(a_substitution_rule(**terms), uow=uow, now=NOW)

    assert field in malformed.value.errors


def test_a_rule_asks_for_items_of_the_catalogue(uow):
    a_place(uow, DEPOSIT, AGENCIES, ScenarioKind.SUBSTITUTION)

    with pytest.raises(Malformed):
        register_substitution_rule(a_substitution_rule(), uow=uow, now=NOW)


def test_a_substitution_rule_needs_a_scenario_of_its_kind(uow):
    a_place(uow, DEPOSIT, AGENCIES, ScenarioKind.SCREENING)

    with pytest.raises(Refused, match="wrong_kind"):
        register_substitution_rule(a_substitution_rule(), uow=uow, now=NOW)


def test_a_rule_is_registered_once_and_superseded_by_another(uow):
    first = a_deposit_scenario(uow)
    again = register_substitution_rule(a_substitution_rule(), uow=uow, now=NOW)
    register_substitution_rule(a_substitution_rule(rule_id="later"), uow=uow, now=NOW)
    activate_substitution_rule(ActivateSubstitutionRule(rule_id="later"), uow=uow, now=NOW)

    shown = show_substitution_rule(ShowSubstitutionRule(rule_id=RULE), uow=uow)
    assert again == first
    assert (shown.state, shown.stopped_for) == (RuleState.STOPPED, RuleEnd.SUPERSEDED)
    with pytest.raises(Conflict):
        register_substitution_rule(a_substitution_rule(notice_days=5), uow=uow, now=NOW)
    with pytest.raises(NotFound):
        show_substitution_rule(ShowSubstitutionRule(rule_id="unknown"), uow=uow)


# --- the call back ---------------------------------------------------------------------------


def test_a_lost_rating_calls_it_back_with_notice(uow):
    a_deposit_scenario(uow)
    rating = a_rating(uow)
    record = ask_for_substitution(uow)
    lose(uow, rating)

    check_substitutions(uow=uow, now=NOW + HOUR)

    shown = show(uow, record)
    assert shown.state is SubstitutionState.CALLED_BACK
    assert shown.notice_until == NOW + HOUR + 30 * DAY
    assert shortfalls(shown) == {RATED: Shortfall.MISSING}


def test_a_change_of_evidence_is_acted_on_at_once(uow):
    a_deposit_scenario(uow)
    rating = a_rating(uow)
    record = ask_for_substitution(uow)
    lose(uow, rating)

    for event in events_of(uow, EvidenceChanged):
        on_evidence_changed(event, uow=uow, now=NOW + HOUR)

    assert show(uow, record).notice_until == NOW + HOUR + 30 * DAY


def test_a_rating_whose_time_is_up_calls_it_back_too(uow):
    a_deposit_scenario(uow)
    a_rating(uow, issued_on=date(2025, 12, 1))
    record = ask_for_substitution(uow)

    check_substitutions(uow=uow, now=NOW + 10 * DAY)

    assert show(uow, record).state is SubstitutionState.CALLED_BACK


def test_it_ends_only_when_the_notice_is_over(uow):
    a_deposit_scenario(uow)
    rating = a_rating(uow)
    record = ask_for_substitution(uow)
    lose(uow, rating)
    check_substitutions(uow=uow, now=NOW + HOUR)

    check_substitutions(uow=uow, now=NOW + 30 * DAY)
    before = show(uow, record).state
    check_substitutions(uow=uow, now=NOW + HOUR + 30 * DAY)

    after = show(uow, record)
    assert before is SubstitutionState.CALLED_BACK
    assert (after.state, after.ended_at) == (SubstitutionState.ENDED, NOW + HOUR + 30 * DAY)


def test_a_new_rating_within_the_notice_opens_it_again(uow):
    a_deposit_scenario(uow)
    rating = a_rating(uow, "AA")
    record = ask_for_substitution(uow)
    lose(uow, rating)
    check_substitutions(uow=uow, now=NOW + HOUR)
    a_rating(uow, "A", now=NOW + DAY)

    check_substitutions(uow=uow, now=NOW + 2 * DAY)

    shown = show(uow, record)
    assert (shown.state, shown.notice_until) == (SubstitutionState.OPEN, None)


def test_a_breach_calls_it_back_at_once_and_nothing_opens_it_again(uow):
    a_deposit_scenario(uow)
    a_rating(uow)
    record = ask_for_substitution(uow)
    command = ReportBreach(
        substitution_id=record.substitution_id, operator_id=AGENCIES, document_number="杭文旅罚1"
    )

    called = report_breach(command, uow=uow, now=NOW + HOUR)
    check_substitutions(uow=uow, now=NOW + DAY)

    assert called.state is SubstitutionState.CALLED_BACK
    assert shortfalls(show(uow, record)) == {"commitment": Shortfall.COMMITMENT_BREACHED}
    assert report_breach(command, uow=uow, now=NOW + 2 * DAY).notice_until == called.notice_until


def test_a_breach_needs_a_commitment(uow):
    a_deposit_scenario(uow)
    record = ask_for_substitution(uow, commitment=None)
    command = ReportBreach(
        substitution_id=record.substitution_id, operator_id=AGENCIES, document_number="杭文旅罚1"
    )

    with pytest.raises(NotFound):
        report_breach(command, uow=uow, now=NOW)


def test_what_a_stopped_rule_gave_stands(uow):
    a_deposit_scenario(uow)
    a_rating(uow)
    record = ask_for_substitution(uow)
    stop_substitution_rule(StopSubstitutionRule(rule_id=RULE), uow=uow, now=NOW)

    check_substitutions(uow=uow, now=NOW + DAY)

    assert show(uow, record).state is SubstitutionState.OPEN


def test_every_step_is_announced_once(uow):
    a_deposit_scenario(uow)
    rating = a_rating(uow)
    ask_for_substitution(uow)
    lose(uow, rating)
    for days in (1, 2, 3, 40, 41):
        check_substitutions(uow=uow, now=NOW + days * DAY)

    steps = events_of(uow, SubstitutionChanged)

    assert [step.state for step in steps] == ["open", "called_back", "ended"]
    assert [step.missing for step in steps] == [(), (RATED,), (RATED,)]
    assert steps[1].notice_until == NOW + 31 * DAY


def test_many_are_checked_in_batches(uow):
    a_deposit_scenario(uow)
    a_rating(uow)
    for _ in range(5):
        ask_for_substitution(uow)

    assert check_substitutions(uow=uow, now=NOW + HOUR, batch=2) == 5
    assert check_substitutions(uow=uow, now=NOW + HOUR, batch=2) == 0


def test_of_an_erased_holder_no_commitment_stays(uow):
    a_deposit_scenario(uow)
    asked = ask_for_substitution(uow, subject=HOLDER_SUBJECT)

    for _ in range(2):
        on_holder_erased(HolderErased(holder=HOLDER, erased_at=NOW), uow=uow)

    with uow:
        kept = uow.substitutions.get(asked.substitution_id)
    assert kept.commitment.document_number == "erased"
    assert kept.commitment.digest == "0" * 64
    assert kept.checks == ()


def test_a_decision_is_repeated_after_its_holder_was_erased(uow):
    a_deposit_scenario(uow)
    named = uuid4()
    asked = ask_for_substitution(uow, substitution_id=named, subject=HOLDER_SUBJECT)
    on_holder_erased(HolderErased(holder=HOLDER, erased_at=NOW), uow=uow)

    again = ask_for_substitution(uow, substitution_id=named, subject=HOLDER_SUBJECT)

    assert (again.substitution_id, again.state) == (named, asked.state)
    with pytest.raises(Conflict):
        ask_for_substitution(uow, substitution_id=named)


def test_a_breach_reported_after_an_erasure_names_no_document(uow):
    a_deposit_scenario(uow)
    asked = ask_for_substitution(uow, subject=HOLDER_SUBJECT)
    on_holder_erased(HolderErased(holder=HOLDER, erased_at=NOW), uow=uow)

    command = ReportBreach(
        substitution_id=asked.substitution_id,
        operator_id=AGENCIES,
        document_number="杭住建〔2026〕9号",
    )
    report_breach(command, uow=uow, now=NOW + HOUR)

    with uow:
        kept = uow.substitutions.get(asked.substitution_id).commitment
    assert (kept.breached_at, kept.breach_number) == (NOW + HOUR, "erased")
