"""`huxin scores` names every bad line of a score file, and puts good ones in place."""

import stat

import pytest

from services.cli.reasons.saying import in_words
from services.cli.scores.examining import FACTS, examine
from services.cli.synthetic import synthetic_civil_id
from services.recognition.adapters import facts
from services.recognition.adapters.node import read_resident_key
from services.recognition.adapters.scores import read_scores
from tests.builders.recognition import RESIDENT_KEY

pytestmark = pytest.mark.recognition

ONE, TWO, THREE, FOUR = (synthetic_civil_id(number) for number in range(1, 5))
NOBODY = f"{ONE[:-1]}{'0' if ONE[-1] != '0' else '1'}"
HEAD = "civil_id,score,as_of"


def write(path, *rows, head=HEAD):
    path.write_text("\n".join((head, *rows)) + "\n", "utf-8")
    return path


@pytest.fixture
def in_use(settings):
    """The file that Fuzhou's node goes by: three residents."""
    file = settings.parent / "scores.csv"
    return write(file, *(f"{each},600,2026-05-01" for each in (ONE, TWO, THREE)))


@pytest.fixture
def new(tmp_path):
    return write(
        tmp_path / "november.csv",
        f"{ONE},700,2026-11-01",
        f"{NOBODY},650,2026-11-01",
        f"{FOUR},high,2026-11-01",
        f"{TWO},1,2026-11-01",
        f"{TWO},2,2026-11-01",
        f"{THREE},620",
    )


def scores_in(file, settings):
    read = read_scores(file, read_resident_key(settings.parent / "keys" / "resident.key"))
    return {each.civil_id: int(each.score) for each in read.values()}


def test_every_bad_line_is_named_and_nobody_who_stands_in_one(huxin, settings, in_use, new):
    answer = huxin("scores", "check", new, "--settings", settings)

    assert answer.exit_code == 1
    assert answer.output.splitlines() == [
        "line 3: civil_id is no citizen number",
        "line 4: score is a number, as_of a date or moment (ISO 8601)",
        "line 5: it stands twice",
        "line 6: it stands twice",
        "line 7: 3 columns are wanted",
        "1 good lines, 5 bad",
        "2 residents would lose their score, and with it their attestations",
    ]
    assert scores_in(in_use, settings) == {ONE: 600, TWO: 600, THREE: 600}


def test_a_file_with_a_bad_line_is_not_taken(huxin, settings, in_use, new):
    answer = huxin("scores", "put", new, "--settings", settings)

    assert answer.exit_code == 1
    assert answer.output.splitlines()[-1] == "nothing was taken"
    assert scores_in(in_use, settings) == {ONE: 600, TWO: 600, THREE: 600}


def test_a_file_without_a_bad_line_is_taken_whole(huxin, settings, in_use, tmp_path):
    mode = stat.S_IMODE(in_use.stat().st_mode)
    new = write(tmp_path / "november.csv", f"{ONE},700,2026-11-01", f"{FOUR},710,2026-11-01")

    answer = huxin("scores", "put", new, "--settings", settings)

    assert (answer.exit_code, answer.output.splitlines()[-1]) == (0, "2 lines taken")
    assert scores_in(in_use, settings) == {ONE: 700, FOUR: 710}
    assert stat.S_IMODE(in_use.stat().st_mode) == mode
    assert [each.name for each in in_use.parent.glob("scores*")] == ["scores.csv"]


def test_bad_lines_are_set_aside_and_cost_nobody_the_score_that_they_had(
    huxin, settings, in_use, new, tmp_path
):
    aside = tmp_path / "to-correct.csv"

    answer = huxin("scores", "put", new, "--set-aside", aside, "--settings", settings)

    assert answer.exit_code == 0
    assert answer.output.splitlines()[-2:] == [
        "1 lines taken",
        "5 set aside; 2 residents without a good line keep the score that they had",
    ]
    assert scores_in(in_use, settings) == {ONE: 700, TWO: 600, THREE: 600}
    rows = new.read_text("utf-8").splitlines()
    assert aside.read_text("utf-8").splitlines() == [HEAD, *rows[2:]]
    assert stat.S_IMODE(aside.stat().st_mode) == 0o600


def test_lines_are_not_set_aside_over_others(huxin, settings, in_use, new, tmp_path):
    aside = write(tmp_path / "to-correct.csv", "of last month")

    answer = huxin("scores", "put", new, "--set-aside", aside, "--settings", settings)

    assert answer.exit_code == 1
    assert "of last month" in aside.read_text("utf-8")
    assert scores_in(in_use, settings) == {ONE: 600, TWO: 600, THREE: 600}


def test_half_a_file_is_taken_in_no_part(huxin, settings, in_use, tmp_path):
    half = tmp_path / "half.csv"
    half.write_text(f"{HEAD}\n{ONE},700,2026-11-01\n{TWO},7", "utf-8")

    answer = huxin("scores", "put", half, "--set-aside", tmp_path / "a", "--settings", settings)

    assert answer.exit_code == 1
    assert "the file may not be whole" in answer.output
    assert scores_in(in_use, settings) == {ONE: 600, TWO: 600, THREE: 600}


@pytest.mark.usefixtures("in_use")
def test_bad_lines_are_named_in_chinese(huxin, settings, new):
    answer = huxin("scores", "check", new, "--settings", settings, HUXIN_LANG="zh")

    assert "第 3 行：civil_id 不是公民身份号码" in answer.output.splitlines()


def test_of_a_file_of_facts_every_bad_line_is_named_in_either_language(tmp_path, monkeypatch):
    file = write(
        tmp_path / "facts.csv",
        f"{ONE},f-1,penalty,minor,1号,2026-03-02,-10",
        f"{NOBODY},f-2,penalty,minor,1号,2026-03-02,-10",
        f"{ONE},,penalty,minor,1号,2026-03-02,-10",
        f"{ONE},f-3,penalty,huge,1号,2026-03-02,-10",
        f"{ONE},f-4,penalty,minor,1号,March,-10",
        f"{ONE},f-5,penalty,minor,1号,2026-03-02,NaN",
        f"{ONE},f-6",
        head=",".join(facts.COLUMNS),
    )

    found = examine(file, FACTS, RESIDENT_KEY)
    monkeypatch.setenv("HUXIN_LANG", "zh")

    assert list(found.good.values()) == [2]
    assert found.bad == {
        3: "civil_id is no citizen number",
        4: "fact_id is a text of 1 to 64 characters",
        5: "gravity is one of minor, general, serious",
        6: "points is a number, decided_at a date (ISO 8601)",
        7: "points is a number",
        8: "7 columns are wanted",
    }
    assert all(in_words(why) != why for why in found.bad.values())
