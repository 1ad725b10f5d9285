"""A city's catalogue by file: tried before it is taken, and what is wrong is said by line."""

from pathlib import Path

import pytest
import yaml

from contracts.catalogue import WithdrawIncentive
from contracts.words import IncentiveState, Mover
from services.cli.scenarios.opening import open_scenarios
from services.plumbing.clock import utc_now
from services.plumbing.database import close_database
from services.scenarios.handlers.catalogue import publish_incentive
from services.scenarios.handlers.lives import withdraw_incentive
from tests.builders.scenarios import HANGZHOU, a_publish_incentive

pytestmark = pytest.mark.scenarios

ALLIANCES = Path(__file__).parents[3] / "deploy/alliance/scenarios.yaml"
EVIDENCE = ALLIANCES.with_name("evidence.yaml")
CITIES = {"330100": 10, "350200": 2, "350100": 2, "320100": 1}
FILE = """\
operators:
  - {operator_id: bikes, city: "330100", name: 公共自行车, name_en: Public bikes}
  - {operator_id: lanes, city: "350100", name: 三坊七巷, name_en: Three Lanes}
scenarios:
  - scenario_id: rides
    city: "330100"
    operator_id: bikes
    name: 信用骑行
    name_en: Rides on credit
    category: transport
    district: "330106"
    incentives:
      - incentive_id: late-return
        title: 延时还车
        title_en: Return late
        benefit: {type: rental_extension, minutes: 120}
        minimum_tier: 3
        per_holder: {count: 30, period: month}
  - scenario_id: lanes
    city: "350100"
    operator_id: lanes
    name: 免费租借
    name_en: Free rental
    category: culture_tourism
"""


@pytest.fixture
def settings(tmp_path):
    file = node_of(tmp_path, HANGZHOU)
    yield file
    close_database(f"sqlite:///{tmp_path}/scenarios.db")


def node_of(directory, city):
    """Write the settings of a node that has nothing yet."""
    file = directory / f"{city}.toml"
    database = f'scenarios_database = "sqlite:///{directory}/scenarios.db"'
    file.write_text(f'city = "{city}"\n{database}\nkeys_directory = "{directory}"\n', "utf-8")
    return file


@pytest.fixture
def take(huxin, settings, tmp_path):
    """Import a text, or a file, for Hangzhou."""

    def run(text=FILE, *options):
        file = text if isinstance(text, Path) else tmp_path / "scenarios.yaml"
        if file is not text:
            file.write_text(text, "utf-8")
        return huxin("scenarios", "import", file, "--settings", settings, *options)

    return run


def life_of(settings, incentive_id="late-return"):
    with open_scenarios(settings) as uow:
        return uow.incentives.life(incentive_id)


def moves_of(settings, incentive_id="late-return"):
    with open_scenarios(settings) as uow:
        return uow.incentives.moves(incentive_id, after=0, most=99)


# --- what is taken ---------------------------------------------------------------------------


def test_a_file_becomes_the_catalogue_reviewed_by_the_city(take, settings):
    imported = take()

    assert imported.exit_code == 0, imported.output
    assert "330100: 3 new" in imported.output
    assert life_of(settings).state is IncentiveState.PUBLISHED
    assert {move.by for move in moves_of(settings)} == {Mover.CITY}


def test_a_node_takes_its_own_citys_entries_and_says_how_many_it_skipped(take, settings):
    assert "2 of other cities skipped" in take().output
    with open_scenarios(settings) as uow:
        assert [each.id for each in uow.scenarios.all()] == ["rides"]
        assert [each.id for each in uow.operators.all()] == ["bikes"]


def test_the_same_file_again_changes_nothing(take, settings):
    take()
    before = life_of(settings), moves_of(settings)

    again = take()

    assert "0 new, 0 changed, 0 to be published, 3 unchanged" in again.output
    assert (life_of(settings), moves_of(settings)) == before


def test_a_dry_run_shows_what_is_new_and_changes_nothing(take, settings):
    tried = take(FILE, "--dry-run")

    assert "new: incentive late-return" in tried.output
    assert "nothing was changed" in tried.output
    assert life_of(settings) is None


def test_a_dry_run_shows_each_field_that_changes_from_what_to_what(take, settings):
    take()
    changed = FILE.replace("minimum_tier: 3", "minimum_tier: 4").replace("信用骑行", "骑行")

    tried = take(changed, "--dry-run")

    assert "changed: incentive late-return\n    minimum_tier: 3 → 4\n" in tried.output
    assert "changed: scenario rides\n    name: 信用骑行 → 骑行\n" in tried.output
    assert life_of(settings).newest.number == 1


def test_changed_terms_are_a_further_version_that_is_published(take, settings):
    take()

    take(FILE.replace("minimum_tier: 3", "minimum_tier: 4"))

    life = life_of(settings)
    assert (life.newest.number, life.newest.terms.minimum_tier) == (2, 4)
    assert life.newest.published_at is not None


def test_what_is_missing_in_the_file_is_told_and_stays(take, settings):
    take()
    without = FILE[: FILE.index("    incentives:")] + FILE[FILE.index("  - scenario_id: lanes") :]

    assert "missing in file: incentive late-return" in take(without).output
    assert life_of(settings).state is IncentiveState.PUBLISHED


def test_what_an_operator_submitted_in_the_same_words_is_published_by_the_file(take, settings):
    take(FILE.replace("    incentives:\n" + FILE.split("    incentives:\n")[1], "    # none\n"))
    draft = a_publish_incentive(scenario_id="rides", operator_id="bikes", hold=True)
    with open_scenarios(settings) as uow:
        pass
    publish_incentive(draft, uow=uow, city=HANGZHOU, now=utc_now())

    imported = take()

    assert "to be published: incentive late-return" in imported.output
    assert life_of(settings).state is IncentiveState.PUBLISHED


def test_what_is_exported_is_what_was_imported(take, huxin, settings, tmp_path):
    take()
    file = tmp_path / "exported.yaml"

    huxin("scenarios", "export", file, "--settings", settings)

    assert "0 new, 0 changed, 0 to be published, 3 unchanged" in take(file).output
    assert "0 missing in file" in take(file).output


@pytest.mark.parametrize("city", CITIES)
def test_the_alliances_catalogue_is_right_for_every_city_in_it(huxin, tmp_path, city):
    own = node_of(tmp_path, city)
    assert huxin("evidence", "catalogue", "import", EVIDENCE, "--settings", own).exit_code == 0

    tried = huxin("scenarios", "import", ALLIANCES, "--settings", own, "--dry-run")

    assert tried.exit_code == 0, tried.output
    assert tried.output.count("new: scenario") == CITIES[city]
    assert sum(CITIES.values()) == len(yaml.safe_load(ALLIANCES.read_text("utf-8"))["scenarios"])


# --- rules of other kinds --------------------------------------------------------------------

RULE = """\
  - scenario_id: bidders
    city: "330100"
    operator_id: bikes
    name: 招投标核查
    name_en: Check of bidders
    category: government_service
    kind: screening
    rule:
      rule_id: wage-arrears
      title: 拖欠农民工工资名单核查
      title_en: The list of wage arrears
      lists: [wage-arrears-list]
      legal_basis: {title: 某办法, article: 第一条, in_force_from: "2022-01-01"}
"""


@pytest.fixture
def evidence(huxin, settings):
    imported = huxin("evidence", "catalogue", "import", EVIDENCE, "--settings", settings)
    assert imported.exit_code == 0, imported.output


@pytest.mark.usefixtures("evidence")
def test_a_rule_of_a_screening_scenario_comes_by_the_file_and_decides(take, settings):
    imported = take(FILE + RULE)
    again = take(FILE + RULE)

    assert "new: rule wage-arrears" in imported.output, imported.output
    assert "unchanged: rule wage-arrears" in again.output
    with open_scenarios(settings) as uow:
        assert [rule.id for rule in uow.screening_rules.active()] == ["wage-arrears"]


@pytest.mark.usefixtures("evidence")
@pytest.mark.parametrize(
    ("before", "after", "line", "said"),
    [
        ('"2022-01-01"', '"2032-01-01"', 32, "legal_basis_missing"),
        ("[wage-arrears-list]", "[credit-rating]", 32, "score_not_allowed"),
        ("[wage-arrears-list]", "[nothing]", 32, "Not in the catalogue"),
        ("      legal_basis", "      minimum_tier: 3\n      legal_basis", 37, "Unknown field"),
        ("kind: screening", "kind: substitution", 36, "Unknown field"),
    ],
)
def test_a_rule_that_may_not_be_is_refused_with_its_line(take, before, after, line, said):
    refused = take(FILE + RULE.replace(before, after, 1))

    assert refused.exit_code == 1
    rows = refused.output.splitlines()
    found = [row for row in rows if row.startswith(f"scenarios.yaml:{line}:")]
    assert any(said in row for row in found), refused.output


@pytest.mark.usefixtures("evidence")
def test_the_text_of_a_rule_never_changes(take):
    take(FILE + RULE)

    refused = take(FILE + RULE.replace("某办法", "另一办法"))

    assert "a rule's text never changes" in refused.output


def test_a_scenario_whose_law_is_still_to_be_named_has_no_rule(take, settings):
    without = RULE[: RULE.index("    rule:")]

    imported = take(FILE + without)

    assert imported.exit_code == 0, imported.output
    with open_scenarios(settings) as uow:
        assert uow.scenarios.get("bidders").kind == "screening"
        assert list(uow.screening_rules.active()) == []


# --- what is wrong ---------------------------------------------------------------------------


def test_everything_wrong_is_said_at_once_by_line(take, settings):
    wrong = (
        FILE.replace("minutes: 120", "minutes: 0")
        .replace("category: transport", "category: flying")
        .replace('district: "330106"', 'district: "350102"')
        .replace("title_en: Return late", "titel_en: Return late")
        .replace("    name_en: Free rental\n", "")
    )

    refused = take(wrong)

    lines = [line.split(": ")[0] for line in refused.output.splitlines()]
    assert refused.exit_code == 1
    for number in (10, 11, 13, 15, 16):
        assert f"scenarios.yaml:{number}" in lines, refused.output
    assert "scenarios.yaml:19: scenarios.1.name_en" in refused.output
    assert life_of(settings) is None


@pytest.mark.parametrize(
    ("before", "after", "line", "said"),
    [
        ("minimum_tier: 3", "minimum_tier: 3\n        budget_fen: 100", 18, "no money"),
        ("operator_id: bikes\n", "operator_id: nobody\n", 7, "none of the operators"),
        ('city: "330100"\n    op', "city: 330100\n    op", 6, "in quotes"),
        ("scenario_id: lanes", "scenario_id: rides\n    name: 一", 23, "stands twice"),
        ("category: transport", "category: transport\n    kind: screening", 13, "kind incentive"),
        ("    district", "    rule: {rule_id: r}\n    district", 11, "no rule"),
        ("operators:", "shops: []\noperators:", 1, "unknown field"),
    ],
)
def test_each_thing_that_is_wrong_has_its_line(take, before, after, line, said):
    refused = take(FILE.replace(before, after, 1))

    assert refused.exit_code == 1
    found = [
        row for row in refused.output.splitlines() if row.startswith(f"scenarios.yaml:{line}:")
    ]
    assert any(said in row for row in found), refused.output


def test_a_file_that_is_no_yaml_is_said_with_its_place(take):
    refused = take("operators: [\n")

    assert refused.exit_code == 1
    assert "scenarios.yaml" in refused.output
    assert "line 2" in refused.output


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("category: transport", "category: sports"),
        ("category: transport", "category: transport\n    kind: screening"),
    ],
)
def test_what_never_changes_is_refused(take, before, after):
    take()
    bare = FILE[: FILE.index("    incentives:")] + FILE[FILE.index("  - scenario_id: lanes") :]

    refused = take(bare.replace(before, after, 1))

    assert refused.exit_code == 1
    assert "it stays" in refused.output


def test_what_was_withdrawn_does_not_come_back(take, settings):
    take()
    with open_scenarios(settings) as uow:
        pass
    command = WithdrawIncentive(incentive_id="late-return", operator_id="bikes")
    withdraw_incentive(command, uow=uow, now=utc_now())

    refused = take(FILE)

    assert "scenarios.yaml:13: scenarios.0.incentives.0.incentive_id: it was withdrawn" in (
        refused.output
    )


# --- what is shown ---------------------------------------------------------------------------


def test_the_catalogue_is_listed_with_where_each_incentive_stands(take, huxin, settings):
    take()

    listed = huxin("scenarios", "list", "--settings", settings).output
    none = huxin("scenarios", "list", "--state", "draft", "--settings", settings).output

    assert "late-return" in listed
    assert "scenarios 1, incentives 1" in listed
    assert "incentives 0" in none


def test_an_incentive_is_shown_with_every_step_of_its_life(take, huxin, settings):
    take()

    shown = huxin("scenarios", "show", "late-return", "--settings", settings).output

    assert "minimum_tier: 3" in shown
    assert "2. " in shown
    assert "accepted by city, version 1 (huxin scenarios import)" in shown


def test_what_is_not_there_is_said_plainly(huxin, settings):
    refused = huxin("scenarios", "show", "nothing", "--settings", settings)

    assert refused.exit_code == 1
    assert "nothing is neither a scenario nor an incentive here" in refused.output
