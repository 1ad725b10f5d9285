"""What was processed stays on record, for as long as the law asks, and names nobody."""

from datetime import timedelta
from uuid import uuid4

import pytest

from contracts.erasures import EraseResident
from contracts.words import DisputeGround
from services.plumbing.clock import utc_now
from services.plumbing.database import close_database, open_database
from services.plumbing.settings import BadSetting, load_settings
from services.recognition.adapters.processing_records import read_records
from services.recognition.adapters.tables import metadata
from services.recognition.adapters.unit_of_work import make_unit_of_work
from services.recognition.domain.attestation import subject_of
from services.recognition.domain.routed_dispute import RoutedDispute
from services.recognition.handlers.consents import give_consent
from services.recognition.handlers.erasures import erase_resident
from services.recognition.handlers.forgetting import YEAR, forget_records
from services.recognition.handlers.recognitions import recognise_attestation
from services.recognition.settings import RecognitionSettings
from tests.builders.attestations import FUZHOU, HANGZHOU, NOW
from tests.builders.recognition import (
    RESIDENT,
    a_give_consent,
    a_recognise_attestation,
    an_issued_attestation,
    an_open_challenge,
    home_node,
    host_node,
)
from tests.fakes.recognition import FakeUnitOfWork
from tests.unit.recognition.test_subjects import a_stored_issuance, kept, seen

pytestmark = pytest.mark.recognition

DAY = timedelta(days=1)
LATER = NOW + timedelta(minutes=2)


@pytest.fixture
def sql(tmp_path):
    yield from a_sqlite_uow(tmp_path)


@pytest.fixture(params=["fake", "sqlite"])
def uow(request, tmp_path):
    if request.param == "fake":
        yield FakeUnitOfWork()
        return
    yield from a_sqlite_uow(tmp_path)


def a_sqlite_uow(directory):
    url = f"sqlite:///{directory}/recognition.db"
    engine = open_database(url)
    metadata.create_all(engine)
    yield make_unit_of_work(engine, utc_now, None, lambda: None)
    close_database(url)


def on_record(uow, since=NOW - DAY, until=NOW + DAY, start=0, limit=100):
    with uow:
        return read_records(uow.connection, since, until, start=start, limit=limit)


def a_life_at_home(uow):
    issued = an_issued_attestation(uow)
    command = EraseResident(erasure_id=uuid4(), resident=RESIDENT)
    erase_resident(command, uow=uow, node=home_node(), now=LATER)
    return issued


def test_everything_done_at_home_is_on_record(sql):
    a_life_at_home(sql)

    records = on_record(sql)

    assert [record.act for record in records] == [
        "consent_given",
        "attestation_issued",
        "consent_withdrawn",
        "attestation_revoked",
        "resident_erased",
    ]
    given, issued, _, revoked, _ = records
    assert (given.city, given.purposes, given.text_version) == (
        HANGZHOU,
        ("sports", "transport"),
        "2026-05",
    )
    assert (given.impact_assessment, issued.impact_assessment) == ("PIA-1", "PIA-1")
    assert (issued.consent_id, issued.basis) == (given.id, "consent")
    assert revoked.reason == "subject_erased"


def test_the_record_tells_what_belongs_together_and_not_of_whom(sql):
    credential = a_life_at_home(sql).credential

    records = on_record(sql)

    assert len({record.person for record in records}) == 1
    for name in (RESIDENT, subject_of(credential)):
        assert name not in repr(records)


def test_everything_done_at_a_host_is_on_record(sql):
    credential = an_issued_attestation(FakeUnitOfWork()).credential
    node = host_node()
    command = a_recognise_attestation(credential, an_open_challenge(sql, node))
    record = recognise_attestation(command, uow=sql, node=node, now=NOW)
    kept(sql, lambda uow: uow.holders.forget(record.holder, LATER))

    made, erased = on_record(sql)

    assert (made.act, made.id, made.city) == (
        "recognition_made",
        str(record.recognition_id),
        FUZHOU,
    )
    assert (erased.act, erased.person) == ("holder_erased", made.person)


def test_the_record_is_read_page_by_page(sql):
    a_life_at_home(sql)

    pages = [on_record(sql, start=start, limit=2) for start in (0, 2, 4, 6)]

    assert [len(page) for page in pages] == [2, 2, 1, 0]
    assert [record for page in pages for record in page] == on_record(sql)


def test_a_span_has_its_beginning_and_not_its_end(sql):
    a_life_at_home(sql)

    assert len(on_record(sql, NOW, LATER)) == 2
    assert len(on_record(sql, LATER, LATER + DAY)) == 3


def test_a_record_is_kept_for_three_years_after_what_it_tells_of_was_over(uow):
    consent, issuance = a_stored_issuance(uow)
    kept_until = issuance.until + 3 * YEAR

    forget_records(uow=uow, years=3, now=kept_until)
    before = seen(uow, lambda uow: uow.issuances.get(issuance.attestation_id))
    forget_records(uow=uow, years=3, now=kept_until + DAY)
    forget_records(uow=uow, years=3, now=kept_until + DAY)

    assert before is not None
    assert seen(uow, lambda uow: uow.issuances.get(issuance.attestation_id)) is None
    assert seen(uow, lambda uow: uow.consents.get(consent.id)) is None


def test_a_text_is_kept_for_as_long_as_the_record_of_the_consent_to_it(sql):
    given = give_consent(a_give_consent(), uow=sql, node=home_node(), now=NOW)
    kept_until = given.until + 3 * YEAR

    forget_records(uow=sql, years=3, now=kept_until)
    assert seen(sql, lambda uow: uow.snapshots.get(given.text_digest))
    forget_records(uow=sql, years=3, now=kept_until + DAY)

    assert seen(sql, lambda uow: uow.snapshots.get(given.text_digest)) is None


def test_what_was_contested_here_is_kept_no_longer_than_other_records(sql):
    dispute = RoutedDispute(
        id=uuid4(),
        recognition_id=uuid4(),
        attestation_id=uuid4(),
        home=FUZHOU,
        ground=DisputeGround.NOT_MINE,
        opened_at=NOW,
    )
    with sql:
        sql.routed_disputes.add(dispute)
        sql.commit()

    forget_records(uow=sql, years=3, now=NOW + 3 * YEAR)
    assert seen(sql, lambda uow: uow.routed_disputes.get(dispute.id))
    forget_records(uow=sql, years=3, now=NOW + 3 * YEAR + DAY)

    assert seen(sql, lambda uow: uow.routed_disputes.get(dispute.id)) is None


def test_a_consent_is_kept_for_as_long_as_anything_rests_on_it(uow):
    consent, _ = a_stored_issuance(uow, until=NOW + 30 * DAY)

    forget_records(uow=uow, years=3, now=consent.terms.until + 3 * YEAR + DAY)

    assert seen(uow, lambda uow: uow.consents.get(consent.id)) is not None


def test_fewer_years_than_the_law_asks_stop_the_start():
    with pytest.raises(BadSetting, match="processing_record_years"):
        load_settings(RecognitionSettings, {**VALUES, "processing_record_years": "2"})

    assert load_settings(RecognitionSettings, VALUES).processing_record_years == 3


VALUES = {
    "city": FUZHOU,
    "gateway_url": "https://fuzhou.example",
    "recognition_database": "sqlite:///r.db",
    "keys_directory": "keys",
    "roster_file": "roster.jws",
    "alliance_keys_file": "alliance-keys.json",
    "crosswalks_directory": "crosswalks",
    "consent_texts_file": "consent-texts.yaml",
    "scores_file": "scores.csv",
}
