"""docs/verification.md names a test for each rule; each is there, and each step has its tests."""

import ast
import re

from tests.architecture.sources import ROOT, modules, tree_of

PAGE = (ROOT / "docs/verification.md").read_text(encoding="utf-8")
STEPS = range(1, 28)


def names_of_tests():
    return {
        node.name
        for path in modules("tests")
        for node in tree_of(path).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def test_every_test_that_the_page_names_is_there():
    named = set(re.findall(r"`(test_\w+)`", PAGE))

    assert len(named) > 50
    assert not named - names_of_tests(), "rename it in docs/verification.md as well"


def test_every_rule_has_a_test():
    rows = [line for line in PAGE.splitlines() if line.startswith("| ") and "| rule" not in line]

    assert not [row for row in rows if "`test_" not in row and "| input | test |" not in row]


def test_every_step_of_the_verification_is_broken_by_a_test():
    said = "".join(names_of_tests())
    several = range(22, 26)  # test_steps_22_to_25

    assert "test_steps_22_to_25_" in said
    assert not [n for n in STEPS if n not in several and f"test_step_{n}_" not in said]
