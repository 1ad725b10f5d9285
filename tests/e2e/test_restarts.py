"""Crashes in the middle of the work: nothing is lost, nothing happens twice."""

import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from services.cli.demo.operator import Operator
from services.cli.demo.world import FUZHOU, HANGZHOU
from tests.e2e.conftest import EMBEDDED, PRODUCTION, SERVERS
from tests.e2e.load import Stream, redeem, take
from tests.e2e.people import ended, insist, offer_of, open_shop, settled, until, visit
from tests.e2e.runtimes import HUXIN
from tests.servers.process import free_port

QUOTA = 80
PATIENCE_SECONDS = 240
NODE = "the node"
WHAT_CRASHES = [
    (EMBEDDED, NODE),
    pytest.param(PRODUCTION, NODE, marks=SERVERS),
    pytest.param(PRODUCTION, "rabbitmq", marks=SERVERS),
    pytest.param(PRODUCTION, "postgresql", marks=SERVERS),
]


@pytest.fixture
def crash(request, alliance):
    """Crash something the host rests on and start it again."""
    if request.param == NODE:

        def crash_and_start():
            alliance.kill(HANGZHOU)
            alliance.restart(HANGZHOU)

        return crash_and_start
    server = alliance.runtime.servers[request.param]

    def crash_and_start_server():
        server.kill()
        server.restart()

    return crash_and_start_server


@pytest.fixture
def stream(alliance, crash):
    shop = open_shop(alliance, quota={"count": QUOTA, "period": "month"})
    with ThreadPoolExecutor(4) as threads:
        visitors = list(threads.map(lambda _: visit(alliance), range(4)))
    stream = Stream(shop, visitors, "quota_exhausted")
    stream.run_through(crash, after=QUOTA // 4)
    return stream


@pytest.mark.parametrize(("alliance", "crash"), WHAT_CRASHES, indirect=True, scope="session")
def test_a_crash_under_load_loses_nothing_and_doubles_nothing(alliance, stream):
    given = {key: answer for key, (_, answer) in stream.grants.items() if answer.ok}
    refused = [answer.code for _, answer in stream.grants.values() if not answer.ok]
    used = {key: answer for key, (_, answer) in stream.redemptions.items() if answer.ok}

    # each id was answered, exactly the quota was given, and each pass was good once
    assert len(given) == QUOTA
    assert set(refused) == {"quota_exhausted"}
    assert len(used) == len(stream.redemptions) == QUOTA

    # a repeat finds what the client was told
    for grant_id, (visitor, answer) in stream.grants.items():
        again = take(visitor.door, grant_id, stream.shop)
        assert again.code == answer.code
        if answer.ok:
            redeemed = {"state": "redeemed", "uses_left": 0, "left_fen": 0}
            redeemed |= {"pass_token": None, "pass_until": None}
            assert again.body == answer.body | redeemed
    till = stream.till()
    for redemption_id, (pass_token, answer) in stream.redemptions.items():
        assert redeem(till, redemption_id, pass_token).body == answer.body

    # the holders see their own grants, all of them
    listed = [
        grant["grant_id"]
        for visitor in stream.visitors
        for grant in insist(lambda door=visitor.door: door.get("/v1/grants"))["grants"]
    ]
    assert sorted(listed) == sorted(map(str, given))

    # both cities' books say what the clients saw
    lines = settled(alliance, stream.shop, FUZHOU, HANGZHOU)
    issued = [line["grant_id"] for line in lines if line["fact"] == "issued"]
    redeemed = [line["grant_id"] for line in lines if line["fact"] == "redeemed"]
    assert sorted(issued) == sorted(redeemed) == sorted(map(str, given))
    assert len(lines) == 2 * QUOTA

    # the read side comes to know
    until(
        lambda offer: offer["reasons"] == ["quota_exhausted"],
        lambda: offer_of(stream.visitors[0].door, stream.shop),
    )


def test_what_was_promised_before_a_crash_holds_after_it(alliance):
    shop, visitor = open_shop(alliance), visit(alliance)
    grant = visitor.take(shop.incentive_id)
    consents = visitor.app.home.get("/v1/consents").body
    roster = alliance.world.door(FUZHOU).get("/v1/roster").content
    for city in (FUZHOU, HANGZHOU):
        alliance.kill(city)
    for city in (FUZHOU, HANGZHOU):
        alliance.start_city(city)
    for city in (FUZHOU, HANGZHOU):
        alliance.wait_until_ready(city)

    # consents and roster at home; session, grant, client and its token at the host
    assert visitor.app.home.get("/v1/consents").body == consents
    assert alliance.world.door(FUZHOU).get("/v1/roster").content == roster
    kept = visitor.door.get(f"/v1/grants/{grant['grant_id']}").body
    fresh = {name: kept[name] for name in ("pass_token", "pass_until")}
    assert kept == grant.body | fresh
    assert shop.operator.redeem(grant["pass_token"]).ok
    signed_in_again = Operator(shop.operator.door.url, "", *shop.credentials)
    assert signed_in_again.redeem(visitor.take(shop.incentive_id)["pass_token"]).ok


def test_a_withdrawal_reaches_the_host_though_both_cities_crash_meanwhile(alliance):
    shop, visitor = open_shop(alliance), visit(alliance)
    grant = visitor.take(shop.incentive_id)
    alliance.kill(HANGZHOU)
    assert visitor.app.withdraw(visitor.consent_id).ok
    alliance.kill(FUZHOU)

    alliance.restart(HANGZHOU)
    assert visitor.door.get(f"/v1/grants/{grant['grant_id']}")["state"] == "open"
    alliance.restart(FUZHOU)

    assert ended(visitor, grant)["ended_reason"] == "consent_withdrawn"
    assert take(visitor.door, uuid4(), shop).code == "recognition_ended"


@pytest.mark.parametrize("alliance", [EMBEDDED], indirect=True, scope="session")
def test_a_node_that_runs_lets_commands_at_its_files_and_no_second_node(alliance):
    settings = alliance.sandbox.settings[FUZHOU]

    def huxin(*words):
        return subprocess.run(
            [HUXIN, *words, "--settings", settings],
            env=os.environ | {"HUXIN_HTTP_PORT": str(free_port())},
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )

    second, parked = huxin("up"), huxin("parked", "list", "scenarios")

    assert second.returncode == 1
    (line,) = second.stderr.splitlines()
    file = settings.parent / "data/recognition.db"
    assert line.startswith(f"huxin: {file}: a node runs on this file already; stop it first")
    assert parked.returncode == 0
    assert alliance.is_ready(FUZHOU)
