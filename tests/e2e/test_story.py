"""The story of the demo holds on both runtimes, and leaves no trace of what must stay at home."""

import io
import json
from dataclasses import dataclass

import pytest
from rich.console import Console

from services.cli.demo.script import Script
from services.cli.demo.story import Story
from tests.e2e.runtimes import Alliance


@dataclass(frozen=True)
class Machines:
    """A city whose machines lose their power, and get it back."""

    alliance: Alliance

    def stop(self, city: str) -> None:
        self.alliance.kill(city)

    def start(self, city: str) -> None:
        self.alliance.restart(city)


@pytest.fixture(scope="session")
def script(alliance: Alliance) -> Script:
    script = Script(Console(file=io.StringIO(), width=200))
    Story(alliance.world, Machines(alliance), script).play()
    return script


def test_every_step_of_the_story_holds(script):
    broken = [f"{step.number} {step.en}: {step.seen}" for step in script.steps if not step.held]

    assert len(script.steps) > 45
    assert not broken


def test_no_log_holds_a_civil_id_or_a_bearer_token(alliance, script):
    assert script.steps
    logs = alliance.logs()

    for person in alliance.world.people.values():
        assert person.civil_id not in logs
    assert "Bearer " not in logs
    assert "eyJ" not in logs  # the start of every JWT


def test_what_a_node_logs_is_one_json_object_a_line(alliance, script):
    assert script.steps
    lines = [
        line for line in alliance.logs().splitlines() if line and not line.startswith("huxin:")
    ]

    assert [line for line in lines if not line.startswith("{")] == []
    assert all(isinstance(json.loads(line), dict) for line in lines)
