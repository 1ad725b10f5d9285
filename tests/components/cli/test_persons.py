"""Records of processing and erasures on the command line."""

import json
from uuid import uuid4

import pytest

from services.cli.parts import PARTS, migrate
from services.plumbing.clock import utc_now
from services.plumbing.database import open_database
from services.plumbing.settings import read_values
from services.recognition.adapters.unit_of_work import make_unit_of_work
from services.recognition.domain.erasure import Erasure
from tests.builders.recognition import RESIDENT
from tests.unit.recognition.test_storage import a_consent

pytestmark = pytest.mark.recognition

SPAN = ("--from", "2026-01-01", "--to", "2027-01-01")


@pytest.fixture
def uow(settings):
    values = read_values(settings, {})
    migrate(PARTS["recognition"], values)
    engine = open_database(values["recognition_database"])
    return make_unit_of_work(engine, utc_now, None, lambda: None)


@pytest.fixture
def consent(uow):
    consent = a_consent()
    with uow:
        uow.consents.add(consent)
        uow.commit()
    return consent


@pytest.mark.usefixtures("consent")
def test_records_are_listed_for_people(huxin, settings):
    listed = huxin("records", "list", "--settings", settings, *SPAN)

    assert listed.exit_code == 0
    assert "consent_given" in listed.output
    assert "1 records" in listed.output


def test_records_are_listed_for_programs(huxin, settings, consent):
    listed = huxin("records", "list", "--settings", settings, *SPAN, "--json")

    [record] = map(json.loads, listed.output.splitlines())
    assert (record["act"], record["id"]) == ("consent_given", str(consent.id))
    assert record["purposes"] == ["sports", "transport"]
    assert RESIDENT not in listed.output


@pytest.mark.usefixtures("consent")
def test_a_page_says_where_the_next_begins(huxin, settings):
    pages = [
        huxin("records", "list", "--settings", settings, *SPAN, "--limit", 1, "--after", after)
        for after in (0, 1)
    ]

    assert "more: --after 1" in pages[0].output
    assert "0 records" in pages[1].output


def test_who_was_erased_is_written_by_names_that_lead_to_nobody(huxin, settings, uow):
    erasure = Erasure.of(uuid4(), uuid4(), 0, utc_now())
    with uow:
        uow.erasures.add(erasure)
        uow.holders.forget("h" * 43, utc_now())
        uow.commit()

    written = huxin("erasures", "export", "--settings", settings)

    at_home, at_host = map(json.loads, written.output.splitlines())
    assert (at_home["erasure_id"], at_home["subject"]) == (str(erasure.id), str(erasure.subject))
    assert at_host["holder"] == "h" * 43


def test_after_a_backup_was_restored_the_erased_are_erased_again(
    huxin, settings, uow, consent, tmp_path
):
    with uow:
        subject = uow.subjects.id_of(RESIDENT)
        uow.holders.name(["s" * 43], "h" * 43, utc_now())
        uow.commit()
    file = tmp_path / "erased"
    erased = [{"erasure_id": str(uuid4()), "subject": str(subject)}, {"holder": "h" * 43}]
    file.write_text("\n".join(map(json.dumps, erased)))

    first, second = (huxin("erasures", "reapply", file, "--settings", settings) for _ in "12")

    assert "2 of 2 were" in first.output
    assert "0 of 2 were" in second.output
    with uow:
        assert uow.consents.get(consent.id) is None


@pytest.mark.parametrize("line", ["no JSON", "{}", "7", '{"subject": "x", "erasure_id": "y"}'])
def test_a_file_that_is_no_list_of_erasures_changes_nothing(huxin, settings, uow, consent, line):
    file = settings.with_name("erased")
    with uow:
        subject = uow.subjects.id_of(RESIDENT)
    good = json.dumps({"erasure_id": str(uuid4()), "subject": str(subject)})
    file.write_text(f"{good}\n{line}\n")

    refused = huxin("erasures", "reapply", file, "--settings", settings)

    assert refused.exit_code != 0
    assert "line 2" in refused.output
    with uow:
        assert uow.consents.get(consent.id) is not None
