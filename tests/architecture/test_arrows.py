"""Who may import whom: each rule of .importlinter holds, and each can go red."""

import configparser
import re
import shutil
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, imports_of, modules, name_of

CONFIG = ROOT / ".importlinter"
TREE = [
    "contracts/__init__",
    "contracts/benefits",
    "contracts/coverage",
    "contracts/days",
    "contracts/documents/__init__",
    "contracts/errors",
    "contracts/fact_lines",
    "contracts/evidence",
    "contracts/evidence_disputes",
    "contracts/fields",
    "contracts/http",
    "contracts/identifiers",
    "contracts/problems",
    "contracts/pseudonyms",
    "contracts/recognition",
    "contracts/routes",
    "contracts/scenarios",
    "contracts/schemas",
    "contracts/subjects",
    "contracts/subscriptions",
    "contracts/wire",
    "contracts/words",
    "huxin_client/__init__",
    "services/__init__",
    "services/cli/__init__",
    "services/gateway/__init__",
    "services/plumbing/__init__",
    "services/recognition/__init__",
    "services/recognition/ports",
    "services/recognition/queries",
    "services/recognition/service",
    "services/recognition/domain/__init__",
    "services/recognition/handlers/__init__",
    "services/recognition/adapters/__init__",
    "services/scenarios/__init__",
    "services/scenarios/ports",
    "services/scenarios/queries",
    "services/scenarios/service",
    "services/scenarios/domain/__init__",
    "services/scenarios/domain/conditions",
    "services/scenarios/domain/decision",
    "services/scenarios/domain/evidence_facts",
    "services/scenarios/domain/grant",
    "services/scenarios/domain/incentive",
    "services/scenarios/domain/recognition",
    "services/scenarios/domain/screening",
    "services/scenarios/domain/special_report",
    "services/scenarios/domain/substitution",
    "services/scenarios/domain/trust_code",
    "services/scenarios/domain/vetting",
    "services/scenarios/handlers/__init__",
    "services/scenarios/adapters/__init__",
]
OFFENCES = {
    "contracts-know-nobody": ("contracts/fields.py", "services.plumbing"),
    "the-vocabulary-stands-alone": ("contracts/errors.py", "marshmallow"),
    "apispec-writes-documents": ("services/gateway/__init__.py", "contracts.documents"),
    "services-are-independent": ("services/recognition/service.py", "services.scenarios"),
    "plumbing-has-no-domain": ("services/plumbing/__init__.py", "contracts.scenarios"),
    "command-line-on-top": ("services/gateway/__init__.py", "services.cli"),
    "pure-domain": ("services/scenarios/domain/__init__.py", "contracts.wire"),
    "inside-a-service": ("services/scenarios/ports.py", "services.scenarios.handlers"),
    "handlers-know-no-adapter": ("services/scenarios/handlers/__init__.py", "services.plumbing"),
    "nameko-at-the-edge": ("services/scenarios/handlers/__init__.py", "nameko"),
    "screening-sees-no-score": (
        "services/scenarios/domain/screening.py",
        "services.scenarios.domain.recognition",
    ),
    "client-knows-contracts": ("huxin_client/__init__.py", "services.gateway"),
    "no-service-calls-the-client": ("services/gateway/__init__.py", "huxin_client"),
    "no-tests-in-the-product": ("services/plumbing/__init__.py", "tests"),
}
LIBRARIES = {
    "contracts/documents/": {"apispec", "marshmallow"},
    "contracts/expressions/": {"cel"},
    "contracts/identifiers": {"stdnum"},
    "contracts/": {"marshmallow"},
    "services/recognition/domain/": set(),
    "services/recognition/handlers/": set(),
    "services/recognition/ports": set(),
    "services/scenarios/domain/": set(),
    "services/scenarios/handlers/": set(),
    "services/scenarios/ports": set(),
}
OWN = {"contracts", "huxin_client", "services"}
OF_AN_EXTRA = {"services/recognition/adapters/sm2.py": "requirements/sm.in"}
COMES_WITH = {"amqp": "kombu", "greenlet": "eventlet", "urllib3": "requests"}


def rules():
    config = configparser.ConfigParser()
    config.read(CONFIG)
    return {
        section.rpartition(":")[2]: config[section]["name"]
        for section in config.sections()
        if section != "importlinter"
    }


def broken(tree):
    """Run import-linter in a directory; return the names of the contracts it finds broken."""
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=tree,
        env={"PYTHONPATH": str(tree), "PATH": "", "COLUMNS": "200"},
        capture_output=True,
        check=False,
        text=True,
    )
    found = set(re.findall(r"^(.+) BROKEN", done.stdout, re.MULTILINE))
    assert done.returncode == bool(found), done.stdout + done.stderr
    return found


@pytest.fixture
def tree(tmp_path):
    """Make a project with every module the rules name, each of them empty."""
    shutil.copy(CONFIG, tmp_path)
    for name in TREE:
        path = tmp_path / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return tmp_path


def outside(path):
    """List the libraries a module imports: neither Python's nor the project's."""
    return {name.split(".")[0] for name in imports_of(path)} - sys.stdlib_module_names - OWN


def test_a_clean_tree_breaks_no_rule(tree):
    assert broken(tree) == set()


def test_every_rule_has_an_offence_that_shows_it():
    assert set(OFFENCES) == set(rules())


@pytest.mark.parametrize("rule", OFFENCES)
def test_a_rule_goes_red(rule, tree):
    path, imported = OFFENCES[rule]
    (tree / path).write_text(f"import {imported}\n", encoding="utf-8")

    assert rules()[rule] in broken(tree)


@pytest.mark.parametrize("prefix", LIBRARIES)
def test_the_inner_parts_use_only_their_libraries(prefix):
    strangers = {
        name_of(path): outside(path) - LIBRARIES[prefix]
        for path in modules("contracts", "huxin_client", "services")
        if next((known for known in LIBRARIES if name_of(path).startswith(known)), None) == prefix
    }

    assert not {name: found for name, found in strangers.items() if found}


def declared_in(requirements):
    return {
        re.split(r"[\[<>=~ ]", line)[0].lower().replace("_", "-")
        for line in (ROOT / requirements).read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    }


def test_every_library_that_is_imported_is_declared():
    always = declared_in("requirements/base.in")
    distributions = packages_distributions()

    for path in modules("contracts", "huxin_client", "services"):
        extra = OF_AN_EXTRA.get(name_of(path))
        declared = always | (declared_in(extra) if extra else set())
        for library in outside(path):
            found = distributions.get(COMES_WITH.get(library, library), ())
            names = {name.lower().replace("_", "-") for name in found}
            assert names & declared, f"{name_of(path)} imports {library}"
