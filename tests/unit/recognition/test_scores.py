"""Scores come from a file of the city, by pseudonym, and do not show up anywhere else."""

import os
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from contracts.errors import Malformed
from contracts.pseudonyms import resident_of
from services.cli.synthetic import synthetic_civil_id
from services.plumbing.green import eventlet
from services.recognition.adapters import csv_file
from services.recognition.adapters.scores import CsvScores
from tests.builders.recognition import CIVIL_ID, RESIDENT, RESIDENT_KEY, STRANGER

pytestmark = pytest.mark.recognition

OTHER = "990100195001020028"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "scores.csv"


def write(path, *rows, header="civil_id,score,as_of"):
    text = "\n".join((header, *rows)) + "\n"
    path.write_text(text, "utf-8")
    os.utime(path, ns=(len(text), len(text)))  # as if written at another moment
    return path


def scores(path, *rows, **options):
    return CsvScores(write(path, *rows, **options), RESIDENT_KEY)


def test_a_score_is_found_by_the_resident_s_pseudonym(path):
    record = scores(path, f"{CIVIL_ID},783.25,2026-05-01").find(RESIDENT)

    assert record.score == Decimal("783.25")
    assert record.as_of == datetime(2026, 5, 1, tzinfo=UTC)
    assert record.civil_id == CIVIL_ID


def test_a_moment_keeps_its_time_zone(path):
    record = scores(path, f"{CIVIL_ID},783,2026-05-01T00:00:00+08:00").find(RESIDENT)

    assert record.as_of == datetime(2026, 4, 30, 16, tzinfo=UTC)


def test_a_person_is_found_however_the_file_writes_their_number(path):
    full_width = CIVIL_ID.translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"})

    assert scores(path, f" {full_width},783,2026-05-01").find(RESIDENT).civil_id == CIVIL_ID


def test_who_is_not_in_the_file_has_no_score(path):
    assert scores(path, f"{CIVIL_ID},783,2026-05-01").find(STRANGER) is None


def test_a_score_shows_neither_person_nor_number(path):
    record = scores(path, f"{CIVIL_ID},783.25,2026-05-01").find(RESIDENT)

    assert CIVIL_ID not in repr(record)
    assert "783" not in repr(record)


def test_a_changed_file_is_read_anew(path):
    source = scores(path, f"{CIVIL_ID},783,2026-05-01")

    write(path, f"{CIVIL_ID},783,2026-05-01", f"{OTHER},401,2026-05-01")

    assert source.find(resident_of(RESIDENT_KEY, OTHER)).score == 401


def test_a_bad_new_file_leaves_the_scores_that_were_known(path):
    source = scores(path, f"{CIVIL_ID},783,2026-05-01")

    write(path, f"{CIVIL_ID},high,2026-05-01")

    assert source.find(RESIDENT).score == 783


def test_a_file_that_changes_while_it_is_read_is_read_again_when_it_is_whole(path, monkeypatch):
    source = scores(path, f"{CIVIL_ID},783,2026-05-01")
    monkeypatch.setattr(csv_file, "AT_A_TIME", 1)
    write(path, f"{OTHER},401,2026-05-01")
    others = eventlet.spawn(write, path, f"{CIVIL_ID},650,2026-05-01", f"{OTHER},401,2026-05-01")

    during = source.find(RESIDENT)
    others.wait()

    assert during.score == 783
    assert source.find(RESIDENT).score == 650


def test_half_a_file_does_not_take_anybody_s_score_away(path):
    source = scores(path, f"{CIVIL_ID},783,2026-05-01")

    path.write_text(f"civil_id,score,as_of\n{OTHER},401,2026-05-01")

    assert source.find(RESIDENT).score == 783


def test_others_have_their_turn_while_a_large_file_is_read(path):
    turns = []

    def others():
        while len(turns) < 10:
            turns.append(path.exists())
            eventlet.sleep(0)

    eventlet.spawn(others)
    scores(path, *(f"{synthetic_civil_id(number)},600,2026-05-01" for number in range(5000)))

    assert turns == [True] * 10


def test_a_file_that_went_away_leaves_the_scores_that_were_known(path):
    source = scores(path, f"{CIVIL_ID},783,2026-05-01")

    path.unlink()

    assert source.find(RESIDENT).score == 783


@pytest.mark.parametrize(
    "row",
    [
        f"{CIVIL_ID},high,2026-05-01",
        f"{CIVIL_ID},NaN,2026-05-01",
        f"{CIVIL_ID},783,May",
        f"{CIVIL_ID},783",
        f'{CIVIL_ID},"783"x,2026-05-01',
        f"{CIVIL_ID[:-1]}0,783,2026-05-01",
    ],
)
def test_a_bad_row_is_named_by_its_line_and_not_repeated(path, row):
    with pytest.raises(Malformed, match="line 2") as caught:
        scores(path, row)

    assert CIVIL_ID not in str(caught.value)


def test_a_person_has_one_score(path):
    with pytest.raises(Malformed, match="line 3"):
        scores(path, f"{CIVIL_ID},783,2026-05-01", f"{CIVIL_ID},400,2026-05-01")


def test_the_columns_have_their_names(path):
    with pytest.raises(Malformed, match="line 1"):
        scores(path, f"{CIVIL_ID},783,2026-05-01", header="id,points,day")
