"""Evidence enters with a catalogue item and an effective document, or not at all."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from contracts.errors import Conflict, Malformed, NotFound, Refused
from contracts.evidence import AnnulEvidence, ListEvidence, RepairEvidence
from contracts.words import AnnulmentReason, DocumentType, EvidenceState, SubjectKind
from services.scenarios.domain.evidence import Subject
from services.scenarios.handlers.evidence import (
    annul_evidence,
    enter_evidence,
    expire_evidence,
    list_evidence,
    repair_evidence,
)
from services.scenarios.handlers.evidence_records import read_subject
from tests.builders.evidence import (
    FIRM,
    FIRM_SUBJECT,
    HOLDER_SUBJECT,
    INSURED,
    LISTED,
    RATED,
    a_document,
    a_legal_basis,
    an_enter_evidence,
    an_item,
    evidence_about,
    graded,
    of_a_sum,
)
from tests.builders.scenarios import BIKES, DAY, NOW, a_catalogue
from tests.unit.scenarios.storages import sqlite

pytestmark = pytest.mark.scenarios

AFTER_3_YEARS = NOW.replace(year=2029, month=3, day=3)


@pytest.fixture
def uow(tmp_path):
    with sqlite(tmp_path) as uow:
        yield uow


def current(uow, subject=FIRM_SUBJECT, *, items=(LISTED,), at=NOW):
    with uow:
        return [each.id for each in uow.evidence.current(read_subject(subject), items, at)]


def events(uow):
    with uow:
        return uow.outbox


def an_annulment(record, reason=AnnulmentReason.DOCUMENT_REVOKED):
    return AnnulEvidence(evidence_id=record.evidence_id, reason=reason)


def a_repair(record, fulfilled_on=date(2026, 4, 1)):
    return RepairEvidence(evidence_id=record.evidence_id, fulfilled_on=fulfilled_on)


# --- entering --------------------------------------------------------------------------------


def test_evidence_counts_from_the_moment_it_is_entered(uow):
    an_item(uow)

    record = evidence_about(uow)

    assert record.counts
    assert current(uow) == [record.evidence_id]
    assert current(uow, at=NOW - timedelta(seconds=1)) == []


def test_evidence_about_one_subject_is_no_evidence_about_another(uow):
    an_item(uow)
    evidence_about(uow)

    assert current(uow, HOLDER_SUBJECT) == []


def test_nothing_enters_without_a_catalogue_item(uow):
    with pytest.raises(Refused, match="item_not_live"):
        evidence_about(uow)


@pytest.mark.parametrize(
    "dates",
    [
        {"live_from": NOW + DAY},
        {"live_until": NOW},
        {"basis": a_legal_basis(in_force_until=date(2026, 11, 24))},
    ],
)
def test_nothing_enters_while_its_item_is_not_live(uow, dates):
    an_item(uow, now=NOW - 300 * DAY, **dates)

    with pytest.raises(Refused, match="item_not_live"):
        evidence_about(uow)


def test_a_document_of_the_future_has_no_effect_yet(uow):
    an_item(uow)

    with pytest.raises(Malformed) as refused:
        evidence_about(uow, document=a_document(issued_on=date(2026, 11, 25)))

    assert "document.issued_on" in refused.value.errors


def test_a_document_of_today_has(uow):
    an_item(uow)

    assert evidence_about(uow, document=a_document(issued_on=date(2026, 11, 24))).counts


def test_a_document_of_a_type_that_the_item_does_not_accept_is_refused(uow):
    an_item(uow)

    with pytest.raises(Refused, match="document_not_accepted"):
        evidence_about(uow, document=a_document(type=DocumentType.CERTIFICATE))


def test_a_subject_that_the_item_does_not_cover_is_refused(uow):
    an_item(uow, subjects=(SubjectKind.HOLDER,))

    with pytest.raises(Refused, match="subject_not_covered"):
        evidence_about(uow)


def test_evidence_whose_time_is_up_does_not_enter(uow):
    an_item(uow)

    with pytest.raises(Refused, match="evidence_over"):
        evidence_about(uow, document=a_document(issued_on=date(2023, 11, 23)))


def test_only_a_registered_source_enters(uow):
    a_catalogue(uow)
    an_item(uow, sources=(BIKES,))

    assert evidence_about(uow, source=BIKES).source == BIKES
    with pytest.raises(Refused, match="source_not_registered"):
        evidence_about(uow, source="gym", document=a_document(number="2"))


@pytest.mark.parametrize("said", [graded("B"), graded("A")])
def test_a_grade_is_one_of_the_items(uow, said):
    an_item(uow, item_id=RATED, grades=("A", "AA"))

    if said.grade == "A":
        assert evidence_about(uow, item_id=RATED, content=said).content == said
    else:
        with pytest.raises(Malformed) as refused:
            evidence_about(uow, item_id=RATED, content=said)
        assert refused.value.errors == {"content.grade": "One of: A, AA."}


def test_content_that_the_item_does_not_ask_for_is_refused(uow):
    an_item(uow)

    with pytest.raises(Malformed) as refused:
        evidence_about(uow, content=of_a_sum(5))

    assert refused.value.errors == {"content.amount_fen": "None here."}


def test_to_enter_the_same_twice_is_to_enter_it_once(uow):
    an_item(uow)
    command = an_enter_evidence()

    first, second = (enter_evidence(command, uow=uow, now=NOW) for _ in "12")

    assert first == second
    assert current(uow) == [first.evidence_id]


def test_an_id_stands_for_one_piece_of_evidence(uow):
    an_item(uow)
    record = evidence_about(uow)

    with pytest.raises(Conflict):
        evidence_about(uow, evidence_id=record.evidence_id, document=a_document(number="2"))


def test_a_document_speaks_once(uow):
    an_item(uow)
    evidence_about(uow)

    with pytest.raises(Refused, match="document_used"):
        evidence_about(uow)


# --- its end ---------------------------------------------------------------------------------


def test_evidence_is_kept_as_long_as_its_item_says(uow):
    an_item(uow)
    evidence_about(uow)

    assert current(uow, at=AFTER_3_YEARS - 2 * DAY)
    assert not current(uow, at=AFTER_3_YEARS)


def test_evidence_is_over_on_the_day_after_its_documents_last(uow):
    an_item(uow, item_id=INSURED, documents=(DocumentType.INSURANCE_POLICY,), states_amount=True)
    evidence_about(
        uow,
        item_id=INSURED,
        document=a_document(type=DocumentType.INSURANCE_POLICY, last_day=date(2026, 12, 1)),
        content=of_a_sum(20_000_000),
    )

    midnight = NOW.replace(month=12, day=1, hour=16, minute=0)
    assert current(uow, items=(INSURED,), at=midnight - timedelta(seconds=1))
    assert not current(uow, items=(INSURED,), at=midnight)


def test_the_timer_notes_what_is_over_once(uow):
    an_item(uow)
    evidence_about(uow)

    noted = [expire_evidence(uow=uow, now=AFTER_3_YEARS) for _ in "12"]

    assert noted == [1, 0]
    assert expire_evidence(uow=uow, now=NOW) == 0


def test_evidence_counts_no_more_when_its_item_is_withdrawn(uow):
    an_item(uow)
    evidence_about(uow)

    an_item(uow, now=NOW + DAY, live_until=NOW + 2 * DAY)

    assert current(uow, at=NOW + DAY)
    assert not current(uow, at=NOW + 2 * DAY)


def test_what_counted_in_the_past_is_judged_by_the_item_as_it_was_then(uow):
    an_item(uow)
    record = evidence_about(uow)

    an_item(uow, now=NOW + 5 * DAY, live_from=NOW + 4 * DAY)

    assert current(uow, at=NOW + DAY) == [record.evidence_id]


def test_annulled_evidence_never_counts_again_and_its_document_never_enters_again(uow):
    an_item(uow)
    record = evidence_about(uow)

    annulled = annul_evidence(an_annulment(record), uow=uow, now=NOW + DAY)

    assert (annulled.state, annulled.reason) == (EvidenceState.ANNULLED, "document_revoked")
    assert not current(uow, at=NOW + DAY)
    assert current(uow, at=NOW) == [record.evidence_id]
    with pytest.raises(Refused, match="document_used"):
        evidence_about(uow, now=NOW + 2 * DAY)


def test_what_is_unknown_is_not_annulled(uow):
    with pytest.raises(NotFound):
        annul_evidence(
            AnnulEvidence(evidence_id=uuid4(), reason=AnnulmentReason.ENTERED_IN_ERROR),
            uow=uow,
            now=NOW,
        )


# --- repair ----------------------------------------------------------------------------------


def test_a_repair_ends_evidence_early_and_leaves_no_trace(uow):
    an_item(uow)
    record = evidence_about(uow)

    repaired = repair_evidence(a_repair(record), uow=uow, now=NOW)

    assert repaired.state is EvidenceState.REPAIRED
    assert not current(uow)
    assert list_evidence(ListEvidence(subject=FIRM_SUBJECT), uow=uow, now=NOW).evidence == ()


def test_a_repair_waits_for_six_months_after_the_duty_was_fulfilled(uow):
    an_item(uow)
    record = evidence_about(uow)

    with pytest.raises(Refused, match="repair_too_early: from 2026-11-26"):
        repair_evidence(a_repair(record, date(2026, 5, 25)), uow=uow, now=NOW)

    assert current(uow)


def test_a_duty_is_not_fulfilled_in_the_future(uow):
    an_item(uow)
    record = evidence_about(uow)

    with pytest.raises(Malformed):
        repair_evidence(a_repair(record, date(2026, 11, 25)), uow=uow, now=NOW)


def test_an_item_without_a_rule_allows_no_repair(uow):
    an_item(uow, repair=None)
    record = evidence_about(uow)

    with pytest.raises(Refused, match="not_repairable"):
        repair_evidence(a_repair(record), uow=uow, now=NOW)


def test_an_older_document_does_not_undo_a_repair(uow):
    an_item(uow)
    repair_evidence(a_repair(evidence_about(uow)), uow=uow, now=NOW)

    with pytest.raises(Refused, match="already_decided"):
        evidence_about(uow, document=a_document(number="2", issued_on=date(2026, 3, 1)))

    later = evidence_about(uow, document=a_document(number="3", issued_on=date(2026, 3, 3)))
    assert later.counts


def test_what_is_over_is_not_repaired(uow):
    an_item(uow)
    record = evidence_about(uow)

    with pytest.raises(Refused, match="already_decided"):
        repair_evidence(a_repair(record), uow=uow, now=AFTER_3_YEARS)


# --- seeing ----------------------------------------------------------------------------------


def test_a_subject_sees_its_evidence_page_by_page(uow):
    an_item(uow)
    entered = [evidence_about(uow, document=a_document(number=str(n))) for n in range(3)]
    first, *rest = sorted(record.evidence_id for record in entered)

    page = list_evidence(ListEvidence(subject=FIRM_SUBJECT, after=first), uow=uow, now=NOW)

    assert [record.evidence_id for record in page.evidence] == rest


def test_a_forgotten_subject_has_no_evidence(uow):
    an_item(uow)
    evidence_about(uow, HOLDER_SUBJECT)
    evidence_about(uow)

    with uow:
        assert uow.evidence.forget(read_subject(HOLDER_SUBJECT)) == 1
        uow.commit()

    assert list_evidence(ListEvidence(subject=HOLDER_SUBJECT), uow=uow, now=NOW).evidence == ()
    assert current(uow)


def test_a_code_and_a_pseudonym_of_the_same_letters_are_two_subjects():
    assert Subject.organisation(FIRM) != Subject.holder(FIRM)
