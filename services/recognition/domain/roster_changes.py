"""What the alliance's office may do to a roster, from one version to the next.

Every function returns a new roster and raises ValueError, saying what is wrong, for a change that
would leave a city without a word of its own to believe, or that changes nothing.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from contracts.words import CityState
from services.recognition.domain.membership import check_move
from services.recognition.domain.roster import City, Key, KeyState, KeyUse, Roster

# A city takes its next key into use by hand, at some moment while both keys count.
LEAST_OVERLAP: Final = timedelta(days=1)


def first_roster(*, now: datetime, life: timedelta, grace: timedelta) -> Roster:
    """Begin an alliance, without a city yet."""
    return Roster(version=1, issued_at=now, valid_until=now + life, grace=grace, cities={})


def next_roster(previous: Roster, *, now: datetime, life: timedelta, grace: timedelta) -> Roster:
    """Begin the version that follows, with the same cities."""
    return Roster(
        version=previous.version + 1,
        issued_at=now,
        valid_until=now + life,
        grace=grace,
        cities=previous.cities,
    )


def add_city(roster: Roster, city: City) -> Roster:
    """List a city that is not in the roster, with a key for each use."""
    if city.code in roster.cities:
        raise ValueError(f"city {city.code} is in the roster already")
    for other in roster.cities.values():
        if other.gateway == city.gateway:
            raise ValueError(f"city {other.code} has the gateway {city.gateway} already")
    for use in KeyUse:
        if not city.keys_for(use):
            raise ValueError(f"city {city.code} has no {use} key")
    _check_new(roster, city.keys)
    return _with_city(roster, city)


def rotate_key(roster: Roster, code: str, key: Key, *, overlap: timedelta | None = None) -> Roster:
    """List the key that follows those of its use, before the last of them ends.

    The others keep their end; with `overlap` they end so long after the new one starts, at the
    latest.  There is nothing to follow once all are retired or over.
    """
    city = _member(roster, code)
    _check_new(roster, {key.kid: key})
    if overlap is not None and overlap < LEAST_OVERLAP:
        raise ValueError(f"an overlap is {LEAST_OVERLAP.days} day or more")
    former = [old for old in city.keys_for(key.use) if old.use_until > roster.issued_at]
    for old in former:
        if old.use_from >= key.use_from:
            raise ValueError(f"key {old.kid} starts {_day(old.use_from)}: not before the new one")
    last = max((old.use_until for old in former), default=None)
    if last is not None and key.use_from > last - LEAST_OVERLAP:
        latest = _day(last - LEAST_OVERLAP)
        raise ValueError(f"a gap: the last key ends {_day(last)}; start by {latest}")
    end = key.use_from + overlap if overlap is not None else None
    kept = {
        old.kid: replace(old, use_until=min(old.use_until, end)) if end and old in former else old
        for old in city.keys.values()
    }
    if last is not None and key.use_until <= max(kept[old.kid].use_until for old in former):
        raise ValueError("the new key ends before one that it follows")
    return _with_city(roster, replace(city, keys={**kept, key.kid: key}))


def retire_key(roster: Roster, kid: str) -> Roster:
    """List a key as retired: nothing it ever signed is believed any more."""
    for city in roster.cities.values():
        if key := city.keys.get(kid):
            if key.state is KeyState.RETIRED:
                raise ValueError(f"key {kid} is retired already")
            retired = {kid: replace(key, state=KeyState.RETIRED)}
            return _with_city(roster, replace(city, keys={**city.keys, **retired}))
    raise ValueError(f"no city has a key {kid}")


def set_state(roster: Roster, code: str, state: CityState, reason: str = "") -> Roster:
    """Say where a city stands now, and why; raises ValueError for what is no step from there."""
    city = _member(roster, code)
    if city.state == state:
        raise ValueError(f"city {code} is {state} already")
    check_move(CityState(city.state), state, reason)
    return _with_city(roster, replace(city, state=state, reason=reason))


def check_follows(roster: Roster, previous: Roster | None) -> None:
    """Refuse a roster whose version does not come next; raises ValueError."""
    if previous is None and roster.version > 1:
        raise ValueError(f"version {roster.version} needs the previous one to compare with")
    if previous is not None and roster.version != previous.version + 1:
        raise ValueError(f"version {roster.version} does not follow version {previous.version}")


def _member(roster: Roster, code: str) -> City:
    if code not in roster.cities:
        raise ValueError(f"city {code} is not in the roster")
    return roster.cities[code]


def _check_new(roster: Roster, keys: Mapping[str, Key]) -> None:
    for city in roster.cities.values():
        for kid in keys:
            if kid in city.keys:
                raise ValueError(f"key {kid} is listed already, for city {city.code}")


def _with_city(roster: Roster, city: City) -> Roster:
    return replace(roster, cities={**roster.cities, city.code: city}, digest="")


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%MZ}"
