"""Evidence and its catalogue on the command line: by file, tried before it is done."""

from pathlib import Path

import pytest

from services.cli.evidence.scenarios import open_scenarios
from services.plumbing.clock import utc_now
from services.scenarios.domain.evidence import Subject

pytestmark = pytest.mark.scenarios

CATALOGUE = Path(__file__).parents[3] / "deploy/alliance/evidence.yaml"
FIRM = "91350100M000100Y43"
HOLDER = "h" * 43
CIVIL_ID = "330100190001010019"
UNKNOWN = "5f1f0c55-6f1c-4f0e-9a39-2f5a60a5d2a7"
HEAD = "item_id,organisation,holder,document_type,document_number,issuer,issued_on,last_day,grade"
DECISION = "wage-arrears-list,{subject},,list_decision,{number},某局,2026-10-01,,"


@pytest.fixture
def catalogue(huxin, settings):
    imported = huxin("evidence", "catalogue", "import", CATALOGUE, "--settings", settings)
    assert imported.exit_code == 0, imported.output
    return imported


@pytest.fixture
def import_lines(huxin, settings, tmp_path):
    def run(*lines, head=HEAD, options=()):
        file = tmp_path / "evidence.csv"
        file.write_text("\n".join((head, *lines)), "utf-8-sig")
        return huxin("evidence", "import", file, "--settings", settings, *options)

    return run


def known_of(settings, subject, item="wage-arrears-list"):
    uow = open_scenarios(settings)
    with uow.whole(kept=False):
        return [each.id for each in uow.evidence.current(subject, [item], utc_now())]


def a_decision(number="1", subject=FIRM):
    return DECISION.format(number=number, subject=subject)


# --- the catalogue ---------------------------------------------------------------------------


def test_the_alliances_catalogue_is_lawful_as_it_stands(catalogue):
    assert "10 of 10 items" in catalogue.output
    assert "wage-arrears-list: new" in catalogue.output


@pytest.mark.usefixtures("catalogue")
def test_to_import_a_catalogue_again_changes_nothing(huxin, settings):
    again = huxin("evidence", "catalogue", "import", CATALOGUE, "--settings", settings)

    assert again.output.count("unchanged") == 10


def test_a_dry_run_of_a_catalogue_publishes_nothing(huxin, settings):
    tried = huxin("evidence", "catalogue", "import", CATALOGUE, "--dry-run", "--settings", settings)
    listed = huxin("evidence", "catalogue", "list", "--settings", settings)

    assert "10 of 10 items would be taken" in tried.output
    assert "0 items" in listed.output


@pytest.mark.usefixtures("catalogue")
def test_the_catalogue_is_listed_with_its_law(huxin, settings):
    listed = huxin("evidence", "catalogue", "list", "--settings", settings)

    assert "10 items" in listed.output
    assert "拖欠农民工工资失信联合惩戒对象名单管理暂行办法" in listed.output


def test_an_unlawful_item_is_named_and_the_others_are_taken(huxin, settings, tmp_path):
    text = CATALOGUE.read_text("utf-8")
    file = tmp_path / "items.yaml"
    file.write_text(
        text.replace("name: 责任保险", "name: 宗教信仰")
        .replace("evidence_class: rating", "evidence_class: belief")
        .replace("keeps_months: 60", "keeps_months: sixty"),
        "utf-8",
    )

    imported = huxin("evidence", "catalogue", "import", file, "--settings", settings)

    assert imported.exit_code == 1
    assert "item 3 (insurance): private_class: 征信业管理条例" in imported.output
    assert "item 4 (credit-rating): evidence_class: Must be one of" in imported.output
    assert "item 10 (court-judgment): keeps_months: Not a valid integer." in imported.output
    assert "7 of 10 items" in imported.output


@pytest.mark.parametrize("text", ["items: 7", "[]", "items: [", "\tx"])
def test_a_file_that_is_no_catalogue_is_one_plain_error(huxin, settings, tmp_path, text):
    file = tmp_path / "items.yaml"
    file.write_text(text)

    refused = huxin("evidence", "catalogue", "import", file, "--settings", settings)

    assert refused.exit_code == 1
    assert "items.yaml" in refused.output
    assert "Traceback" not in refused.output


# --- evidence --------------------------------------------------------------------------------


@pytest.mark.usefixtures("catalogue")
def test_lines_are_entered_once_however_often_the_file_is_given(import_lines, settings):
    lines = (a_decision(), f"wage-arrears-list,,{HOLDER},list_decision,2,某局,2026-10-01,,")

    first, second = (import_lines(*lines) for _ in "12")

    assert "2 lines: 2 entered, 0 repeated, 0 refused" in first.output
    assert "2 lines: 0 entered, 2 repeated, 0 refused" in second.output
    assert len(known_of(settings, Subject.organisation(FIRM))) == 1
    assert len(known_of(settings, Subject.holder(HOLDER))) == 1


@pytest.mark.usefixtures("catalogue")
def test_a_dry_run_enters_nothing_and_finds_the_same_errors(import_lines, settings):
    tried = import_lines(a_decision(), a_decision("2", "91350100M000100Y44"), options=["--dry-run"])

    assert tried.exit_code == 1
    assert "line 3: subject.organisation: Not a unified social credit code" in tried.output
    assert "2 lines: 1 would be entered, 0 repeated, 1 refused" in tried.output
    assert known_of(settings, Subject.organisation(FIRM)) == []


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("unknown-item" + a_decision()[17:], "item_not_live: unknown-item"),
        (a_decision().replace("list_decision", "certificate"), "document_not_accepted"),
        (a_decision().replace("list_decision", "rumour"), "document.type: Must be one of"),
        (a_decision(number=""), "document.number: Missing data"),
        (a_decision().replace("2026-10-01", "2099-10-01"), "document.issued_on: In the future"),
        (a_decision().replace("2026-10-01", "2019-10-01"), "evidence_over"),
        (a_decision().replace("2026-10-01", "soon"), "document.issued_on: Not a valid date."),
        (a_decision() + "A", "content.grade: None here."),
        (a_decision() + ",more", "line: More or fewer values"),
        (a_decision(subject=""), "subject: One of organisation and holder."),
        (
            a_decision(subject="").replace(",,,", ",,330100190001010019,", 1),
            "subject.holder: A civil",
        ),
    ],
)
def test_what_is_wrong_is_said_by_line_without_what_stands_there(import_lines, line, said):
    refused = import_lines(a_decision("9"), line)

    assert refused.exit_code == 1
    assert f"line 3: {said}" in refused.output
    assert CIVIL_ID not in refused.output
    assert "1 entered" in refused.output


@pytest.mark.usefixtures("catalogue")
def test_a_document_that_stands_twice_in_a_file_is_named(import_lines):
    refused = import_lines(a_decision(), a_decision())

    assert "line 3: line: Says what line 2 says." in refused.output


@pytest.mark.usefixtures("catalogue")
def test_a_document_that_says_something_else_now_is_refused(import_lines):
    import_lines(a_decision())

    refused = import_lines(a_decision().replace("2026-10-01", "2026-10-02"))

    assert "line 2: the document was entered before, with other content" in refused.output


@pytest.mark.usefixtures("catalogue")
def test_only_a_registered_source_is_taken(import_lines):
    refused = import_lines(a_decision(), options=["--source", "hello-bike"])

    assert "line 2: source_not_registered" in refused.output


@pytest.mark.parametrize("head", [HEAD + ",civil_id", HEAD.replace("issuer,", ""), "", "item_id"])
def test_a_file_with_other_columns_is_one_plain_error(import_lines, head):
    refused = import_lines(a_decision(), head=head)

    assert refused.exit_code == 1
    assert "the first line names the columns" in refused.output


def test_a_file_in_another_encoding_is_one_plain_error(huxin, settings, tmp_path):
    file = tmp_path / "evidence.csv"
    file.write_bytes((HEAD + "\n" + a_decision()).encode("gb18030"))

    refused = huxin("evidence", "import", file, "--settings", settings)

    assert refused.exit_code == 1
    assert "not UTF-8" in refused.output


@pytest.mark.usefixtures("catalogue")
def test_what_became_of_evidence_is_shown_to_whoever_audits_it(huxin, settings, import_lines):
    import_lines(a_decision())
    [known] = known_of(settings, Subject.organisation(FIRM))

    shown = huxin("evidence", "show", known, "--settings", settings)
    unknown = huxin(
        "evidence", "show", "5f1f0c55-6f1c-4f0e-9a39-2f5a60a5d2a7", "--settings", settings
    )

    assert "live: entered" in shown.output
    assert FIRM not in shown.output
    assert (unknown.exit_code, "not_found" in unknown.output) == (1, True)
