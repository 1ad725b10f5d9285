"""The command line in this process, and a sandbox of three cities to use it on."""

import pytest
from typer.testing import CliRunner

from services.cli.commands import app
from services.cli.demo.world import FUZHOU
from services.cli.sandbox import gateway_urls, make_sandbox
from services.plumbing.clock import utc_now
from services.plumbing.database import close_database


@pytest.fixture
def huxin(monkeypatch):
    """Run `huxin` with these words; HUXIN_* of the surroundings does not matter."""
    monkeypatch.setenv("COLUMNS", "300")

    def run(*words, **environ):
        return CliRunner(env={"HUXIN_SETTINGS": None, **environ}).invoke(app, [*map(str, words)])

    return run


@pytest.fixture
def sandbox(tmp_path):
    return make_sandbox(tmp_path / "cities", gateway_urls(8331), utc_now())


@pytest.fixture
def settings(sandbox):
    """Return the settings file of Fuzhou's node."""
    file = sandbox.settings[FUZHOU]
    yield file
    for name in ("recognition", "scenarios", "gateway"):
        close_database(f"sqlite:///{file.parent}/data/{name}.db")
