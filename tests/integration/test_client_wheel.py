"""The client library goes to those who run no node, in a wheel that needs what it says it needs."""

import re
import subprocess
import sys
from importlib.metadata import packages_distributions, requires
from zipfile import ZipFile

import pytest

from tests.architecture.sources import ROOT

pytestmark = pytest.mark.gateway

PATIENCE_SECONDS = 300
OWN = {"contracts", "huxin_client"}
LOOK = """
import importlib, pkgutil, sys
before = set(sys.modules)
sys.path[:0] = {path!r}
import contracts, huxin_client
for package in (contracts, huxin_client):
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        importlib.import_module(module.name)
files = [each.__file__ for each in (contracts, huxin_client)]
names = {{name.partition(".")[0] for name in set(sys.modules) - before}}
print(*files, *(names - sys.stdlib_module_names), sep="\\n")
"""


@pytest.fixture(scope="module")
def wheel():
    subprocess.run(
        ["make", "client"], cwd=ROOT, check=True, capture_output=True, timeout=PATIENCE_SECONDS
    )
    (built,) = (ROOT / "build/client").glob("*.whl")
    return built


def declared(wheel):
    """Read what the wheel says it needs: always, or with its extra."""
    with ZipFile(wheel) as files:
        (metadata,) = (name for name in files.namelist() if name.endswith("/METADATA"))
        text = files.read(metadata).decode()
    return set(re.findall(r"^Requires-Dist: ([\w.-]+)", text, re.MULTILINE))


def closure(names):
    """Return these distributions and all that they need in turn."""
    found, left = set(), {normal(name) for name in names}
    while left:
        name = left.pop()
        found.add(name)
        needed = [each for each in requires(name) or () if "extra ==" not in each]
        left |= {normal(re.match(r"[\w.-]+", each)[0]) for each in needed if here(each)} - found
    return found


def here(requirement):
    """Whether a requirement is installed here; some are for other systems."""
    name = normal(re.match(r"[\w.-]+", requirement)[0])
    return name in {normal(each) for all_ in packages_distributions().values() for each in all_}


def normal(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_module_of_the_wheel_is_imported_by_what_the_wheel_says_it_needs(wheel, tmp_path):
    with ZipFile(wheel) as files:
        files.extractall(tmp_path)
    libraries = [each for each in sys.path if each.endswith("site-packages")]

    seen = subprocess.run(
        [sys.executable, "-I", "-S", "-c", LOOK.format(path=[str(tmp_path), *libraries])],
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE_SECONDS,
    )

    *files, imported = seen.stdout.split("\n", 2)
    assert all(file.startswith(str(tmp_path)) for file in files)
    distributions = {
        normal(each)
        for name in set(imported.split()) - OWN
        for each in packages_distributions().get(name, ())
    }
    assert distributions <= closure(declared(wheel))
    assert not distributions & {"falcon", "nameko", "kombu", "sqlalchemy", "eventlet", "apispec"}


def test_types_are_told_to_those_who_install_it(wheel):
    with ZipFile(wheel) as files:
        assert {f"{name}/py.typed" for name in OWN} <= set(files.namelist())
