"""The roster: which cities belong to the alliance, where they are and by which keys they sign.

A key signs and is believed from `use_from` until `use_until`.  A planned change needs no haste:
the next key is listed before its time, the current one keeps its end.  A key that must not be
believed any longer, whatever its dates, is listed as retired.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from contracts.errors import Refused
from services.recognition.domain.jws import Jwk


class KeyState(StrEnum):
    """What the alliance says of a key."""

    CURRENT = "current"
    NEXT = "next"
    RETIRED = "retired"


@dataclass(frozen=True, kw_only=True)
class Key:
    """Invariant: `kid` is the RFC 7638 thumbprint of `jwk`, a public key."""

    kid: str
    jwk: Jwk
    use_from: datetime
    use_until: datetime
    state: KeyState = KeyState.CURRENT

    def why_not_usable(self, at: datetime) -> str | None:
        """Say why nothing signed at this moment by this key is believed, or None."""
        if self.state is KeyState.RETIRED:
            return "retired"
        if at < self.use_from:
            return "not in use yet"
        if at >= self.use_until:
            return "out of use"
        return None


@dataclass(frozen=True, kw_only=True)
class City:
    """A member of the alliance as the roster lists it."""

    code: str
    name: str
    name_en: str
    gateway: str
    state: str
    keys: Mapping[str, Key]

    @property
    def online(self) -> bool:
        return self.state == "online"

    def key(self, kid: str) -> Key:
        """Find a key; raises Refused("unknown_key")."""
        if kid not in self.keys:
            raise Refused("unknown_key", f"city {self.code}")
        return self.keys[kid]

    def key_in_use(self, kid: str, at: datetime) -> Key:
        """Find the key that signed at a moment; raises Refused unknown_key or key_not_current."""
        key = self.key(kid)
        if reason := key.why_not_usable(at):
            raise Refused("key_not_current", f"key {key.kid} of city {self.code}: {reason}")
        return key

    def serves(self, uri: str) -> bool:
        """Say whether an address lies under this city's own gateway."""
        return uri.startswith(self.gateway.rstrip("/") + "/")


@dataclass(frozen=True, kw_only=True)
class Roster:
    """Invariant: of two rosters the one with the higher version is right."""

    version: int
    issued_at: datetime
    valid_until: datetime
    grace: timedelta
    cities: Mapping[str, City]

    def check_age(self, now: datetime) -> None:
        """Refuse to rest on a roster beyond its grace; raises Refused("stale_roster")."""
        if now >= self.valid_until + self.grace:
            raise Refused("stale_roster", f"version {self.version} ended and its grace is over")

    def in_grace(self, now: datetime) -> bool:
        """Say whether the roster is over but still carried by its grace: time to warn."""
        return self.valid_until <= now < self.valid_until + self.grace

    def city(self, code: str) -> City:
        """Find a member; raises Refused("unknown_city")."""
        if code not in self.cities:
            raise Refused("unknown_city")
        return self.cities[code]

    def online_city(self, code: str) -> City:
        """Find a member that takes part now; raises Refused unknown_city or city_not_online."""
        city = self.city(code)
        if not city.online:
            raise Refused("city_not_online", f"city {city.code} is {city.state}")
        return city
