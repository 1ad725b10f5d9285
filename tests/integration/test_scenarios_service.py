"""The scenarios service on a bus: commands are answered, events heard, refusals cross whole."""

import time
import uuid
from collections.abc import Iterator
from contextlib import suppress
from types import SimpleNamespace

import pytest

from contracts.errors import Malformed, Refused, Unavailable
from contracts.periods import period_name
from contracts.scenarios import DrawStatement, ListGrants, ShowGrant
from contracts.words import GrantState, Period
from services.cli.new_keys import NewKey, make_key
from services.plumbing.broker.transport import forget
from services.plumbing.bus import Bus
from services.plumbing.clock import utc_now
from services.plumbing.database import close_database, open_database
from services.plumbing.green import eventlet
from services.plumbing.migrate import upgrade
from services.plumbing.runner import Services, container_config
from services.plumbing.signals import outbox_signal
from services.scenarios.adapters.unit_of_work import make_unit_of_work
from services.scenarios.service import ScenariosService
from services.scenarios.settings import ScenariosSettings
from tests.builders.scenarios import (
    DAY,
    FUZHOU,
    GYM,
    HANGZHOU,
    TEN_YUAN,
    ZHENGZHOU,
    a_publish_incentive,
    a_recognition_ended,
    a_redeem_pass,
    a_register_operator,
    a_register_scenario,
    a_review,
    a_score_recognised,
    a_usage_reported,
    an_issue_grant,
)

pytestmark = pytest.mark.scenarios

PATIENCE_SECONDS = 60


@pytest.fixture
def node(tmp_path) -> Iterator[SimpleNamespace]:
    """Run the service; `call` sends a command and `tell` an event."""
    bus_url = f"inprocess://localhost/{uuid.uuid4().hex}"
    database_url = f"sqlite:///{tmp_path}/scenarios.db"
    make_key(NewKey.PASS).save(tmp_path / "pass.jwk")
    settings = ScenariosSettings(
        city=HANGZHOU, scenarios_database=database_url, keys_directory=tmp_path
    )
    engine = open_database(database_url)
    upgrade(engine, "services.scenarios")
    config = container_config(bus_url=bus_url, settings=settings, database_url=database_url)

    def tell(event):
        wake = outbox_signal(engine).wake
        with make_unit_of_work(engine, utc_now, None, wake) as uow:
            uow.outbox.add(event)
            uow.commit()

    bus = Bus(bus_url, utc_now, PATIENCE_SECONDS)
    with Services().add(ScenariosService, config):
        yield SimpleNamespace(call=bus.call, tell=tell)
    bus.close()
    close_database(database_url)
    forget(bus_url.rpartition("/")[2])


def eventually(call, satisfies=lambda _result: True):
    """Ask until what was told has arrived."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with suppress(Unavailable):  # not_yet_visible
            if satisfies(result := call()):
                return result
        eventlet.sleep(0.02)
    raise AssertionError("it did not happen")


def take(node):
    """Offer something, let a holder be recognised, and take it."""
    node.call(a_register_operator())
    node.call(a_register_scenario())
    node.call(a_review(node.call(a_publish_incentive(benefit=TEN_YUAN, budget_fen=1000))))
    recognised = a_score_recognised(recognised_at=utc_now(), until=utc_now() + DAY)
    node.tell(recognised)
    command = an_issue_grant(recognised)
    return recognised, eventually(lambda: node.call(command))


def test_a_grant_is_taken_redeemed_and_stated(node):
    recognised, grant = take(node)

    redemption = node.call(a_redeem_pass(grant))

    [listed] = node.call(ListGrants(holder=recognised.holder)).grants
    month = period_name(Period.MONTH, redemption.redeemed_at)
    statement = node.call(DrawStatement(period=month, home=FUZHOU, host=HANGZHOU))
    assert (redemption.uses_left, listed.state) == (0, GrantState.REDEEMED)
    assert (statement.issued, statement.redeemed, statement.redeemed_fen) == (1, 1, 1000)


def test_the_end_of_a_recognition_ends_the_grant(node):
    recognised, grant = take(node)

    node.tell(a_recognition_ended(recognised))

    command = ShowGrant(grant_id=grant.grant_id, holder=recognised.holder)
    shown = eventually(lambda: node.call(command), lambda grant: grant.pass_token is None)
    assert (shown.state, shown.ended_reason) == (GrantState.REVOKED, "consent_withdrawn")


def test_refusals_reach_the_caller_with_their_code(node):
    recognised, grant = take(node)

    with pytest.raises(Refused, match="budget_exhausted"):
        node.call(an_issue_grant(recognised))
    with pytest.raises(Refused) as refusal:
        node.call(a_redeem_pass(grant, operator_id=GYM))
    with pytest.raises(Malformed) as malformed:
        node.call(a_publish_incentive(incentive_id="other", grant_days=10**6))

    assert refusal.value.args == ("ordinary_terms", "")
    assert list(malformed.value.errors) == ["grant_days"]


def test_what_a_host_reports_is_in_the_statement_of_home(node):
    report = a_usage_reported(host=ZHENGZHOU)
    node.tell(report)
    command = DrawStatement(period="2026-11", home=HANGZHOU, host=ZHENGZHOU)

    statement = eventually(lambda: node.call(command), lambda statement: statement.issued)

    assert [line.line_id for line in statement.lines] == [report.line_id]
