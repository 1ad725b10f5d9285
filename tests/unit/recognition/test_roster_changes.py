"""From one roster to the next nothing is lost, no key is missing and nothing stands twice."""

from dataclasses import replace
from datetime import timedelta

import pytest

from contracts.errors import Malformed
from contracts.words import CityState
from services.recognition.adapters.keys import PrivateKey
from services.recognition.adapters.roster_claims import read_whole_roster, roster_claims
from services.recognition.adapters.roster_draft import draft_text, read_draft
from services.recognition.domain.roster import KeyState, KeyUse
from services.recognition.domain.roster_changes import (
    add_city,
    check_follows,
    first_roster,
    next_roster,
    retire_key,
    rotate_key,
    set_state,
)
from tests.builders.attestations import (
    FUZHOU,
    HANGZHOU,
    HOLDER_KEY,
    HOME_KEY,
    HOST_KEY,
    NOW,
    OTHER_KEY,
    YEAR,
    a_city,
    a_key,
    a_roster,
)

pytestmark = pytest.mark.recognition

DAY = timedelta(days=1)
XIAMEN = "350200"


def a_new_city(**overrides):
    keys = [a_key(PrivateKey.generate("EdDSA"), use=use) for use in KeyUse]
    return a_city(**{"code": XIAMEN, "keys": keys, **overrides})


def the_next_key(**overrides):
    values = {"use_from": NOW + YEAR - 30 * DAY, "use_until": NOW + 2 * YEAR}
    return a_key(OTHER_KEY, **{**values, **overrides})


# --- versions --------------------------------------------------------------------------------


def test_the_next_version_lists_the_same_until_it_is_changed():
    first = a_roster(version=7)

    following = next_roster(first, now=NOW, life=180 * DAY, grace=30 * DAY)

    assert (following.version, following.cities) == (8, first.cities)
    assert (following.issued_at, following.valid_until) == (NOW, NOW + 180 * DAY)
    check_follows(following, first)


@pytest.mark.parametrize("version", [6, 7, 9])
def test_a_version_that_does_not_come_next_is_refused(version):
    with pytest.raises(ValueError, match="does not follow version 7"):
        check_follows(a_roster(version=version), a_roster(version=7))


def test_only_the_first_version_follows_nothing():
    check_follows(first_roster(now=NOW, life=DAY, grace=DAY), None)

    with pytest.raises(ValueError, match="needs the previous one"):
        check_follows(a_roster(version=2), None)


# --- cities ----------------------------------------------------------------------------------


def test_a_city_is_added_beside_the_others():
    roster = add_city(a_roster(), a_new_city())

    assert set(roster.cities) == {FUZHOU, HANGZHOU, XIAMEN}


@pytest.mark.parametrize(
    ("city", "place"),
    [
        (a_new_city(code=FUZHOU), "in the roster already"),
        (a_new_city(gateway="https://fuzhou.example"), "has the gateway"),
        (a_new_city(keys=[a_key(OTHER_KEY)]), "no transport key"),
        (a_new_city(keys=[]), "no attestation key"),
        (
            a_new_city(
                keys=[
                    a_key(HOME_KEY),
                    a_key(OTHER_KEY, use=KeyUse.TRANSPORT),
                    a_key(HOLDER_KEY, use=KeyUse.ENCRYPTION),
                ]
            ),
            "listed already, for city 350100",
        ),
    ],
)
def test_a_city_that_would_stand_beside_itself_or_without_keys_is_not_added(city, place):
    with pytest.raises(ValueError, match=place):
        add_city(a_roster(), city)


def test_a_state_is_changed_with_its_reason():
    roster = set_state(a_roster(), FUZHOU, CityState.SUSPENDED, "key lost")

    city = roster.cities[FUZHOU]
    assert (city.state, city.reason) == ("suspended", "key lost")
    assert read_draft(draft_text(roster)) == roster


def test_a_state_that_is_so_already_is_not_changed():
    with pytest.raises(ValueError, match="online already"):
        set_state(a_roster(), FUZHOU, CityState.ONLINE)
    with pytest.raises(ValueError, match="not in the roster"):
        set_state(a_roster(), XIAMEN, CityState.ONLINE)


# --- keys ------------------------------------------------------------------------------------


def test_the_next_key_is_listed_and_the_one_before_keeps_its_end():
    city = rotate_key(a_roster(), FUZHOU, the_next_key()).cities[FUZHOU]

    assert city.keys[HOME_KEY.kid] == a_key()
    assert city.keys[OTHER_KEY.kid] == the_next_key()


def test_the_one_before_ends_an_overlap_after_the_next_begins():
    key = the_next_key(use_from=NOW + 10 * DAY)

    city = rotate_key(a_roster(), FUZHOU, key, overlap=14 * DAY).cities[FUZHOU]

    assert city.keys[HOME_KEY.kid].use_until == NOW + 24 * DAY


def test_an_overlap_never_lets_a_key_live_longer():
    city = rotate_key(a_roster(), FUZHOU, the_next_key(), overlap=60 * DAY).cities[FUZHOU]

    assert city.keys[HOME_KEY.kid].use_until == NOW + YEAR


@pytest.mark.parametrize("use_from", [NOW + YEAR - DAY / 2, NOW + YEAR, NOW + YEAR + DAY])
def test_no_gap_is_left_between_two_keys(use_from):
    with pytest.raises(ValueError, match="a gap"):
        rotate_key(a_roster(), FUZHOU, the_next_key(use_from=use_from))


@pytest.mark.parametrize(
    ("key", "overlap", "place"),
    [
        (the_next_key(use_from=NOW - YEAR), None, "not before the new one"),
        (the_next_key(use_until=NOW + YEAR), None, "ends before"),
        (the_next_key(), DAY / 2, "an overlap is 1 day or more"),
        (a_key(HOST_KEY), None, "listed already, for city 330100"),
    ],
)
def test_a_key_that_does_not_follow_is_refused(key, overlap, place):
    with pytest.raises(ValueError, match=place):
        rotate_key(a_roster(), FUZHOU, key, overlap=overlap)


def test_a_key_of_another_use_is_not_followed():
    transport = a_key(OTHER_KEY, use=KeyUse.TRANSPORT, use_from=NOW + 2 * YEAR)

    roster = rotate_key(a_roster(), FUZHOU, transport, overlap=DAY)

    assert roster.cities[FUZHOU].keys[HOME_KEY.kid] == a_key()


@pytest.mark.parametrize("change", [{"state": KeyState.RETIRED}, {"use_until": NOW - 40 * DAY}])
def test_a_key_that_is_out_of_use_need_not_be_followed_in_time(change):
    roster = a_roster(a_city(keys=[a_key(**change)]))
    late = the_next_key(use_from=NOW)

    city = rotate_key(roster, FUZHOU, late, overlap=DAY).cities[FUZHOU]

    assert city.keys == {HOME_KEY.kid: a_key(**change), OTHER_KEY.kid: late}


def test_a_key_is_retired_once():
    roster = retire_key(a_roster(), HOME_KEY.kid)

    assert roster.cities[FUZHOU].keys[HOME_KEY.kid].state is KeyState.RETIRED
    assert roster.cities[HANGZHOU] == a_city(HANGZHOU)
    with pytest.raises(ValueError, match="retired already"):
        retire_key(roster, HOME_KEY.kid)
    with pytest.raises(ValueError, match="no city has a key"):
        retire_key(roster, OTHER_KEY.kid)


# --- drafts ----------------------------------------------------------------------------------


def test_a_draft_says_the_same_however_it_came_about():
    one, other = a_roster(a_city(FUZHOU), a_city(HANGZHOU)), a_roster(a_city(HANGZHOU), a_city())

    assert draft_text(one) == draft_text(other)
    assert read_draft(draft_text(one)) == one


def test_moments_in_a_draft_are_read_in_any_zone():
    text = draft_text(a_roster())
    elsewhere = text.replace("2026-05-02T09:00:00Z", "2026-05-02T17:00:00+08:00")

    assert elsewhere != text
    assert read_draft(elsewhere) == a_roster()


@pytest.mark.parametrize(
    ("now", "then", "place"),
    [
        ('"grace":', '"graec":', "grace"),
        ('"version": 7,', '"version": 7, "note": "x",', "cannot write"),
        ('"nbf":', '"not_before":', "nbf"),
        ("2026-05-02T09:00:00Z", "2 May", "not a draft"),
        ("2026-05-02T09:00:00Z", "2026-05-02T09:00:00", "naive"),
        ("https://fuzhou.example", "https://hangzhou.example", "share a gateway"),
        ("{", "[", "not a draft"),
    ],
)
def test_a_draft_with_a_slip_of_the_pen_is_refused(now, then, place):
    text = draft_text(a_roster())
    assert now in text

    with pytest.raises(Malformed, match=place):
        read_draft(text.replace(now, then))


def test_a_key_of_a_suite_to_come_is_not_lost_on_the_way_to_the_next_version():
    claims = roster_claims(a_roster())
    claims["cities"][0]["keys"].append({"jwk": {"kty": "EC", "crv": "P-521", "x": "x", "y": "y"}})

    with pytest.raises(Malformed, match="a later suite"):
        read_whole_roster(claims)


def test_a_draft_that_no_node_would_read_is_not_written():
    roster = a_roster(replace(a_city(), gateway="fuzhou.example"))

    with pytest.raises(Malformed, match="gateway is no address"):
        draft_text(roster)
