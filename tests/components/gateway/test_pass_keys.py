"""The keys of passes: for everyone, kept for a minute, and served while scenarios is away."""

import pytest

from contracts.errors import Unavailable
from contracts.passes import PassKeySet, ShowPassKeys
from tests.builders.gateway import CITY

pytestmark = pytest.mark.gateway

KEYS = PassKeySet(city=CITY, keys=({"kty": "OKP", "crv": "Ed25519", "kid": "1", "x": "AA"},))
PATH = "/.well-known/pass-keys"


def test_the_keys_are_a_jwk_set_that_a_device_may_keep(door):
    door.bus.answer(ShowPassKeys, KEYS)

    first = door.ask("GET", PATH)
    again = door.ask("GET", PATH, headers={"If-None-Match": first.headers["ETag"]})

    assert first.json == {"city": CITY, "keys": list(KEYS.keys)}
    assert "max-age=3600" in first.headers["Cache-Control"]
    assert again.status_code == 304
    assert len(door.bus.sent) == 1


def test_while_scenarios_is_away_the_keys_of_before_are_served(door):
    door.bus.answer(ShowPassKeys, KEYS, Unavailable("unavailable"))
    before = door.ask("GET", PATH)
    door.clock.move(minutes=2)

    assert door.ask("GET", PATH).json == before.json


def test_before_the_first_answer_there_is_none(door):
    door.bus.answer(ShowPassKeys, Unavailable("unavailable"))

    assert door.ask("GET", PATH).status_code == 503
