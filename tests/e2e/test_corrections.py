"""What home takes back or corrects takes effect in the host's whole node, and home is told."""

from datetime import datetime
from functools import partial
from uuid import uuid4

import pytest

from services.cli.demo.world import FUZHOU, HANGZHOU
from tests.e2e.conftest import PRODUCTION, SERVERS
from tests.e2e.people import ended, insist, open_shop, settled, until, visit
from tests.e2e.storage import effects

pytestmark = pytest.mark.recognition


def test_home_is_told_when_a_withdrawal_took_effect(alliance):
    known = effects(alliance, FUZHOU).keys()
    shop, visitor = open_shop(alliance), visit(alliance)
    grant = visitor.take(shop.incentive_id)

    assert visitor.app.withdraw(visitor.consent_id).ok

    took = applied(alliance, known)
    assert ended(visitor, grant)["ended_reason"] == "consent_withdrawn"
    print(f"withdrawn, in effect in the host, told at home: {took:.2f} s")  # noqa: T201 - measured


def test_a_disputed_fact_does_not_count_at_the_host_until_it_is_upheld_or_repaired(alliance):
    shop = open_shop(alliance, minimum_tier=3)
    app = alliance.newcomer_with_a_fact()
    visitor = visit(alliance, app=app)
    official = alliance.world.administrator(FUZHOU)
    [fact] = app.home.get("/v1/facts")["facts"]
    dispute, repair = f"/v1/disputes/{uuid4()}", f"/v1/repairs/{uuid4()}"
    assert visitor.take(shop.incentive_id).code == "tier_below_minimum"

    # while it is disputed the fact has no effect, and nobody presents anything again
    opened = {"ground": "not_mine", "fact_id": fact["fact_id"]}
    assert app.home.put(dispute, opened).ok
    assert shown(visitor, 4)
    grant = until(lambda taken: taken.ok, lambda: visitor.take(shop.incentive_id))

    # it is upheld: the grant goes back, and home hears that it did
    assert official.put(f"{dispute}/decision", {"outcome": "upheld", "note": "so it is"}).ok
    assert ended(visitor, grant)["ended_reason"] == "correction"
    assert shown(visitor, 2)
    upheld = converged(app, "/v1/disputes", "disputes")

    # it is repaired: the grant is open again, for what is left of its time
    assert app.home.put(repair, {"fact_id": fact["fact_id"]}).ok
    assert official.put(f"{repair}/decision", {"outcome": "completed"}).ok
    path = f"/v1/grants/{grant['grant_id']}"
    until(lambda answer: answer["state"] == "open", lambda: visitor.door.get(path))
    repaired = converged(app, "/v1/repairs", "repairs")
    assert shop.operator.redeem(visitor.door.get(path)["pass_token"]).ok

    lines = settled(alliance, shop, FUZHOU, HANGZHOU)
    facts = [line["fact"] for line in sorted(lines, key=lambda line: line["at"])]
    assert facts == ["issued", "revoked", "restored", "redeemed"]
    print(f"upheld {upheld:.2f} s, repaired {repaired:.2f} s")  # noqa: T201 - measured


@pytest.mark.parametrize(
    "alliance", [pytest.param(PRODUCTION, marks=SERVERS)], indirect=True, scope="session"
)
def test_while_scenarios_is_down_nothing_is_told_and_nothing_is_lost(alliance):
    known = effects(alliance, FUZHOU).keys()
    shop, visitor = open_shop(alliance), visit(alliance)
    grant = visitor.take(shop.incentive_id)
    alliance.kill_process(HANGZHOU, "scenarios")
    assert visitor.app.withdraw(visitor.consent_id).ok
    # the read side has heard of it, so recognition has announced it
    until(
        lambda shown: shown.code == "recognition_ended",
        lambda: visitor.door.get("/v1/eligibility"),
    )
    assert None in new(alliance, known)

    alliance.start_process(HANGZHOU, "scenarios")

    applied(alliance, known)
    assert ended(visitor, grant)["ended_reason"] == "consent_withdrawn"


def new(alliance, known):
    """Return for each notice of Fuzhou since then how long its effect took; None: not yet."""
    return [took for notice, took in effects(alliance, FUZHOU).items() if notice not in known]


def applied(alliance, known):
    """Wait until every new notice took effect; return how long the slowest took."""
    took = until(lambda took: took and None not in took, lambda: new(alliance, known))
    return max(took)


def shown(visitor, tier):
    """Wait until the read side shows a tier, in the session that was there before."""
    ask = partial(insist, lambda: visitor.door.get("/v1/eligibility"))
    return until(lambda answer: answer["tier"] == tier, ask)


def converged(app, path, name):
    """Wait until the only case of a list converged; return how long after its end that was."""

    def case():
        [only] = app.home.get(path)[name]
        return only

    settled_case = until(lambda case: case["converged_at"], case)
    closed_at, converged_at = (
        datetime.fromisoformat(settled_case[moment]) for moment in ("closed_at", "converged_at")
    )
    return (converged_at - closed_at).total_seconds()
