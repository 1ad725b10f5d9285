"""A node announces the roster it goes by, once per version, and never goes back."""

import pytest

from contracts.words import CityState
from services.recognition.domain.roster import KeyState, KeyUse
from services.recognition.handlers.roster import adopt_roster
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
from tests.builders.recognition import home_node

pytestmark = pytest.mark.recognition


def adopted(uow, roster):
    adopt_roster(uow=uow, node=home_node(roster=lambda: roster), now=NOW)


def test_a_new_roster_is_announced_with_every_city(uow):
    adopted(uow, a_roster(a_city(FUZHOU), a_city(HANGZHOU, state="suspended")))

    [announced] = uow.announced
    assert (announced.version, announced.valid_until) == (7, NOW + YEAR)
    fuzhou, hangzhou = announced.cities
    assert (fuzhou.code, fuzhou.url) == (FUZHOU, "https://fuzhou.example")
    assert hangzhou.state is CityState.SUSPENDED


def test_the_keys_of_a_city_are_announced_with_their_names_and_time(uow):
    adopted(uow, a_roster())

    [key] = uow.announced[0].cities[0].attestation_keys
    assert key == {
        **HOME_KEY.public_jwk,
        "kid": HOME_KEY.kid,
        "nbf": int((NOW - YEAR).timestamp()),
        "exp": int((NOW + YEAR).timestamp()),
    }


def test_keys_are_announced_by_their_use(uow):
    keys = [a_key(HOME_KEY), a_key(OTHER_KEY, use=KeyUse.TRANSPORT)]

    adopted(uow, a_roster(a_city(FUZHOU, keys=keys)))

    [city] = uow.announced[0].cities
    assert [key["kid"] for key in city.attestation_keys] == [HOME_KEY.kid]
    assert [key["kid"] for key in city.transport_keys] == [OTHER_KEY.kid]


def test_a_retired_key_is_not_announced(uow):
    keys = [a_key(HOME_KEY), a_key(OTHER_KEY, state=KeyState.RETIRED)]

    adopted(uow, a_roster(a_city(FUZHOU, keys=keys)))

    [key] = uow.announced[0].cities[0].attestation_keys
    assert key["kid"] == HOME_KEY.kid


def test_a_roster_is_announced_once(uow):
    for _ in range(2):
        adopted(uow, a_roster())

    assert len(uow.announced) == 1


def test_every_newer_version_is_announced(uow):
    for version in (7, 8):
        adopted(uow, a_roster(version=version))

    assert [event.version for event in uow.announced] == [7, 8]


def test_an_older_version_is_not_gone_back_to(uow):
    for version in (8, 7):
        adopted(uow, a_roster(version=version))

    assert [event.version for event in uow.announced] == [8]
