"""A routing key against a topic pattern."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.plumbing.broker.exchanges import Exchange, topic_matches

WORDS = st.sampled_from(["grant", "issued", "v1"])
KEYS = st.lists(WORDS, max_size=6).map(".".join)
PATTERNS = st.lists(WORDS | st.sampled_from(["*", "#"]), max_size=6).map(".".join)


@pytest.mark.parametrize(
    ("pattern", "key"),
    [
        ("grant.issued", "grant.issued"),
        ("grant.*", "grant.issued"),
        ("*.issued", "grant.issued"),
        ("#", ""),
        ("#", "grant.issued.v1"),
        ("grant.#", "grant"),
        ("grant.#", "grant.issued.v1"),
        ("#.v1", "v1"),
        ("#.issued.#", "grant.issued.v1"),
        ("#.*", "grant"),
        ("#.#", ""),
        ("", ""),
        ("grant.*.v1", "grant..v1"),
    ],
)
def test_a_pattern_matches(pattern, key):
    assert topic_matches(pattern, key)


@pytest.mark.parametrize(
    ("pattern", "key"),
    [
        ("grant.issued", "grant.revoked"),
        ("grant.*", "grant"),
        ("grant.*", "grant.issued.v1"),
        ("*", ""),
        ("*.*", "grant"),
        ("#.v1", "grant.issued"),
        ("#.*", ""),
        ("", "grant"),
        ("grant.#.v1", "grant.v1.issued"),
        ("gr*", "grant"),
    ],
)
def test_a_pattern_does_not_match(pattern, key):
    assert not topic_matches(pattern, key)


@given(PATTERNS, KEYS)
def test_matching_is_what_the_specification_spells_out(pattern, key):
    assert topic_matches(pattern, key) == spelled_out(words(pattern), words(key))


def words(text):
    return text.split(".") if text else []


def spelled_out(pattern, key):
    if not pattern:
        return not key
    if pattern[0] == "#":
        return spelled_out(pattern[1:], key) or (bool(key) and spelled_out(pattern, key[1:]))
    return bool(key) and pattern[0] in ("*", key[0]) and spelled_out(pattern[1:], key[1:])


def test_a_queue_that_two_patterns_reach_is_named_once():
    exchange = Exchange("topic")
    exchange.bind("inbox", "grant.#")
    exchange.bind("audit", "#")
    exchange.bind("inbox", "*.issued")

    assert exchange.route("grant.issued") == ["inbox", "audit"]


def test_a_forgotten_queue_is_reached_no_more():
    exchange = Exchange("fanout")
    exchange.bind("inbox", "")
    exchange.bind("audit", "")

    exchange.forget_queue("inbox")

    assert exchange.route("any") == ["audit"]
