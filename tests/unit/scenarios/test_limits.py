"""Calendar periods are those of the host city."""

from datetime import UTC, datetime, timedelta

import pytest

from contracts.words import Period
from services.scenarios.domain.limits import Limit, Tally, window_of

pytestmark = pytest.mark.scenarios

NEW_YEAR = datetime(2026, 12, 31, 16, tzinfo=UTC)  # midnight in Hangzhou

A_MOMENT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("period", "at", "name", "since"),
    [
        (Period.DAY, NEW_YEAR, "2027-01-01", NEW_YEAR),
        (Period.DAY, NEW_YEAR.replace(hour=15), "2026-12-31", NEW_YEAR.replace(day=30)),
        (Period.MONTH, NEW_YEAR, "2027-01", NEW_YEAR),
        (Period.MONTH, NEW_YEAR.replace(hour=15), "2026-12", NEW_YEAR.replace(month=11, day=30)),
        (Period.YEAR, NEW_YEAR, "2027", NEW_YEAR),
        (Period.YEAR, NEW_YEAR.replace(hour=15), "2026", NEW_YEAR.replace(year=2025)),
        (Period.LIFETIME, NEW_YEAR, "lifetime", datetime.min.replace(tzinfo=UTC)),
    ],
)
def test_a_limit_counts_in_the_period_of_the_host_city(period, at, name, since):
    window = Limit(count=1, period=period).window(at)

    assert (window.name, window.since) == (name, since)
    assert window.since <= at < window.until


@pytest.mark.parametrize("period", [Period.DAY, Period.MONTH, Period.YEAR])
def test_where_a_period_ends_the_next_one_begins(period):
    window = window_of(period, NEW_YEAR)

    assert window_of(period, window.until).since == window.until
    assert window_of(period, window.until - A_MOMENT) == window


def test_a_budget_made_smaller_than_what_was_given_has_nothing_left():
    tally = Tally(reserved_fen=300, spent_fen=300)

    assert (tally.free_fen(1000), tally.free_fen(500)) == (400, 0)
