"""The node's signing keys: private JWK files, and signing only with what the roster carries."""

import os
import stat
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from contracts.errors import Refused
from services.recognition.adapters.suites import (
    SUITES,
    SuiteMissing,
    SuiteSignatures,
    public_part,
    thumbprint,
)
from services.recognition.domain.jws import Jwk, read_json, write_json
from services.recognition.domain.roster import Key, KeyState, KeyUse, Roster

OWNER_ONLY: Final = 0o600


@dataclass(frozen=True)
class PrivateKey:
    """Invariant: a private JWK of a registered suite; what is printed of it is public."""

    alg: str
    _jwk: Jwk = field(repr=False)

    @classmethod
    def generate(cls, alg: str) -> "PrivateKey":
        """Make a new key; raises KeyError for an algorithm without a suite."""
        return cls(alg, SUITES[alg].generate())

    @property
    def public_jwk(self) -> dict[str, Any]:
        return public_part(self._jwk)

    @property
    def kid(self) -> str:
        """The key's name: its RFC 7638 thumbprint."""
        return thumbprint(self.public_jwk)

    def sign(self, message: bytes) -> bytes:
        return SUITES[self.alg].sign(message, self._jwk)

    def save(self, path: Path) -> None:
        """Write a file only its owner may read; raises FileExistsError rather than replace one."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        with os.fdopen(os.open(path, flags, OWNER_ONLY), "wb") as file:
            file.write(write_json({**self._jwk, "alg": self.alg, "kid": self.kid}))

    @classmethod
    def load(cls, path: Path) -> "PrivateKey":
        """Read a key file; raises Refused("key_not_usable") for one that others may read."""
        if stat.S_IMODE(path.stat().st_mode) & ~OWNER_ONLY:
            raise Refused("key_not_usable", f"{path.name}: others may read it; chmod 600")
        try:
            jwk = read_json(path.read_bytes())
            alg, private = str(jwk["alg"]), str(jwk["d"])
            public = public_part(jwk)
        except SuiteMissing as error:
            raise Refused("key_not_usable", f"{path.name}: {error}") from error
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise Refused("key_not_usable", f"{path.name}: not a private JWK") from error
        if not SuiteSignatures().fits(alg, public):
            raise Refused("key_not_usable", f"{path.name}: not a key for {alg}")
        return cls(alg, {**public, "d": private})


@dataclass(frozen=True)
class CityKey:
    """Signs for a city.

    Invariant: only with a key that the newest roster lists for this city and its gateway, for
    attestations, as current and in use; a partner would refuse anything else, and the holder would
    be the one to find out.
    """

    key: PrivateKey
    city: str
    gateway: str
    roster: Callable[[], Roster]
    clock: Callable[[], datetime]
    compromised: Collection[str] = ()  # keys that may be in other hands

    @property
    def kid(self) -> str:
        return self.key.kid

    @property
    def alg(self) -> str:
        return self.key.alg

    def sign(self, message: bytes) -> bytes:
        """Sign; raises Refused("key_not_usable") naming the key and the reason."""
        if reason := self.why_not_usable():
            raise Refused("key_not_usable", f"key {self.kid} of city {self.city}: {reason}")
        return self.key.sign(message)

    def why_not_usable(self) -> str | None:
        """Say why this key may not sign now, or None; also a check at start."""
        if self.kid in self.compromised:
            return "it was reported as compromised"
        return why_not_signing(
            self.kid,
            KeyUse.ATTESTATION,
            city=self.city,
            gateway=self.gateway,
            roster=self.roster(),
            now=self.clock(),
        )


def why_not_signing(
    kid: str, use: KeyUse, *, city: str, gateway: str, roster: Roster, now: datetime
) -> str | None:
    """Say why partners would not believe what a city signs by this key for this use, or None."""
    member = roster.cities.get(city)
    if member is None:
        return "the city is not in the roster"
    if member.gateway != gateway:
        return f"the roster has the city's gateway at {member.gateway}"
    if now >= roster.grace_until:
        return "the roster is over"
    return _why_not_usable(member.keys.get(kid), use, now)


def _why_not_usable(listed: Key | None, use: KeyUse, now: datetime) -> str | None:
    if listed is None:
        return "not in the roster"
    if listed.use is not use:
        return f"listed for {listed.use}, not for {use}"
    if listed.state is not KeyState.CURRENT:
        return f"listed as {listed.state}"
    return listed.why_not_usable(now)
