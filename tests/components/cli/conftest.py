"""The command line in this process, and a sandbox of three cities to use it on."""

import pytest
import requests
from typer.testing import CliRunner

from services.cli.commands import app
from services.cli.demo.world import FUZHOU
from services.cli.sandbox import gateway_urls, make_sandbox
from services.plumbing.clock import utc_now
from services.plumbing.database import close_database
from tests.components.cli.callers import TOKEN, Gateway


@pytest.fixture
def huxin(monkeypatch):
    """Run `huxin` with these words; HUXIN_* of the surroundings does not matter."""
    monkeypatch.setenv("COLUMNS", "300")

    def run(*words, said=None, **environ):
        runner = CliRunner(env={"HUXIN_SETTINGS": None, **environ})
        return runner.invoke(app, [*map(str, words)], input=said)

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


@pytest.fixture
def gateway(monkeypatch):
    """A gateway that gives every operator a token; what else it says the test tells it."""
    told = Gateway()
    told.says("POST /v1/oauth/token", TOKEN)
    monkeypatch.setattr(
        requests.Session, "send", lambda _session, *asked, **o: told.send(*asked, **o)
    )
    return told
