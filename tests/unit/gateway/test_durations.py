"""Durations are counted as prometheus-client's own histogram counts them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry, Histogram, generate_latest

from services.gateway.durations import BOUNDS, HELP, NAME, Durations

pytestmark = pytest.mark.gateway


def exposed(registry):
    lines = generate_latest(registry).decode().splitlines()
    return sorted(line for line in lines if "_created" not in line)


@given(st.lists(st.sampled_from([0.0, 0.001, *BOUNDS, 11.0]), min_size=1))
def test_durations_are_exposed_as_a_histogram(seconds):
    ours, theirs = CollectorRegistry(), CollectorRegistry()
    durations = Durations()
    ours.register(durations)
    histogram = Histogram(NAME, HELP, ["operation", "status"], registry=theirs)
    for each in seconds:
        durations.observe("show_eligibility", 2, each)
        histogram.labels("show_eligibility", "2xx").observe(each)

    assert exposed(ours) == exposed(theirs)
