"""One closed vocabulary of errors: every word is of one kind, said somewhere, and explained."""

import ast
import re
from itertools import combinations
from pathlib import Path

from contracts import errors
from contracts.problems import PROBLEMS
from contracts.routes import PATH_PARAMETERS, ROUTES

ROOT = Path(__file__).parents[2]
# Said by the gateway alone, of a request that reached no handler or a handler that broke.
GATEWAY_ONLY = {"internal", "method_not_allowed"}
HAN = re.compile(r"[\u4e00-\u9fff]")


def codes_raised(tree):
    """List `(kind, code)` of every error built with a literal code."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        first = node.args[0]
        if name in errors.KINDS and isinstance(first, ast.Constant):
            yield name, first.value


def test_no_code_belongs_to_two_kinds_of_error():
    for one, other in combinations(errors.KINDS.values(), 2):
        assert not one.codes & other.codes, (one, other)


def test_every_code_has_its_kind():
    spoken = set().union(*(kind.codes for kind in errors.KINDS.values()))

    assert spoken | GATEWAY_ONLY == errors.CODES


def test_a_code_is_a_machine_word():
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*", code) for code in errors.CODES)


def test_services_raise_only_codes_of_the_vocabulary():
    for folder in ("contracts", "services"):
        for path in (ROOT / folder).rglob("*.py"):
            for kind, code in codes_raised(ast.parse(path.read_text(encoding="utf-8"))):
                assert code in errors.KINDS[kind].codes, f"{path}: {kind}({code!r})"


def test_every_code_is_explained_in_both_languages_and_nothing_else_is():
    assert set(PROBLEMS) == errors.CODES
    for code, entry in PROBLEMS.items():
        for text in (entry.title, entry.next_step):
            assert HAN.search(text.zh), code
            assert text.en.isascii(), code


def test_every_route_answers_with_codes_of_the_vocabulary():
    for route in ROUTES:
        assert set(route.errors) <= errors.CODES, route.operation_id


def test_every_refusal_of_the_vocabulary_may_reach_somebody():
    answered = set().union(*(route.refusals for route in ROUTES))

    assert answered | GATEWAY_ONLY >= errors.CODES


def test_every_parameter_of_a_path_is_declared_and_used():
    assert {name for route in ROUTES for name in route.parameters} == set(PATH_PARAMETERS)


def test_no_two_routes_share_a_name_or_a_place():
    names = [route.operation_id for route in ROUTES]
    places = [(route.method, route.path) for route in ROUTES]

    assert len(set(names)) == len(names)
    assert len(set(places)) == len(places)
