"""A node announces the roster it goes by, once per version, and ends what it no longer carries."""

from datetime import timedelta

import pytest

from contracts.recognition import RecognitionEnded, RosterAdopted
from contracts.words import CityState
from services.recognition.domain.pseudonym_keys import PseudonymKeys
from services.recognition.domain.roster import KeyState, KeyUse
from services.recognition.handlers import roster
from services.recognition.handlers.recognitions import recognise_attestation
from services.recognition.handlers.roster import (
    adopt_pseudonym_keys,
    adopt_roster,
    end_unbelieved,
)
from tests.builders.attestations import (
    FUZHOU,
    HANGZHOU,
    HOME_KEY,
    NOW,
    OTHER_KEY,
    YEAR,
    a_city,
    a_key,
    a_roster,
)
from tests.builders.recognition import (
    a_recognise_attestation,
    an_issued_attestation,
    an_open_challenge,
    home_node,
    host_node,
)
from tests.fakes.recognition import FakeSource, FakeUnitOfWork

pytestmark = pytest.mark.recognition


def adopted(uow, roster):
    adopt_roster(uow=uow, node=home_node(rosters=FakeSource(roster)), now=NOW)


def test_a_new_roster_is_announced_with_every_city(uow):
    adopted(uow, a_roster(a_city(FUZHOU), a_city(HANGZHOU, state="suspended")))

    [announced] = uow.announced_of(RosterAdopted)
    assert (announced.version, announced.valid_until) == (7, NOW + YEAR)
    assert announced.grace_until == NOW + YEAR + timedelta(days=14)
    fuzhou, hangzhou = announced.cities
    assert (fuzhou.code, fuzhou.url) == (FUZHOU, "https://fuzhou.example")
    assert hangzhou.state is CityState.SUSPENDED


def test_the_keys_of_a_city_are_announced_with_their_names_and_time(uow):
    adopted(uow, a_roster())

    [key] = uow.announced_of(RosterAdopted)[0].cities[0].attestation_keys
    assert key == {
        **HOME_KEY.public_jwk,
        "kid": HOME_KEY.kid,
        "nbf": int((NOW - YEAR).timestamp()),
        "exp": int((NOW + YEAR).timestamp()),
    }


def test_keys_are_announced_by_their_use(uow):
    keys = [a_key(HOME_KEY), a_key(OTHER_KEY, use=KeyUse.TRANSPORT)]

    adopted(uow, a_roster(a_city(FUZHOU, keys=keys)))

    [city] = uow.announced_of(RosterAdopted)[0].cities
    assert [key["kid"] for key in city.attestation_keys] == [HOME_KEY.kid]
    assert [key["kid"] for key in city.transport_keys] == [OTHER_KEY.kid]


def test_a_retired_key_is_not_announced(uow):
    keys = [a_key(HOME_KEY), a_key(OTHER_KEY, state=KeyState.RETIRED)]

    adopted(uow, a_roster(a_city(FUZHOU, keys=keys)))

    [key] = uow.announced_of(RosterAdopted)[0].cities[0].attestation_keys
    assert key["kid"] == HOME_KEY.kid


def test_a_roster_is_announced_once(uow):
    for _ in range(2):
        adopted(uow, a_roster())

    assert len(uow.announced_of(RosterAdopted)) == 1


def test_every_newer_version_is_announced(uow):
    for version in (7, 8):
        adopted(uow, a_roster(version=version))

    assert [event.version for event in uow.announced_of(RosterAdopted)] == [7, 8]


def test_an_older_version_is_not_gone_back_to(uow):
    newer, older = a_roster(version=8), a_roster(version=7)
    adopted(uow, newer)

    source = FakeSource(older, newer)
    adopt_roster(uow=uow, node=home_node(rosters=source), now=NOW)

    assert [event.version for event in uow.announced_of(RosterAdopted)] == [8]
    assert source.used.content.version == 8  # as another process of this node does


def test_what_is_gone_by_was_kept_before(uow):
    source = FakeSource(a_roster())

    adopt_roster(uow=uow, node=home_node(rosters=source), now=NOW)

    with uow:
        kept = uow.adopted_rosters.newest()
    assert (kept.version, kept.text) == (source.used.version, source.used.text)


def sealed_keys(version):
    return PseudonymKeys(version=version, issued_at=NOW, keys=())


def test_pseudonym_keys_are_kept_and_gone_by_like_the_roster(uow):
    first, second = sealed_keys(1), sealed_keys(2)
    used = []
    for contents in ([], [first], [second], [first, second]):
        source = FakeSource(*contents)
        adopt_pseudonym_keys(uow=uow, node=home_node(pseudonym_keys=source), now=NOW)
        used.append(source.used and source.used.content.version)

    assert used == [None, 1, 2, 2]


def recognised(uow, times=1):
    credential = an_issued_attestation(FakeUnitOfWork()).credential
    node = host_node()
    for _ in range(times):
        command = a_recognise_attestation(credential, an_open_challenge(uow, node))
        recognise_attestation(command, uow=uow, node=node, now=NOW)


def ended(uow, *fuzhou, now=NOW):
    """Go by a roster with Hangzhou and this Fuzhou, if any; return why recognitions ended."""
    roster = a_roster(*fuzhou, a_city(HANGZHOU), version=8)
    more = end_unbelieved(uow=uow, node=host_node(roster=lambda: roster), now=now)
    return more, [event.reason for event in uow.announced_of(RecognitionEnded)]


def test_what_a_retired_key_signed_ends(uow):
    recognised(uow)
    keys = [a_key(HOME_KEY, state=KeyState.RETIRED), a_key(OTHER_KEY)]

    assert ended(uow, a_city(FUZHOU, keys=keys)) == (False, ["key_retired"])


def test_what_was_signed_by_a_key_that_the_roster_dropped_ends(uow):
    recognised(uow)

    assert ended(uow, a_city(FUZHOU, keys=[a_key(OTHER_KEY)])) == (False, ["key_retired"])


@pytest.mark.parametrize("fuzhou", [[a_city(FUZHOU, state="suspended")], []])
def test_what_a_city_attested_ends_when_it_is_not_online_any_more(uow, fuzhou):
    recognised(uow)

    assert ended(uow, *fuzhou) == (False, ["city_not_online"])


def test_what_a_key_signed_stands_when_the_key_goes_out_of_use_as_planned(uow):
    recognised(uow)
    keys = [a_key(HOME_KEY, use_until=NOW), a_key(OTHER_KEY)]

    assert ended(uow, a_city(FUZHOU, keys=keys), now=NOW + YEAR / 365) == (False, [])


def test_a_recognition_that_is_over_is_not_ended_again(uow):
    recognised(uow)

    assert ended(uow, now=NOW + YEAR) == (False, [])


def test_recognitions_are_ended_some_at_a_time(uow, monkeypatch):
    monkeypatch.setattr(roster, "AT_A_TIME", 2)
    recognised(uow, times=3)

    first, second = ended(uow), ended(uow)

    assert first == (True, ["city_not_online"] * 2)
    assert second == (False, ["city_not_online"] * 3)
