"""The roster as JSON claims: what the alliance signs, and what stands in its drafts."""

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from contracts.errors import Malformed
from contracts.words import CityState
from services.recognition.adapters.suites import is_known, thumbprint
from services.recognition.domain import jws
from services.recognition.domain.moments import from_seconds, to_seconds
from services.recognition.domain.roster import City, Key, KeyState, KeyUse, Roster, is_gateway

LONGEST_TEXT: Final = 120  # characters: what messages and tables carry


def roster_claims(roster: Roster) -> dict[str, Any]:
    """Write a roster, its cities and their keys in one order, however it came about."""
    claims = {
        "version": roster.version,
        "iat": to_seconds(roster.issued_at),
        "exp": to_seconds(roster.valid_until),
        "grace": int(roster.grace.total_seconds()),
        "cities": [_city_claims(city) for city in roster.cities.values()],
    }
    return in_order(claims)


def read_roster(claims: Mapping[str, Any]) -> Roster:
    """Read a roster; raises Malformed naming the place."""
    try:
        return _read_roster(claims)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Malformed("malformed", f"roster: {error}") from error


def read_whole_roster(claims: Mapping[str, Any]) -> Roster:
    """Read a roster that is to be written again; raises Malformed if anything would be lost."""
    roster = read_roster(claims)
    try:
        whole = roster_claims(roster) == in_order(claims)
    except (KeyError, TypeError):  # in a key of a suite to come, which was passed over
        whole = False
    if not whole:
        lost = "it holds what this version of huxin cannot write: a misspelt member, a later suite"
        raise Malformed("malformed", f"roster: {lost}")
    return roster


def in_order(claims: Mapping[str, Any]) -> dict[str, Any]:
    """Sort cities by code, and keys by use and date."""
    cities = [
        {**city, "keys": sorted(city["keys"], key=lambda key: (key["use"], key["nbf"], key["kid"]))}
        for city in claims["cities"]
    ]
    return {**claims, "cities": sorted(cities, key=lambda city: str(city["code"]))}


def _city_claims(city: City) -> dict[str, Any]:
    reason = {"state_reason": city.reason} if city.reason else {}
    return {
        "code": city.code,
        "name": city.name,
        "name_en": city.name_en,
        "gateway": city.gateway,
        "state": city.state,
        **reason,
        "keys": [
            {
                "kid": key.kid,
                "use": key.use,
                "jwk": dict(key.jwk),
                "state": key.state,
                "nbf": to_seconds(key.use_from),
                "exp": to_seconds(key.use_until),
            }
            for key in city.keys.values()
        ],
    }


def _read_roster(claims: Mapping[str, Any]) -> Roster:
    cities = [_read_city(city) for city in claims["cities"]]
    roster = Roster(
        version=claims["version"],
        issued_at=from_seconds(claims["iat"]),
        valid_until=from_seconds(claims["exp"]),
        grace=_read_grace(claims["grace"], claims["exp"]),
        cities={city.code: city for city in cities},
        digest=hashlib.sha256(jws.write_json(claims)).hexdigest(),
    )
    if type(roster.version) is not int or roster.version < 1:
        raise ValueError("version")
    if len(roster.cities) != len(cities):
        raise ValueError("a city stands twice")
    if len({city.gateway for city in cities}) != len(cities):
        raise ValueError("two cities share a gateway")
    kids = [key.get("kid") for city in claims["cities"] for key in city["keys"]]
    if len(set(kids)) != len(kids):
        raise ValueError("a key stands twice; each has one use, in one city")
    return roster


def _read_grace(seconds: Any, expires: int) -> timedelta:
    if type(seconds) is not int or seconds < 0:
        raise ValueError("grace is a whole number of seconds")
    return from_seconds(expires + seconds) - from_seconds(expires)  # while there are moments


def _read_city(claims: Mapping[str, Any]) -> City:
    code = str(claims["code"])
    if not is_gateway(claims["gateway"]):
        raise ValueError(f"city {code}: gateway is no address")
    for text in (claims["name"], claims["name_en"], claims.get("state_reason", "-")):
        if not 1 <= len(text) <= LONGEST_TEXT or not text.isprintable():
            raise ValueError(f"city {code}: names and reasons are one line of 1 to {LONGEST_TEXT}")
    # A key of a suite this node does not have yet is of no use to it, and no reason to stop.
    keys = [read_key(key, code) for key in claims["keys"] if is_known(key["jwk"])]
    return City(
        code=code,
        name=str(claims["name"]),
        name_en=str(claims["name_en"]),
        gateway=claims["gateway"],
        state=CityState(claims["state"]),
        reason=str(claims.get("state_reason", "")),
        keys={key.kid: key for key in keys},
    )


def read_key(claims: Mapping[str, Any], code: str) -> Key:
    """Read a key of a city; raises ValueError, KeyError or TypeError."""
    jwk = claims["jwk"]
    if "d" in jwk:
        raise ValueError(f"city {code}: a private key in the roster; it is lost, replace it")
    kid = thumbprint(jwk)
    if claims["kid"] != kid:
        raise ValueError(f"city {code}: key {kid} goes by another name")
    return Key(
        kid=kid,
        jwk=jwk,
        use=KeyUse(claims["use"]),
        use_from=from_seconds(claims["nbf"]),
        use_until=from_seconds(claims["exp"]),
        state=KeyState(claims["state"]),
    )
