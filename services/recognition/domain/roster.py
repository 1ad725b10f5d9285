"""The roster: which cities belong to the alliance, where they are and by which keys they sign.

A key signs and is believed from `use_from` until `use_until`.  A planned change needs no haste:
the next key is listed before its time, the current one keeps its end.  A key that must not be
believed any longer, whatever its dates, is listed as retired.

Each key has one use.  An attestation key signs what is kept and passed on: attestations, status
lists, notices.  A transport key signs calls between gateways.  To an encryption key the alliance
seals what is for that city alone.  Used for another purpose a key is as unknown as a stranger's, so
that whoever gets hold of one cannot do the work of all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from contracts.errors import Refused
from services.recognition.domain.jws import Jwk


class KeyState(StrEnum):
    """What the alliance says of a key."""

    CURRENT = "current"
    NEXT = "next"
    RETIRED = "retired"


class KeyUse(StrEnum):
    """What a key is for: to sign attestations or calls, or to be sealed to."""

    ATTESTATION = "attestation"
    TRANSPORT = "transport"
    ENCRYPTION = "encryption"


@dataclass(frozen=True, kw_only=True)
class Key:
    """Invariant: `kid` is the RFC 7638 thumbprint of `jwk`, a public key; one key, one use."""

    kid: str
    jwk: Jwk
    use: KeyUse
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
    """A member of the alliance as the roster lists it.

    `code` names it among people and in messages; `gateway`, its address, names it in tokens;
    `reason` is the alliance's, for its state, where there is one to give.
    """

    code: str
    name: str
    name_en: str
    gateway: str
    state: str
    keys: Mapping[str, Key]
    reason: str = ""

    @property
    def online(self) -> bool:
        return self.state == "online"

    def keys_for(self, use: KeyUse) -> Sequence[Key]:
        """Return the keys of one use that may be believed now or at another time."""
        return [
            key
            for key in self.keys.values()
            if key.use is use and key.state is not KeyState.RETIRED
        ]

    def attestation_key(self, kid: str, at: datetime) -> Key:
        """Find the attestation key that signed at a moment.

        Raises Refused unknown_key, for a transport key too, or key_not_current.
        """
        key = self.keys.get(kid)
        if key is None or key.use is not KeyUse.ATTESTATION:
            raise Refused("unknown_key", f"no attestation key of city {self.code}")
        if reason := key.why_not_usable(at):
            raise Refused("key_not_current", f"key {key.kid} of city {self.code}: {reason}")
        return key

    def serves(self, uri: str) -> bool:
        """Say whether an address lies under this city's own gateway."""
        return uri.startswith(self.gateway.rstrip("/") + "/")


@dataclass(frozen=True, kw_only=True)
class Roster:
    """Invariant: of two rosters the higher version is right; no two cities share a gateway.

    `digest` as in DocumentVersion; empty in a roster that is yet to be signed.  `as_of` is when the
    node that goes by it last heard that this is the alliance's word.
    """

    version: int
    issued_at: datetime
    valid_until: datetime
    grace: timedelta
    cities: Mapping[str, City]
    digest: str = field(default="", compare=False)
    as_of: datetime | None = field(default=None, compare=False)

    @property
    def grace_until(self) -> datetime:
        return self.valid_until + self.grace

    def check_age(self, now: datetime) -> None:
        """Refuse to rest on a roster beyond its grace; raises Refused("stale_roster")."""
        if now >= self.grace_until:
            raise Refused("stale_roster", f"version {self.version} ended and its grace is over")

    def in_grace(self, now: datetime) -> bool:
        """Say whether the roster is over but still carried by its grace: time to warn."""
        return self.valid_until <= now < self.grace_until

    def why_not_believed(self, code: str, kid: str) -> str | None:
        """Say why nothing stands any more that this city attested by this key, or None."""
        city = self.cities.get(code)
        if city is None or not city.online:
            return "city_not_online"
        if kid not in {key.kid for key in city.keys_for(KeyUse.ATTESTATION)}:
            return "key_retired"
        return None

    def city(self, code: str) -> City:
        """Find a member; raises Refused("unknown_city")."""
        if code not in self.cities:
            raise Refused("unknown_city")
        return self.cities[code]

    def online_city(self, code: str) -> City:
        """Find a member that takes part now; raises Refused unknown_city or city_not_online."""
        return _online(self.city(code))

    def online_city_at(self, gateway: str) -> City:
        """Find a member that takes part now by its address, as a token names it, to the letter.

        Raises as online_city.
        """
        for city in self.cities.values():
            if city.gateway == gateway:
                return _online(city)
        raise Refused("unknown_city")


def is_gateway(text: str) -> bool:
    """Ask for the one way to write an address, because it is compared letter by letter."""
    url = urlsplit(text)
    plain = f"{url.scheme}://{url.netloc.lower()}{url.path.rstrip('/')}"
    return url.scheme in {"http", "https"} and bool(url.netloc) and text == plain


def _online(city: City) -> City:
    if not city.online:
        raise Refused("city_not_online", f"city {city.code} is {city.state}")
    return city
