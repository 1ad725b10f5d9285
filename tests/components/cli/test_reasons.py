"""What contracts and services find wrong is said in Chinese by commands, however it is made up."""

import ast
import re

import pytest

from services.cli.parts import PARTS
from services.cli.process import ProcessSettings
from services.cli.reasons.saying import in_words
from services.cli.settings_file import defaults
from services.plumbing.settings import BadSetting, load_settings, read_values
from tests.architecture.sources import ROOT, tree_of

RECOGNITION = (
    *("domain/roster_changes", "domain/roster", "domain/document", "domain/jws", "domain/jws_json"),
    *("domain/membership", "domain/override", "domain/crosswalk_versions", "domain/consent_text"),
    *("domain/pseudonym_keys", "adapters/documents", "adapters/roster_claims", "adapters/facts"),
    *("adapters/crosswalk_documents", "adapters/pseudonym_file", "adapters/roster_draft"),
    *("adapters/csv_file", "adapters/scores", "adapters/node", "adapters/consent_text_file"),
    *("adapters/crosswalk_file", "adapters/crosswalk_claims", "adapters/crosswalk_table"),
    *("adapters/keys", "adapters/encryption", "adapters/holder_keys", "adapters/suites"),
)
SOURCES = (
    *(f"services/recognition/{name}.py" for name in RECOGNITION),
    "services/scenarios/adapters/pass_keys.py",
    "services/gateway/keys.py",
    "services/plumbing/parked.py",
    "services/plumbing/settings.py",
    "contracts/expressions/checker.py",
    "contracts/expressions/tokens.py",
)
SENTENCE = re.compile(r"[A-Za-z]{2,},? +[a-z]{2,}")
BAD_VALUES = ("", "x", "-1", "0", "1e99", "nan", "2,1,x", "99999999999", "http://a b", "Z,,Z=Z")


@pytest.fixture(autouse=True)
def in_chinese(monkeypatch):
    monkeypatch.setenv("HUXIN_LANG", "zh")


def raised(path):
    """Yield `(line, text)` of what is raised in words, with X for what is filled in."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            for said in (*node.exc.args, *(each.value for each in node.exc.keywords)):
                for text in said.values if isinstance(said, ast.Dict) else (said,):
                    yield node.lineno, as_said(text)


def as_said(node):
    match node:
        case ast.Constant(value=str() as text):
            return text
        case ast.JoinedStr():
            return "".join(map(as_said, node.values))
        case _:
            return "X"


def test_every_reason_that_commands_come_upon_is_known_in_chinese():
    left = [
        f"{name}:{line}: {in_words(text)}"
        for name in SOURCES
        for line, text in raised(ROOT / name)
        if SENTENCE.search(re.sub(r"`[^`]*`", "", in_words(text)))
    ]

    assert not left, "say it in services/cli/reasons"


def test_every_setting_that_is_wrong_is_told_in_chinese(settings):
    good, left = read_values(settings, {}), []
    for part in (*(part.settings for part in PARTS.values()), ProcessSettings):
        for name in defaults():
            for bad in BAD_VALUES:
                try:
                    load_settings(part, {**good, name: bad})
                except BadSetting as error:
                    told = map(in_words, error.problems.values())
                    left += [each for each in told if not re.search("[\u4e00-\u9fff]", each)]

    assert not left


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("malformed: roster: city 350100: gateway is no address", "网关地址无效"),
        ("city 350100 is in the roster already", "城市 350100 已在成员名册中"),
        ("/a/b.jwk: others may read it; chmod 600", "他人可读取；请执行 chmod 600"),
        ("http_port: not a whole number; city: missing", "http_port: 不是整数；city: "),
        ("Must be greater than or equal to 1 and less than or equal to 31.", "须在 1 至 31 之间。"),
    ],
)
def test_names_and_numbers_stay_in_what_is_said(english, chinese):
    assert chinese in in_words(english)


def test_what_nobody_knows_is_told_as_it_is():
    assert in_words("Something else went wrong") == "Something else went wrong"


def test_in_english_every_reason_stays_as_it_is(monkeypatch):
    monkeypatch.setenv("HUXIN_LANG", "en")

    assert in_words("Unknown field.") == "Unknown field."
