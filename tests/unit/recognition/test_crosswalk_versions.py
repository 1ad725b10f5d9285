"""The life of a crosswalk, what an override changes, and that old decisions replay."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import Malformed
from contracts.words import Category
from services.recognition.domain.crosswalk_versions import CrosswalkState, in_force, state_of
from services.recognition.domain.tiers import tiers_as_of, tiers_by
from tests.builders.attestations import CROSSWALK, FUZHOU, HANGZHOU, NOW, a_crosswalk
from tests.builders.crosswalks import DAY, TIERS, a_table_with, an_override

pytestmark = pytest.mark.recognition

NANJING = "320100"


def judged(band, overrides=(), tables=(CROSSWALK,), home=FUZHOU, at=NOW):
    return tiers_as_of(tables, overrides, home=home, host=HANGZHOU, band=band, at=at)


def test_a_document_is_proposed_countersigned_in_force_and_superseded():
    first = a_crosswalk(effective_from=NOW)
    second = a_crosswalk(version=2, effective_from=NOW + 9 * DAY)

    def state(after, *, complete=True):
        return state_of(first, [second], NOW + after, complete=complete)

    assert state(-DAY, complete=False) == CrosswalkState.PROPOSED
    assert state(-DAY) == CrosswalkState.COUNTERSIGNED
    assert state(timedelta()) == CrosswalkState.IN_FORCE
    assert state(9 * DAY - timedelta(seconds=1)) == CrosswalkState.IN_FORCE
    assert state(9 * DAY) == CrosswalkState.SUPERSEDED


def test_a_document_without_a_next_one_is_over_at_its_end():
    document = an_override(effective_until=NOW)

    assert state_of(document, [], NOW) == CrosswalkState.OVER


def test_a_superseded_version_does_not_come_back():
    first, second = a_crosswalk(), a_crosswalk(version=2, effective_until=NOW)

    assert in_force([first, second], NOW) is None
    assert state_of(first, [second], NOW) == CrosswalkState.SUPERSEDED


@st.composite
def histories(draw):
    """Some versions of the alliance's table, each with dates of its own, in any order."""
    versions = draw(st.lists(st.integers(1, 50), unique=True, min_size=1, max_size=5))
    starts = [draw(st.integers(-20, 20)) for _ in versions]
    ends = [draw(st.none() | st.integers(1, 20)) for _ in versions]
    return [
        a_crosswalk(
            version=version,
            effective_from=NOW + start * DAY,
            effective_until=None if life is None else NOW + (start + life) * DAY,
        )
        for version, start, life in zip(versions, starts, ends, strict=True)
    ]


@given(history=histories(), day=st.integers(-25, 45))
def test_a_version_is_superseded_exactly_when_a_later_one_has_come_into_force(history, day):
    at = NOW + day * DAY

    states = {each.version: state_of(each, history, at) for each in history}

    begun = [each.version for each in history if each.effective_from <= at]
    superseded = {v for v, state in states.items() if state == CrosswalkState.SUPERSEDED}
    assert superseded == {v for v in states if begun and v < max(begun)}
    current = in_force(history, at)
    standing = [v for v, state in states.items() if state == CrosswalkState.IN_FORCE]
    assert standing == ([] if current is None else [current.version])


def test_an_override_is_for_one_home_one_host_and_one_category():
    tiers = judged("良好", [an_override()])

    assert tiers.tier_for(Category.SPORTS) == 4
    assert tiers.tier_for(Category.TRANSPORT) == tiers.tier == 3
    assert tiers.overrides == ("350100-330100-sports@1",)
    assert judged("良好", [an_override()], home=HANGZHOU).overrides == ()


def test_two_categories_have_an_override_each():
    library = an_override(category=Category.LIBRARY, tiers={**TIERS, "良好": 5})

    tiers = judged("良好", [an_override(), library])

    assert tiers.by_category == {Category.SPORTS: 4, Category.LIBRARY: 5}


@pytest.mark.parametrize(
    "tiers", [{"良好": 5}, {**TIERS, "卓越": 5}, dict(list(TIERS.items())[1:])]
)
def test_an_override_for_other_bands_than_the_table_has_no_effect(tiers):
    overriding = an_override(tiers=tiers)

    assert judged("良好", [overriding]).by_category == {}


def test_an_override_ends_and_the_alliances_tier_counts_again():
    overriding = an_override(effective_until=NOW + DAY)

    assert judged("良好", [overriding]).by_category
    assert not judged("良好", [overriding], at=NOW + DAY).by_category


def test_the_bands_of_a_card_can_be_overridden_too():
    overriding = an_override(home=NANJING, tiers={"未持卡": 1, "持卡": 5})

    tiers = judged("持卡", [overriding], home=NANJING)

    assert (tiers.tier, tiers.tier_for(Category.SPORTS)) == (4, 5)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"tiers": {}}, "no bands"),
        ({"tiers": {**TIERS, "极好": 4}}, "lower tier"),
        ({"tiers": {**TIERS, "极差": 0}}, "1 to 5"),
        ({"tiers": {**TIERS, "极好": 6}}, "1 to 5"),
        ({"home": HANGZHOU}, "same city"),
        ({"effective_until": NOW - 2 * DAY}, "ends before"),
    ],
)
def test_an_override_that_makes_no_sense_is_refused(change, what):
    with pytest.raises(Malformed, match=what):
        an_override(**change)


def test_a_band_that_no_table_knew_has_no_tier():
    assert judged("卓越") is None
    assert judged("良好", tables=[]) is None


@given(tiers=st.lists(st.integers(0, 6), min_size=6, max_size=6))
def test_every_override_there_can_be_is_monotone(tiers):
    agreed = dict(zip(TIERS, tiers, strict=True))

    try:
        overriding = an_override(tiers=agreed)
    except Malformed:
        assert sorted(tiers) != tiers or not all(1 <= tier <= 5 for tier in tiers)
        return

    found = [judged(band, [overriding]).tier_for(Category.SPORTS) for band in TIERS]
    assert found == sorted(found)


@given(history=histories(), day=st.integers(-25, 45), agreed=st.booleans())
def test_a_decision_replays_by_the_versions_it_names(history, day, agreed):
    at = NOW + day * DAY
    overrides = [an_override(), an_override(version=2, effective_from=NOW + 3 * DAY)]
    overrides = overrides if agreed else []
    decided = judged("良好", overrides, history, at=at)
    if decided is None:
        assert in_force(history, at) is None
        return

    [table] = [each for each in history if each.version == decided.crosswalk]
    named = [each for each in overrides if f"{each.name}@{each.version}" in decided.overrides]

    assert tiers_by(table, named, home=FUZHOU, host=HANGZHOU, band="良好") == decided


def test_a_later_table_changes_no_decision_of_yesterday():
    later = a_table_with(FUZHOU, {"良好": 4}, effective_from=NOW)

    before = judged("良好", tables=[CROSSWALK, later], at=NOW - timedelta(seconds=1))

    assert (before.tier, before.crosswalk) == (3, 1)
    assert judged("良好", tables=[CROSSWALK, later]).tier == 4
