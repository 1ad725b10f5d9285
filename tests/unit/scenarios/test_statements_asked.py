"""How often the most frequent messages ask the database (ADR 0044)."""

import pytest

from contracts.rules import Conditions, Quota
from contracts.scenarios import Limit
from contracts.words import Period
from services.plumbing.clock import utc_now
from services.plumbing.database import close_database, open_database
from services.scenarios.adapters.tables import metadata
from services.scenarios.adapters.unit_of_work import make_unit_of_work
from tests.builders.scenarios import a_holder, a_month, an_offer, issue
from tests.statements import asked

pytestmark = pytest.mark.scenarios

PLENTY = 10**6


@pytest.fixture
def engine(tmp_path):
    url = f"sqlite:///{tmp_path}/scenarios.db"
    engine = open_database(url)
    metadata.create_all(engine)
    yield engine
    close_database(url)


def a_uow(engine):
    return make_unit_of_work(engine, utc_now, None, lambda: None)


def test_a_first_grant_of_a_holder_is_thirteen_statements_and_a_further_one_twelve(engine):
    an_offer(a_uow(engine), quota=a_month(PLENTY))
    issue(a_uow(engine), a_holder(a_uow(engine), holder="holder-who-came-before"))
    recognised = a_holder(a_uow(engine))

    with asked(engine) as first:
        issue(a_uow(engine), recognised)
    with asked(engine) as second:
        issue(a_uow(engine), recognised)

    assert (len(first), len(second)) == (13, 12)


def test_more_quotas_and_limits_ask_no_more(engine):
    an_offer(
        a_uow(engine),
        quota=a_month(PLENTY),
        quotas=(Quota(period=Period.DAY, count=PLENTY), Quota(period=Period.YEAR, count=PLENTY)),
        conditions=Conditions(holder_limits=(Limit(count=PLENTY, period=Period.DAY),)),
    )
    recognised = a_holder(a_uow(engine))
    issue(a_uow(engine), recognised)

    with asked(engine) as statements:
        issue(a_uow(engine), recognised)

    assert len(statements) == 12


def test_a_recognition_that_is_new_is_two_statements(engine):
    with asked(engine) as statements:
        a_holder(a_uow(engine))

    assert len(statements) == 2
