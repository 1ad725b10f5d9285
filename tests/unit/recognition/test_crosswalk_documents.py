"""Signed crosswalks: who has to sign, what is refused, and that nothing is lost on the way."""

import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import Malformed, Refused, Unauthenticated
from services.recognition.adapters.crosswalk_claims import crosswalk_claims, read_crosswalk_claims
from services.recognition.adapters.crosswalk_documents import (
    TYPE,
    is_party,
    open_published,
    open_signed,
    read_published,
)
from services.recognition.adapters.crosswalk_file import draft_text, load_draft
from services.recognition.adapters.crosswalk_table import read_crosswalk
from services.recognition.domain import jws
from services.recognition.domain.roster import KeyState, KeyUse
from tests.builders.attestations import (
    CROSSWALK,
    FUZHOU,
    HANGZHOU,
    HOME_KEY,
    HOST_KEY,
    NOW,
    OTHER_KEY,
    a_city,
    a_crosswalk,
    a_key,
    a_roster,
)
from tests.builders.crosswalks import (
    DAY,
    OFFICE,
    SECOND_OFFICE,
    TIERS,
    an_override,
    signed_by,
    what_is_trusted,
)

pytestmark = pytest.mark.recognition


def test_the_alliances_table_is_signed_by_as_many_offices_as_the_threshold():
    one, both = signed_by(CROSSWALK, OFFICE), signed_by(CROSSWALK, OFFICE, SECOND_OFFICE)

    assert open_signed(one, what_is_trusted()).missing == 1
    assert open_published(both, what_is_trusted()).document == CROSSWALK
    with pytest.raises(Unauthenticated, match="1 more"):
        open_published(one, what_is_trusted())


def test_an_override_is_signed_by_both_cities():
    one, both = signed_by(an_override(), HOST_KEY), signed_by(an_override(), HOST_KEY, HOME_KEY)

    assert open_signed(one, what_is_trusted()).parties == (HANGZHOU,)
    assert open_signed(both, what_is_trusted()).parties == (HANGZHOU, FUZHOU)
    assert open_published(both, what_is_trusted()).document == an_override()
    with pytest.raises(Unauthenticated, match="1 more"):
        open_published(one, what_is_trusted())


@pytest.mark.parametrize(
    ("document", "signers"),
    [
        (CROSSWALK, (HOME_KEY, HOST_KEY)),
        (CROSSWALK, (OFFICE, OFFICE)),
        (an_override(), (OFFICE, SECOND_OFFICE)),
        (an_override(), (HOME_KEY, OTHER_KEY)),
        (an_override(), (HOME_KEY, HOME_KEY)),
    ],
    ids=["cities for the alliance", "twice", "offices for cities", "a stranger", "one city twice"],
)
def test_signatures_of_others_than_the_parties_do_not_count(document, signers):
    with pytest.raises(Unauthenticated, match="bad_signature"):
        open_signed(signed_by(document, *signers), what_is_trusted())


@pytest.mark.parametrize(
    "change",
    [
        {"use": KeyUse.TRANSPORT},
        {"state": KeyState.RETIRED},
        {"use_until": NOW - 2 * DAY},
        {"use_from": NOW + DAY},
    ],
    ids=["transport key", "retired", "ended before the proposal", "not yet in use"],
)
def test_a_key_that_could_not_sign_then_does_not_count(change):
    home = a_city(FUZHOU, keys=[a_key(HOME_KEY, **change)])
    trusted = what_is_trusted(roster=a_roster(home, a_city(HANGZHOU)))

    with pytest.raises(Unauthenticated):
        open_signed(signed_by(an_override(), HOME_KEY, HOST_KEY), trusted)
    assert not is_party(an_override(), HOME_KEY.kid, trusted)


def test_a_key_that_ended_after_the_proposal_still_counts():
    home = a_city(FUZHOU, keys=[a_key(HOME_KEY, use_until=NOW - timedelta(hours=1))])
    trusted = what_is_trusted(roster=a_roster(home, a_city(HANGZHOU)))

    assert open_published(signed_by(an_override(), HOME_KEY, HOST_KEY), trusted)


def test_an_override_of_a_city_outside_the_roster_is_refused():
    with pytest.raises(Refused, match="unknown_city"):
        open_signed(signed_by(an_override(home="410100"), HOME_KEY, HOST_KEY), what_is_trusted())


def test_a_key_of_a_party_may_sign():
    trusted = what_is_trusted()

    assert is_party(CROSSWALK, OFFICE.kid, trusted)
    assert not is_party(CROSSWALK, HOME_KEY.kid, trusted)
    assert is_party(an_override(), HOST_KEY.kid, trusted)
    assert not is_party(an_override(), OFFICE.kid, trusted)


def test_a_changed_text_is_refused():
    document = json.loads(signed_by(CROSSWALK, OFFICE, SECOND_OFFICE))
    claims = crosswalk_claims(a_crosswalk(version=9), NOW)
    document["payload"] = jws.encode(jws.write_json(claims))

    with pytest.raises(Unauthenticated, match="bad_signature"):
        open_signed(json.dumps(document), what_is_trusted())


def test_another_kind_of_document_is_no_crosswalk():
    text = jws.write(crosswalk_claims(CROSSWALK, NOW), typ="huxin-roster+jwt", signer=OFFICE)

    with pytest.raises(Malformed, match=TYPE.replace("+", ".")):
        open_signed(text, what_is_trusted())


def test_more_signatures_make_no_other_document():
    one, both = signed_by(CROSSWALK, OFFICE), signed_by(CROSSWALK, OFFICE, SECOND_OFFICE)

    assert read_published(one).digest == read_published(both).digest


@pytest.mark.parametrize(
    "change",
    [
        {"version": 0},
        {"version": "1"},
        {"effective_from": "2026-01-01"},
        {"effective_until": "soon"},
        {"iat": None},
        {"name": "350100-330100-sports"},
        {"remark": "what nobody knows how to read"},
        {"cities": []},
    ],
)
def test_claims_that_mean_something_else_are_refused(change):
    with pytest.raises(Malformed):
        read_crosswalk_claims({**crosswalk_claims(CROSSWALK, NOW), **change})


@pytest.mark.parametrize("document", [CROSSWALK, an_override(effective_until=NOW)])
def test_a_draft_and_what_is_signed_say_the_same(document, tmp_path):
    path = tmp_path / "draft.yaml"
    path.write_text(draft_text(document), "utf-8")

    assert load_draft(path) == document
    assert read_crosswalk_claims(crosswalk_claims(document, NOW)) == (document, NOW)


@given(
    edges=st.lists(st.decimals("0.01", "999", places=2), unique=True, min_size=1, max_size=6),
    data=st.data(),
)
def test_every_table_there_can_be_is_read_back_to_the_letter(edges, data):
    marks = [0, *sorted(edges), None]
    tiers = sorted(data.draw(st.lists(st.integers(1, 5), min_size=len(edges) + 1)))
    low = data.draw(st.sets(st.sampled_from(sorted(edges))))
    rows = [
        [None if mark is None else str(mark) for mark in (lower, upper)] + [f"band {n}", tier]
        for n, (lower, upper, tier) in enumerate(zip(marks, marks[1:], tiers, strict=False))
    ]
    city = {"score": "分", "lowest": 0, "bands": rows, "edges": dict.fromkeys(low, "lower")}
    table = {"version": 1, "effective_from": NOW, "cities": {"330100": city}}
    document = read_crosswalk(table)

    again, _ = read_crosswalk_claims(crosswalk_claims(document, NOW))

    assert again == document
    assert [band.tier for band in again.scales["330100"].bands] == tiers[: len(rows)]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("override: {version: 1}", "`bands` is missing"),
        ("override:\n  version: 1\n  bands:\n    - [良好]", "row 1 .line 4.*label, tier"),
        ("override:\n  version: 1\n  bands:\n  - [a, 1]\n  - [a, 2]", "a label stands twice"),
        ("override:\n  version: 1\n  version: 2", "stands twice"),
        ("tables: []", "a list `crosswalks` is wanted"),
        ("crosswalks: []", "no such version"),
    ],
)
def test_a_mistake_in_a_draft_is_told_with_its_line(tmp_path, text, what):
    path = tmp_path / "draft.yaml"
    path.write_text(text, "utf-8")

    with pytest.raises(Malformed, match=what):
        load_draft(path)


def test_a_category_that_nobody_knows_is_told(tmp_path):
    path = tmp_path / "draft.yaml"
    path.write_text(draft_text(an_override(tiers=TIERS)).replace("sports", "sport"), "utf-8")

    with pytest.raises(Malformed, match="no category is named 'sport'"):
        load_draft(path)


def test_a_band_that_falls_is_told_with_the_line_of_its_city(tmp_path):
    path = tmp_path / "draft.yaml"
    path.write_text(draft_text(CROSSWALK).replace("持卡, 4", "持卡, 0"), "utf-8")

    with pytest.raises(Malformed, match=r"city 320100: 持卡: tiers go from 1 to 5 \(line \d+\)"):
        load_draft(path)
