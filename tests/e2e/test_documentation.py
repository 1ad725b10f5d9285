"""What the documentation page shows is run to the letter, on the running alliance."""

import json
import os
import subprocess
import sys
from datetime import timedelta
from uuid import uuid4

import pytest
import requests
from joserfc.jwk import ECKey

from contracts.journeys import STEPS
from contracts.journeys.variables import VARIABLES
from huxin_client import HolderKey
from services.cli.demo.world import FUZHOU, HANGZHOU
from services.plumbing.clock import utc_now
from tests.e2e.people import until

pytestmark = pytest.mark.gateway

PATIENCE_SECONDS = 240


@pytest.fixture
def variables(alliance, tmp_path):
    """What whoever copies the commands has at the outset; ids are their own choice."""
    world = alliance.world
    host = world.cities[HANGZHOU]
    shop = f"shop-{uuid4().hex[:12]}"
    names = {"name": "一家店", "name_en": "A shop"}
    admitted = world.administrator(HANGZHOU).put(f"/v1/operators/{shop}", names)
    key = ECKey.generate_key("P-256")
    key_file = tmp_path / "holder.jwk"
    key_file.write_text(json.dumps(key.as_dict(private=True)))
    return {
        "HOST_GATEWAY": host.url,
        "HOME_GATEWAY": world.cities[FUZHOU].url,
        "HOST_CITY": HANGZHOU,
        "CLIENT_ID": admitted["client_id"],
        "CLIENT_SECRET": admitted["client_secret"],
        "ADMINISTRATOR_TOKEN": host.identity.administrator_token(host.url),
        "IDENTITY_TOKEN": alliance.newcomer_token(FUZHOU),
        "SCENARIO_ID": shop,
        "INCENTIVE_ID": shop,
        "UNTIL": (utc_now() + timedelta(days=30)).isoformat().replace("+00:00", "Z"),
        "HOLDER_KEY": json.dumps(HolderKey(key).public),
        "HOLDER_KEY_FILE": str(key_file),
        "TRANSPORT_KEY_FILE": str(world.cities[FUZHOU].keys / "transport.jwk"),
        **{
            name: str(uuid4())
            for name in ("CONSENT_ID", "ATTESTATION_ID", "GRANT_ID", "REDEMPTION_ID")
        },
    }


def run(step, variables):
    """Type the command; return the answer that it prints."""
    shell = [sys.executable, "-c"] if step.program else ["bash", "-euc"]
    done = subprocess.run(
        [*shell, step.command],
        env={"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], **variables},
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def is_over(answer):
    return answer.get("status") != 503  # which says itself that repeating is safe


def test_every_command_of_the_journey_does_what_it_says(variables):
    kept = {name for step in STEPS for name in step.keeps}
    assert variables.keys() | kept == VARIABLES.keys()
    answers = {}
    for step in STEPS:
        answer = until(is_over, lambda step=step: run(step, variables))
        assert "next_step" not in answer, (step.operation_id, answer)
        for name, place in step.keeps.items():
            value = answer
            for part in place.split("."):
                value = value[part]
            variables[name] = str(value)
        answers[step.operation_id] = answer

    offered = {each["incentive_id"] for each in answers["show_eligibility"]["offers"]}
    assert variables["INCENTIVE_ID"] in offered
    assert answers["redeem_pass"]["uses_left"] == 0
    assert answers["show_membership"] == {"city": FUZHOU, "state": "online"}
    assert answers["show_counters"]["counters"]


def test_the_page_shows_these_commands_in_either_language(alliance):
    url = alliance.world.cities[HANGZHOU].url + "/v1/docs"
    pages = [
        requests.get(url, headers={"Accept-Language": language}, timeout=PATIENCE_SECONDS)
        for language in ("zh", "en")
    ]

    assert [page.headers["Content-Language"] for page in pages] == ["zh", "en"]
    for step in STEPS:
        first = step.command.splitlines()[0].replace('"', "&#34;").replace("'", "&#39;")
        assert all(first in page.text for page in pages)
