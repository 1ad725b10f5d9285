"""Others' linters have nothing to say about the OpenAPI and the AsyncAPI document.

Redocly by `recommended`, AsyncAPI's own command line; whatever they
report fails, hints as well.
"""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.foreign.conftest import install

pytestmark = pytest.mark.gateway

HERE = Path(__file__).with_name("descriptions")
CONTRACTS = Path(__file__).parents[2] / "contracts"
OPENAPI, ASYNCAPI = CONTRACTS / "openapi.json", CONTRACTS / "asyncapi.json"
QUIET = {"CI": "true", "SUPPRESS_NO_CONFIG_WARNING": "1"}  # CI: it reports no use of itself


@pytest.fixture(scope="module", autouse=True)
def linters():
    install(HERE)


def run(home, *command):
    """Run a linter with a home of its own, where it may leave what it likes."""
    environment = {**os.environ, **QUIET, "HOME": str(home)}
    return subprocess.run(
        command, cwd=HERE, env=environment, capture_output=True, text=True, check=False
    )


def redocly(home, document):
    return run(home, "node", "openapi.mjs", document, "redocly.yaml")


def asyncapi(home, document):
    return run(home, "node", "asyncapi.cjs", document, "--fail-severity", "hint")


LINTERS = [(redocly, OPENAPI), (asyncapi, ASYNCAPI)]
UNDONE = {
    OPENAPI: {"openapi": "3.1.0", "info": {"title": "No version"}, "paths": {}},
    ASYNCAPI: {"asyncapi": "3.1.0", "info": {"title": "No version"}, "channels": {}},
}


@pytest.mark.parametrize(("linter", "document"), LINTERS)
def test_a_linter_has_nothing_to_say(linter, document, tmp_path):
    found = linter(tmp_path, document)

    assert found.returncode == 0, found.stdout + found.stderr


@pytest.mark.parametrize(("linter", "document"), LINTERS)
def test_a_linter_sees_what_is_missing(linter, document, tmp_path):
    undone = tmp_path / document.name
    undone.write_text(json.dumps(UNDONE[document]), encoding="utf-8")

    found = linter(tmp_path, undone)

    assert found.returncode == 1, found.stdout + found.stderr
    assert "version" in found.stdout + found.stderr
