"""By commands alone: a resident consents, attests, presents and takes; an operator redeems."""

import json
import os
import subprocess
from uuid import uuid4

import pytest

from services.cli.demo.operator import accept
from services.cli.demo.world import FUZHOU, HANGZHOU
from services.plumbing.clock import utc_now
from tests.e2e.people import SHANGHAI, until
from tests.e2e.runtimes import HUXIN

pytestmark = pytest.mark.gateway

PATIENCE_SECONDS = 240  # a node's commands import the whole of it
NOWHERE = "http://127.0.0.1:1"
OFFER = """\
scenarios:
  - scenario_id: {id}
    name: 一家店
    name_en: A shop
    category: sports
    incentives:
      - incentive_id: {id}
        title: 一份权益
        title_en: A benefit
        benefit: {{type: voucher, face_fen: 100}}
        minimum_tier: 3
        per_holder: {{count: 1, period: year}}
"""


@pytest.fixture
def huxin(tmp_path):
    def run(*words, said="", **environ):
        return subprocess.run(
            [HUXIN, *map(str, words)],
            input=said,
            env=os.environ | {"XDG_CONFIG_HOME": str(tmp_path), "COLUMNS": "200"} | environ,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )

    return run


@pytest.fixture
def tell(huxin):
    """Run a command that ends well, and read its records."""

    def run(*words, **more):
        done = huxin(*words, "--json", **more)
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    return run


def test_the_whole_way_from_consent_to_statement_is_gone_by_commands(
    alliance, huxin, tell, tmp_path
):
    official = alliance.world.administrator(HANGZHOU)
    home, host = (alliance.world.cities[city].url for city in (FUZHOU, HANGZHOU))
    shop_id = f"shop-{uuid4().hex[:12]}"
    admitted = official.put(f"/v1/operators/{shop_id}", {"name": "一家店", "name_en": "A shop"})
    file = tmp_path / "offer.yaml"
    file.write_text(OFFER.format(id=shop_id), encoding="utf-8")
    place = ("--gateway", host, "--client-id", admitted["client_id"])

    wrong = huxin("operator", "login", *place, said="wrong\n")
    login = huxin("operator", "login", *place, said=admitted["client_secret"])
    submitted = tell("operator", "offer", file)
    (draft,) = tell("operator", "incentives")
    assert accept(official, draft)["state"] == "published"

    assert (wrong.returncode, "huxin operator login" in wrong.stderr) == (1, True)
    assert (login.returncode, admitted["client_secret"] in login.stdout) == (0, False)
    assert [each["word"] for each in submitted] == ["as in the file", "new"]

    resident = {"HUXIN_IDENTITY_TOKEN": alliance.newcomer_token(FUZHOU)}
    purposes = ("--purpose", "sports", "--home", home, "--yes")
    (consent,) = tell("app", "consent", HANGZHOU, *purposes, **resident)
    tell("app", "attest", HANGZHOU, **resident)
    (recognised,) = tell("app", "present", HANGZHOU, "--host", host)
    until(lambda offers: shop_id in offers, lambda: may_take(tell("app", "eligibility")))
    (grant,) = tell("app", "take", shop_id)
    (shown,) = tell("app", "pass", grant["grant_id"])
    (decided,) = tell("app", "decision")

    assert consent["state"] == "live"
    assert recognised["home"] == FUZHOU
    assert decided["decision_id"] == grant["grant_id"]

    (due,) = tell("operator", "redeem", "-", said=shown["pass_token"])
    again = huxin("operator", "redeem", "-", said=shown["pass_token"])
    month = utc_now().astimezone(SHANGHAI).strftime("%Y-%m")
    lines = tell("operator", "statement", month)

    assert due["given_fen"] == 100
    assert (again.returncode, again.stderr.startswith("huxin: ordinary_terms")) == (1, True)
    assert {line["fact"] for line in lines} == {"issued", "redeemed"}


def may_take(offers):
    return {each["incentive_id"] for each in offers if each["eligible"]}


def test_a_city_asks_its_partner_by_commands(alliance, tell):
    settings = alliance.sandbox.settings[FUZHOU]
    surroundings = alliance.runtime.environment(FUZHOU)

    (standing,) = tell("partner", "membership", HANGZHOU, "--settings", settings, **surroundings)

    assert (standing["city"], standing["state"]) == (FUZHOU, "online")


def test_that_the_gateway_is_away_is_said_in_words_and_by_the_exit_code(huxin):
    me = {"HUXIN_GATEWAY": NOWHERE, "HUXIN_CLIENT_ID": "shop", "HUXIN_CLIENT_SECRET": "s-e-c"}
    redemption_id = uuid4()

    answer = huxin("operator", "redeem", "a.b.c", "--id", redemption_id, **me)

    assert answer.returncode == 3
    assert "no answer: " in answer.stderr
    assert "Traceback" not in answer.stderr
    assert "s-e-c" not in answer.stderr
