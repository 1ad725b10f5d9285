"""The roster as a file: a compact JWS by the alliance, for which any channel will do.

A node never goes back to an older roster than it has seen.  One whose grace is over is still read:
nothing is believed or signed by it (Roster.check_age), but residents can withdraw their consent.
"""

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from contracts.errors import Malformed, Refused
from contracts.words import CityState
from services.recognition.adapters.documents import open_document
from services.recognition.adapters.suites import is_known, thumbprint
from services.recognition.domain import jws
from services.recognition.domain.jws import Jwk, Signatures, Signer
from services.recognition.domain.moments import from_seconds, to_seconds
from services.recognition.domain.roster import (
    City,
    Key,
    KeyState,
    KeyUse,
    Roster,
    RosterVersion,
    is_gateway,
)

TYPE: Final = "huxin-roster+jwt"


def sign_roster(roster: Roster, signer: Signer) -> str:
    """Write the file's text, signed by an alliance key."""
    return jws.write(_roster_claims(roster), typ=TYPE, signer=signer)


def load_roster(
    text: str,
    *,
    alliance_keys: Mapping[str, Jwk],
    signatures: Signatures,
    last: RosterVersion | None = None,
) -> Roster:
    """Read and check a roster file.

    Raises Unauthenticated("bad_signature"), Malformed naming the place, Refused("stale_roster") for
    one older than `last`, or of the same version with other content: there were two of it.
    """
    claims = open_document(text, typ=TYPE, alliance_keys=alliance_keys, signatures=signatures)
    try:
        roster = _read_roster(claims)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Malformed("malformed", f"roster: {error}") from error
    if last is not None and roster.version < last.number:
        raise Refused("stale_roster", f"version {roster.version}, seen {last.number}")
    if last is not None and roster.version == last.number and roster.digest != last.digest:
        raise Refused("stale_roster", f"version {roster.version} was seen with other content")
    return roster


def _roster_claims(roster: Roster) -> dict[str, Any]:
    return {
        "version": roster.version,
        "iat": to_seconds(roster.issued_at),
        "exp": to_seconds(roster.valid_until),
        "grace": int(roster.grace.total_seconds()),
        "cities": [_city_claims(city) for city in roster.cities.values()],
    }


def _city_claims(city: City) -> dict[str, Any]:
    return {
        "code": city.code,
        "name": city.name,
        "name_en": city.name_en,
        "gateway": city.gateway,
        "state": city.state,
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


def _read_roster(claims: dict[str, Any]) -> Roster:
    cities = [_read_city(city) for city in claims["cities"]]
    roster = Roster(
        version=claims["version"],
        issued_at=from_seconds(claims["iat"]),
        valid_until=from_seconds(claims["exp"]),
        grace=timedelta(seconds=claims["grace"]),
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


def _read_city(claims: Mapping[str, Any]) -> City:
    code = str(claims["code"])
    if not is_gateway(claims["gateway"]):
        raise ValueError(f"city {code}: gateway is no address")
    # A key of a suite this node does not have yet is of no use to it, and no reason to stop.
    keys = [_read_key(key, code) for key in claims["keys"] if is_known(key["jwk"])]
    return City(
        code=code,
        name=str(claims["name"]),
        name_en=str(claims["name_en"]),
        gateway=claims["gateway"],
        state=CityState(claims["state"]),
        keys={key.kid: key for key in keys},
    )


def _read_key(claims: Mapping[str, Any], code: str) -> Key:
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
