"""What home takes back or corrects takes effect in the host's whole node, and home is told."""

import pytest

from services.cli.demo.world import FUZHOU, HANGZHOU
from tests.e2e.conftest import PRODUCTION, SERVERS
from tests.e2e.people import ended, open_shop, until, visit
from tests.e2e.storage import effects


def test_home_is_told_when_a_withdrawal_took_effect(alliance):
    known = effects(alliance, FUZHOU).keys()
    shop, visitor = open_shop(alliance), visit(alliance)
    grant = visitor.take(shop.incentive_id)

    assert visitor.app.withdraw(visitor.consent_id).ok

    took = applied(alliance, known)
    assert ended(visitor, grant)["ended_reason"] == "consent_withdrawn"
    print(f"withdrawn, in effect in the host, told at home: {took:.2f} s")  # noqa: T201 - measured


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
