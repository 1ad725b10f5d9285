"""Whatever comes between, each home city is told of each line once, and in order."""

from contextlib import contextmanager
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.recognition import NoticeReady, UsageReported
from contracts.usage import usage_of
from services.recognition.adapters.keys import CityKey
from services.recognition.handlers import usage
from services.recognition.handlers.notices import sign_kept_notices
from services.recognition.handlers.receiving import receive_notice
from tests.builders.attestations import (
    FUZHOU,
    GATEWAY,
    HANGZHOU,
    NOW,
    OTHER_KEY,
    a_city,
    a_roster,
)
from tests.builders.recognition import (
    RESIDENT,
    SCORE,
    a_receive_notice,
    a_redemption,
    a_score,
    an_issued_attestation,
    home_node,
    host_node,
)
from tests.fakes.recognition import FakeScores, FakeUnitOfWork

pytestmark = pytest.mark.recognition

ZHENGZHOU = "410100"
GRANTS = UUID(int=1), UUID(int=2)
ROSTER = a_roster(*map(a_city, (FUZHOU, HANGZHOU, ZHENGZHOU)))
SCORES = {FUZHOU: SCORE, ZHENGZHOU: Decimal(110)}
LOST = CityKey(OTHER_KEY, HANGZHOU, GATEWAY, lambda: ROSTER, lambda: NOW)


class Killed(Exception):
    """The process ended before its commit."""


class Mortal(FakeUnitOfWork):
    dies = False

    def commit(self):
        if self.dies:
            raise Killed
        super().commit()


@contextmanager
def may_die(uow):
    try:
        yield
    except Killed:
        uow.dies = False


class Cities:
    """A host, its courier, and two homes; a step that dies leaves what was to be done."""

    def __init__(self):
        self.host = Mortal()
        self.node = host_node(roster=lambda: ROSTER)
        self.homes = {home: Mortal() for home in (FUZHOU, ZHENGZHOU)}
        self.used = {home: [] for home in self.homes}
        self.arrived = dict.fromkeys(self.homes, 0)
        self.home_nodes = {}
        for home, uow in self.homes.items():
            self.home_nodes[home] = home_node(
                city=home,
                gateway=a_city(home).gateway,
                roster=lambda: ROSTER,
                scores=FakeScores({RESIDENT: a_score(score=SCORES[home])}),
            )
            an_issued_attestation(uow, self.home_nodes[home])

    def use(self, home, grant):
        event = a_redemption(home=home, grant_id=grant)
        self.used[home].append(usage_of(event, host=HANGZHOU))
        for _ in range(2):  # what died is handed out again, and so is what was not acknowledged
            with may_die(self.host):
                usage.keep_usage(event, uow=self.host, node=self.node)

    def report(self, *_where):
        with may_die(self.host):
            usage.report_usage(uow=self.host, node=self.node, now=NOW)

    def sign(self, *_where):
        with may_die(self.host):
            sign_kept_notices(uow=self.host, node=self.node, now=NOW)

    def lose_the_key(self, *_where):
        self.node = host_node(roster=lambda: ROSTER, signer=LOST)

    def find_the_key(self, *_where):
        self.node = host_node(roster=lambda: ROSTER)

    def deliver(self, home, _grant=None):
        """Push what comes next; the one before is pushed again, as if its answer had been lost."""
        uow, node, arrived = self.homes[home], self.home_nodes[home], self.arrived[home]
        for notice in self.sent(home)[max(arrived - 1, 0) : arrived + 1]:
            command = a_receive_notice(notice.token, HANGZHOU)
            with may_die(uow):
                receipt = receive_notice(command, uow=uow, node=node, now=NOW)
                self.arrived[home] += not receipt.repeated

    def sent(self, home):
        return [each for each in self.host.announced_of(NoticeReady) if each.recipient == home]

    def die_next(self, home, _grant):
        self.host.dies = self.homes[home].dies = True

    def end(self):
        for uow in (self.host, *self.homes.values()):
            uow.dies = False
        self.find_the_key()
        while usage.report_usage(uow=self.host, node=self.node, now=NOW):
            pass
        sign_kept_notices(uow=self.host, node=self.node, now=NOW)
        for home in self.homes:
            while self.arrived[home] < len(self.sent(home)):
                self.deliver(home)


STEPS = [
    Cities.use,
    Cities.report,
    Cities.sign,
    Cities.deliver,
    Cities.die_next,
    Cities.lose_the_key,
    Cities.find_the_key,
]
STEP = st.tuples(
    st.sampled_from(STEPS), st.sampled_from([FUZHOU, ZHENGZHOU]), st.sampled_from(GRANTS)
)


@given(st.lists(STEP, max_size=40))
def test_each_home_city_is_told_of_each_line_once_and_in_order(steps):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(usage, "AT_A_TIME", 2)
        cities = Cities()

        for step, home, grant in steps:
            step(cities, home, grant)
        cities.end()

    for home, uow in cities.homes.items():
        assert uow.announced_of(UsageReported) == cities.used[home]
