"""A page of offers is written once for many, and differs for each only where it has to."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.periods import period_name
from contracts.words import Category, Period
from services.gateway.eligibility.catalogue import Entry
from services.gateway.eligibility.evaluate import Standing, Terms, reasons_against
from services.gateway.eligibility.moments import to_microseconds
from services.gateway.eligibility.pages import write_page

pytestmark = pytest.mark.gateway

NOW = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)
PERIODS = {period: period_name(period, NOW) for period in Period}
STANDING = Standing(tier=4, purposes=frozenset({Category.SPORTS}))
NAMES = [f"incentive-{number}" for number in range(6)]


def an_entry(name):
    terms = Terms(
        incentive_id=name,
        category=Category.SPORTS,
        minimum_tier=3,
        holder_period=Period.MONTH,
        holder_limit=1,
        offered_from=NOW - timedelta(days=1),
        offered_until=None,
    )
    return Entry(terms, b'{"incentive_id":"%s"' % name.encode(), NOW - timedelta(days=1))


def a_page(names):
    return write_page(map(an_entry, names), STANDING, None, at=NOW, periods=PERIODS)


@given(
    names=st.lists(st.sampled_from(NAMES), unique=True),
    taken=st.sets(st.sampled_from([*NAMES, "gone"])),
)
def test_each_offer_is_answered_as_if_it_were_judged_alone(names, taken):
    usage = {name: ["2026-11", 1] for name in taken}
    standing = Standing(tier=4, purposes=STANDING.purposes, usage=usage)

    text = b"".join((b"[", *a_page(names).parts_for(json.dumps(usage), "{}"), b"]"))

    assert json.loads(text) == [
        {
            "incentive_id": name,
            "eligible": name not in taken,
            "reasons": list(reasons_against(an_entry(name).terms, standing, NOW, PERIODS)),
        }
        for name in names
    ]


def test_holders_who_took_the_same_share_what_is_written_however_long_they_may_keep_it():
    page, usage = a_page(NAMES), json.dumps({NAMES[0]: ["2026-11", 1]})

    def until(hours):
        until_us = to_microseconds(NOW + timedelta(hours=hours))
        return page.parts_for(usage, json.dumps({NAMES[0]: [until_us, [NAMES[1]]]}))

    assert until(hours=1) is until(hours=2)
    assert until(hours=-1) is page.parts_for(usage, "{}")
