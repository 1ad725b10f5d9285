"""The client library's examples do their work at a running alliance."""

import json
import os
import subprocess
import sys

import pytest
from joserfc.jwk import OKPKey

from services.cli.demo.world import FUZHOU, HANGZHOU
from services.plumbing.clock import utc_now
from tests.e2e.people import SHANGHAI, offer_of, open_shop, until, visit

pytestmark = pytest.mark.gateway

PATIENCE_SECONDS = 60


def run(example, *words, said="", **secrets):
    return subprocess.run(
        [sys.executable, "-m", f"huxin_client.examples.{example}", *words],
        input=said,
        env={**os.environ, **secrets},
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )


def test_an_app_takes_an_incentive_and_the_till_redeems_its_pass_once(alliance):
    shop = open_shop(alliance)
    until(bool, lambda: offer_of(visit(alliance).door, shop))
    home, host = alliance.world.cities[FUZHOU], alliance.world.cities[HANGZHOU]
    resident = alliance.newcomer_token(FUZHOU)

    taken = run(
        "app",
        *("--home", home.url, "--host", host.url, "--host-city", HANGZHOU),
        *("--purpose", "transport", "--purpose", "sports", "--incentive", shop.incentive_id),
        HUXIN_IDENTITY_TOKEN=resident,
    )
    assert taken.returncode == 0, taken.stderr
    assert f"+ {shop.incentive_id}" in taken.stdout
    token = taken.stdout.splitlines()[-1]
    client_id, secret = shop.credentials
    used = run(
        "till",
        *("--gateway", host.url, "--client-id", client_id),
        said=f"{token}\n{token}\nno-pass\n",
        HUXIN_CLIENT_SECRET=secret,
    )

    assert used.returncode == 0, used.stderr
    first, second, third = used.stdout.splitlines()
    assert first.startswith(f"YES {shop.incentive_id} ")
    assert first.endswith("left: 0")
    assert second.startswith("NO  ordinary_terms")
    assert third == second


def test_a_partner_city_sees_its_standing_and_the_month(alliance):
    period = utc_now().astimezone(SHANGHAI).strftime("%Y-%m")
    key = alliance.world.cities[FUZHOU].keys / "transport.jwk"

    seen = run(
        "partner",
        *("--gateway", alliance.world.cities[HANGZHOU].url, "--key", str(key)),
        *("--period", period, "--home", FUZHOU, "--host", HANGZHOU),
    )

    assert seen.returncode == 0, seen.stderr
    assert seen.stdout.startswith(f"{FUZHOU} online\nissued ")


def test_a_city_without_a_key_of_the_roster_is_told_so(alliance, tmp_path):
    stray = tmp_path / "stray.jwk"
    stray.write_text(json.dumps(OKPKey.generate_key("Ed25519").as_dict(private=True)))

    seen = run(
        "partner",
        *("--gateway", alliance.world.cities[HANGZHOU].url, "--key", str(stray)),
        *("--period", "2026-11", "--home", FUZHOU, "--host", HANGZHOU),
    )

    assert seen.returncode == 1
    assert seen.stderr.startswith("bad_signature: ")
