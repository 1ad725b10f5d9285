"""Statements: home and host draw the same month from their own usage lines."""

import json
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest

from contracts.errors import NotFound
from contracts.scenarios import DrawStatement, GrantEnded, GrantIssued, GrantRedeemed
from contracts.usage import GrantEvent, usage_of
from contracts.words import Funding, UsageFact
from services.scenarios.domain.statement import MOST_LINES
from services.scenarios.handlers.announcing import line_of
from services.scenarios.handlers.expiry import expire_grants
from services.scenarios.handlers.recognitions import on_recognition_ended
from services.scenarios.handlers.statements import draw_statement, on_usage_reported
from tests.builders.scenarios import (
    DAY,
    FUZHOU,
    HANGZHOU,
    HOUR,
    NOW,
    STRANGER,
    TEN_YUAN,
    ZHENGZHOU,
    a_holder,
    a_recognition_ended,
    a_usage_reported,
    an_offer,
    issue,
    redeem,
)
from tests.fakes.scenarios import FakeUnitOfWork

pytestmark = pytest.mark.scenarios

GRANT_EVENTS = (GrantIssued, GrantRedeemed, GrantEnded)


@pytest.fixture
def home():
    """The home city's own storage."""
    return FakeUnitOfWork()


def report(home, *usages):
    for usage in usages:
        on_usage_reported(usage, uow=home, city=FUZHOU)


def a_thousand_lines(home):
    """Book as many lines as a statement lists, in one transaction."""
    with home:
        for _ in range(MOST_LINES):
            home.usage_lines.add(line_of(a_usage_reported(host=HANGZHOU), home=FUZHOU))
        home.commit()


def draw(uow, city, *, period="2026-11", **between):
    command = DrawStatement(period=period, **({"home": FUZHOU, "host": HANGZHOU} | between))
    return draw_statement(command, uow=uow, city=city)


def usages(uow):
    return [
        usage_of(event, host=HANGZHOU) for event in uow.announced if type(event) in GRANT_EVENTS
    ]


def a_busy_month(uow):
    """One grant redeemed, one revoked, one expired."""
    an_offer(uow, benefit=TEN_YUAN, grant_days=2)
    recognised, other = a_holder(uow), a_holder(uow, holder=STRANGER)
    redeem(uow, issue(uow, recognised), now=NOW + HOUR)
    issue(uow, other)
    on_recognition_ended(a_recognition_ended(other), uow=uow, city=HANGZHOU, now=NOW + HOUR)
    issue(uow, recognised)
    expire_grants(uow=uow, city=HANGZHOU, now=NOW + 3 * DAY)


def test_a_host_draws_what_it_granted(uow):
    a_busy_month(uow)

    drawn = draw(uow, HANGZHOU)

    assert (drawn.issued, drawn.redeemed, drawn.expired, drawn.revoked) == (3, 1, 1, 1)
    assert drawn.redeemed_fen == 1000
    assert [line.at for line in drawn.lines] == sorted(line.at for line in drawn.lines)


def test_home_draws_the_same_statement_in_whatever_order_it_heard(uow, home):
    a_busy_month(uow)
    report(home, *reversed(usages(uow)), *usages(uow))

    assert draw(home, FUZHOU) == draw(uow, HANGZHOU)


def test_a_line_less_is_another_digest(uow, home):
    a_busy_month(uow)
    report(home, *usages(uow)[1:])

    assert draw(home, FUZHOU).digest != draw(uow, HANGZHOU).digest


@pytest.mark.parametrize(
    "change",
    [{"value_fen": 1}, {"fact": UsageFact.REVOKED}, {"at": NOW + timedelta(microseconds=1)}],
)
def test_any_difference_in_a_line_is_another_digest(home, change):
    usage = a_usage_reported(host=HANGZHOU)
    report(home, usage)
    other = FakeUnitOfWork()
    values = {name: getattr(usage, name) for name in ("line_id", "grant_id", "host")}
    report(other, a_usage_reported(**values, **change))

    assert draw(home, FUZHOU).digest != draw(other, FUZHOU).digest


def test_a_month_begins_and_ends_by_the_calendar_of_the_host_city(home):
    last_of_november = datetime(2026, 11, 30, 15, 59, 59, tzinfo=UTC)
    report(
        home,
        a_usage_reported(host=HANGZHOU, at=last_of_november),
        a_usage_reported(host=HANGZHOU, at=last_of_november + timedelta(seconds=1)),
    )

    assert [line.at for line in draw(home, FUZHOU).lines] == [last_of_november]
    assert draw(home, FUZHOU, period="2026-12").issued == 1


def test_a_statement_lists_a_thousand_lines_and_counts_them_all(home):
    a_thousand_lines(home)
    report(home, a_usage_reported(host=HANGZHOU))

    drawn = draw(home, FUZHOU)

    assert (len(drawn.lines), drawn.truncated) == (MOST_LINES, True)
    assert drawn.issued == MOST_LINES + 1


def test_a_line_beyond_those_listed_changes_the_digest(home):
    a_thousand_lines(home)
    before = draw(home, FUZHOU)
    report(home, a_usage_reported(host=HANGZHOU, at=NOW + HOUR))

    after = draw(home, FUZHOU)

    assert (before.truncated, after.truncated) == (False, True)
    assert after.lines == before.lines
    assert after.digest != before.digest


def test_each_pair_of_cities_has_its_own_statement(home):
    report(home, a_usage_reported(host=HANGZHOU), a_usage_reported(host=ZHENGZHOU))

    assert draw(home, FUZHOU, host=ZHENGZHOU).issued == 1


def test_no_host_hides_a_line_of_another_by_reusing_its_id(home):
    usage = a_usage_reported(host=ZHENGZHOU)
    report(home, usage, a_usage_reported(host=HANGZHOU, line_id=usage.line_id))

    assert draw(home, FUZHOU).issued == 1


def test_a_statement_between_two_other_cities_is_not_found(home):
    with pytest.raises(NotFound):
        draw(home, FUZHOU, home=ZHENGZHOU)


def test_every_fact_about_a_grant_is_a_line_of_its_own_and_always_the_same(uow):
    a_busy_month(uow)

    ids = [usage.line_id for usage in usages(uow)]

    assert len(set(ids)) == len(ids) == 6
    assert ids == [usage.line_id for usage in usages(uow)]


@pytest.mark.parametrize("funding", list(Funding))
def test_a_line_tells_who_pays_by_the_terms_the_grant_was_issued_under(uow, home, funding):
    an_offer(uow, benefit=TEN_YUAN, funding=funding)
    granted = issue(uow, a_holder(uow))
    an_offer(uow, benefit=TEN_YUAN, funding=Funding.HOST_OPERATOR)
    redeem(uow, granted, now=NOW + HOUR)
    report(home, *usages(uow))

    drawn = draw(home, FUZHOU)

    assert [line.funding for line in drawn.lines] == [funding] * 2
    assert drawn == draw(uow, HANGZHOU)


def test_every_event_of_a_grant_can_say_who_pays():
    for event in get_args(GrantEvent):
        assert "funding" in {field.name for field in fields(event)}, event


def test_a_line_from_before_funding_was_told_keeps_its_seal():
    line = line_of(a_usage_reported(), home=FUZHOU)

    assert len(json.loads(line.canonical())) == 7
    assert line.entry != replace(line, funding=Funding.HOME_CITY).entry
