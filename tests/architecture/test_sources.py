"""Habits a reviewer would otherwise have to watch for."""

import ast
import re

from tests.architecture.sources import ROOT, modules, name_of, tracked, tree_of

PRODUCT = modules("contracts", "huxin_client", "services")
LONGEST = 250
# Tables of declarations, read by looking up; and what is still to be split.  The numbers only fall,
# except that a table grows by what it declares.
LONGER = {
    "contracts/http/__init__.py": 400,
    "contracts/disputes.py": 360,
    "contracts/problems.py": 510,
    "contracts/recognition.py": 440,
    "contracts/routes/disputes.py": 340,
    "contracts/words.py": 460,
    "contracts/scenarios.py": 430,
    "services/cli/demo/story.py": 400,
    "services/recognition/domain/verification.py": 295,
    "services/recognition/service.py": 440,
    "services/scenarios/domain/grant.py": 290,
}
GENERATED = "huxin_client/calls/"  # a method for each endpoint; written, not kept, by people
CLOCKS = ("huxin_client/", "services/plumbing/clock.py", "services/cli/")
CATCHES_ALL = ("services/plumbing/",)
PRINTS = ("huxin_client/examples/", "services/cli/")
NO_NAMES = {"base", "common", "helper", "helpers", "manager", "managers", "misc", "util", "utils"}
# Written apart, so that this file does not speak of them.
UNSPEAKABLE = re.compile(
    "|".join(
        (
            r"pypi\.(org|python)",
            "python" + "hosted",
            r"registry\." + "npmjs",
            r"(?<![\w.~-])/" + r"work/",
        )
    )
)


def outside(path, allowed):
    return not name_of(path).startswith(allowed)


def calls(path):
    """List `(line, dotted name)` of every call in a module."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name):
            yield node.lineno, ast.unparse(node.func)


def places(found):
    return [f"{name_of(path)}:{line}" for path, line in found]


def test_only_the_clock_reads_the_time_of_day():
    found = [
        (path, line)
        for path in PRODUCT
        if outside(path, CLOCKS)
        for line, name in calls(path)
        if re.search(r"\b(datetime\.now|datetime\.today|utcnow|date\.today)$", name)
    ]

    assert not places(found), "take a `now` or a Clock"


def test_only_plumbing_catches_every_exception():
    found = [
        (path, node.lineno)
        for path in PRODUCT
        if outside(path, CATCHES_ALL)
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or re.search(r"\b(Base)?Exception\b", ast.unparse(node.type)))
    ]

    assert not places(found), "name the exceptions"


def test_only_the_command_line_prints():
    found = [
        (path, line)
        for path in PRODUCT
        if outside(path, PRINTS)
        for line, name in calls(path)
        if name in {"print", "pprint"}
    ]

    assert not places(found), "write to the log"


def lines_of(path):
    return len(path.read_text(encoding="utf-8").splitlines())


def test_a_module_is_short():
    long = {
        name_of(path): lines_of(path)
        for path in PRODUCT
        if lines_of(path) > LONGER.get(name_of(path), LONGEST)
        and not name_of(path).startswith(GENERATED)
    }

    assert not long, "split it by noun"


def test_no_module_is_excused_for_its_length_without_need():
    for name in LONGER:
        assert lines_of(ROOT / name) > LONGEST, name


def test_a_module_is_named_by_what_is_in_it():
    shapeless = [
        name_of(path)
        for path in modules("contracts", "huxin_client", "services", "tests")
        if NO_NAMES & {path.stem, *path.relative_to(ROOT).parent.parts}
    ]

    assert not shapeless


def test_a_module_says_what_it_is_for():
    silent = [
        name_of(path)
        for path in modules("contracts", "huxin_client", "services", "tests")
        if tree_of(path).body and not ast.get_docstring(tree_of(path))
    ]

    assert not silent


def texts():
    """Yield `(name, line number, line)` of every tracked text file."""
    for path in tracked():
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(lines, 1):
            yield name_of(path), number, line


def test_every_todo_has_an_owner():
    word = "TO" + "DO"
    ownerless = [
        f"{name}:{number}"
        for name, number, line in texts()
        if re.search(rf"\b{word}\b(?!\([a-z][\w-]*\))", line)
    ]

    assert not ownerless, f"write {word}(name): what"


def test_no_file_speaks_of_a_package_registry_or_a_private_path():
    found = [f"{name}:{number}" for name, number, line in texts() if UNSPEAKABLE.search(line)]

    assert not found


def test_nothing_that_a_run_leaves_behind_is_kept():
    assert not [path for path in tracked() if path.suffix in {".pyc", ".sqlite", ".log"}]
