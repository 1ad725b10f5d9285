"""The compose file is valid, and tells every part of a node what its settings ask for."""

import shutil
import subprocess
from dataclasses import MISSING, fields
from pathlib import Path

import pytest
import yaml

from services.cli.parts import PARTS
from services.gateway.settings import GatewaySettings
from tests.servers.process import Missing

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def compose():
    """Return the file as compose itself reads it."""
    if shutil.which("docker-compose"):
        command = ["docker-compose"]
    elif shutil.which("docker") and works(["docker", "compose", "version"]):
        command = ["docker", "compose"]
    else:
        raise Missing("docker-compose is missing: run deploy/install-test-servers")
    settings = ["--env-file", str(ROOT / "deploy/example.env")]
    shown = subprocess.run(
        [*command, *settings, "config"], cwd=ROOT, check=False, capture_output=True, text=True
    )
    assert shown.returncode == 0, shown.stderr
    return yaml.safe_load(shown.stdout)


def works(command):
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def test_every_part_of_a_node_is_a_service_of_the_compose_file(compose):
    commands = [service.get("command") or [] for service in compose["services"].values()]

    started = {command[1] for command in commands if command[:1] == ["run"]}

    assert started == {*PARTS, "gateway"}


@pytest.mark.parametrize("part", [*PARTS, "gateway"])
def test_a_part_is_given_every_setting_it_cannot_do_without(compose, part):
    given = compose["services"][part]["environment"]
    settings = PARTS[part].settings if part in PARTS else GatewaySettings

    needed = {
        f"HUXIN_{field.name.upper()}" for field in fields(settings) if field.default is MISSING
    }

    assert needed <= given.keys()


def test_no_part_runs_as_root_or_writes_to_its_image(compose):
    image = (ROOT / "deploy/Dockerfile").read_text()

    assert "\nUSER huxin\n" in image
    assert all(compose["services"][part]["read_only"] for part in [*PARTS, "gateway"])
