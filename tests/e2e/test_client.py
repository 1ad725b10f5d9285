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

PATIENCE_SECONDS = 240
NOWHERE = "http://127.0.0.1:1"


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


def take(alliance, shop):
    """Take an offer by the app, as a resident who is new; return the pass."""
    cities = alliance.world.cities
    taken = run(
        "app",
        *("--home", cities[FUZHOU].url, "--host", cities[HANGZHOU].url, "--host-city", HANGZHOU),
        *("--purpose", "transport", "--purpose", "sports", "--incentive", shop.incentive_id),
        HUXIN_IDENTITY_TOKEN=alliance.newcomer_token(FUZHOU),
    )
    assert taken.returncode == 0, taken.stderr
    assert f"+ {shop.incentive_id}" in taken.stdout
    return taken.stdout.splitlines()[-1]


@pytest.fixture
def shop(alliance):
    shop = open_shop(alliance)
    until(bool, lambda: offer_of(visit(alliance).door, shop))
    return shop


@pytest.fixture
def scan(shop, tmp_path):
    """Scan passes at the shop's till, which keeps the keys of its city."""

    def scan(gateway, *passes):
        client_id, secret = shop.credentials
        return run(
            "till",
            *("--gateway", gateway, "--client-id", client_id),
            *("--keys", str(tmp_path / "pass-keys.json")),
            said="".join(f"{each}\n" for each in passes),
            HUXIN_CLIENT_SECRET=secret,
        )

    return scan


def test_an_app_takes_an_incentive_and_the_till_redeems_its_pass_once(alliance, shop, scan):
    token = take(alliance, shop)

    used = scan(alliance.world.cities[HANGZHOU].url, token, token, "no-pass")

    assert used.returncode == 0, used.stderr
    first, second, third = used.stdout.splitlines()
    assert first.startswith(f"YES {shop.incentive_id} ")
    assert first.endswith("left: 0")
    assert second.startswith("NO  ordinary_terms")
    assert third == second


def test_a_till_serves_while_the_gateway_is_away_and_redeems_later(alliance, shop, scan):
    here = alliance.world.cities[HANGZHOU].url
    assert scan(here).returncode == 0, "it keeps the keys"
    token = take(alliance, shop)

    alone = scan(NOWHERE, token, token, "no-pass")
    later = scan(here, token)

    assert alone.returncode == 1, alone.stderr
    served, seen, unknown, left = alone.stdout.splitlines()
    assert served == f"OK  offline {shop.incentive_id} voucher"
    assert (seen, unknown) == ("NO  offline seen", "NO  offline unknown")
    assert left.startswith("??  redeem again as ")
    assert later.stdout.startswith(f"YES {shop.incentive_id} ")


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
