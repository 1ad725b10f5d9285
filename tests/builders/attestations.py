"""Two cities that trust each other, a holder, and what passes between them.

`a_presentation()` verifies at `a_host()`; each test overrides the one thing it is about.
"""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

from services.recognition.adapters.crosswalk_file import load_crosswalks
from services.recognition.adapters.keys import PrivateKey
from services.recognition.adapters.suites import SuiteSignatures
from services.recognition.domain import jws, sd_jwt
from services.recognition.domain.attestation import (
    DISCLOSABLE,
    KEY_BINDING_TYPE,
    TYPE,
    Attestation,
    StatusEntry,
)
from services.recognition.domain.crosswalk import Crosswalk
from services.recognition.domain.jws import Signer
from services.recognition.domain.moments import to_seconds
from services.recognition.domain.roster import City, Key, KeyState, KeyUse, Roster
from services.recognition.domain.status_list import StatusReading
from services.recognition.domain.verification import Host

NOW = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
YEAR = timedelta(days=365)
FUZHOU, HANGZHOU = "350100", "330100"
GATEWAY, HOME_GATEWAY = "https://hangzhou.example", "https://fuzhou.example"
CHALLENGE = "n-0S6_WzA2Mj"
CROSSWALK = load_crosswalks(Path(__file__).parents[2] / "deploy/alliance/crosswalk.yaml")[1]

HOME_KEY = PrivateKey.generate("EdDSA")
HOST_KEY = PrivateKey.generate("ES256")
HOLDER_KEY = PrivateKey.generate("ES256")
OTHER_KEY = PrivateKey.generate("EdDSA")


def salts():
    """Make salts that differ and repeat from run to run."""
    numbers = count()
    return lambda: f"salt-{next(numbers):017}"


def a_key(private: PrivateKey = HOME_KEY, **overrides: Any) -> Key:
    values = {
        "kid": private.kid,
        "jwk": private.public_jwk,
        "use": KeyUse.ATTESTATION,
        "use_from": NOW - YEAR,
        "use_until": NOW + YEAR,
        "state": KeyState.CURRENT,
    }
    return Key(**{**values, **overrides})


def a_city(code: str = FUZHOU, *, keys: Collection[Key] | None = None, **overrides: Any) -> City:
    name_en = {FUZHOU: "Fuzhou", HANGZHOU: "Hangzhou"}.get(code, "Elsewhere")
    listed = [a_key(HOST_KEY if code == HANGZHOU else HOME_KEY)] if keys is None else keys
    values = {
        "code": code,
        "name": {FUZHOU: "福州", HANGZHOU: "杭州"}.get(code, "他处"),
        "name_en": name_en,
        "gateway": f"https://{name_en.lower()}.example",
        "state": "online",
        "keys": {key.kid: key for key in listed},
    }
    return City(**{**values, **overrides})


def a_roster(*cities: City, **overrides: Any) -> Roster:
    members = cities or (a_city(FUZHOU), a_city(HANGZHOU))
    values = {
        "version": 7,
        "issued_at": NOW - timedelta(days=30),
        "valid_until": NOW + YEAR,
        "grace": timedelta(days=14),
        "cities": {city.code: city for city in members},
    }
    return Roster(**{**values, **overrides})


def a_crosswalk(**overrides: Any) -> Crosswalk:
    values = {
        "version": 1,
        "effective_from": CROSSWALK.effective_from,
        "effective_until": None,
        "scales": CROSSWALK.scales,
    }
    return Crosswalk(**{**values, **overrides})


def an_attestation(**overrides: Any) -> Attestation:
    values = {
        "id": UUID("0192f3a0-0000-7000-8000-000000000001"),
        "issuer": HOME_GATEWAY,
        "audience": GATEWAY,
        "subject": "A" * 43,
        "issued_at": NOW - timedelta(hours=1),
        "expires_at": NOW + timedelta(days=7),
        "holder_key": HOLDER_KEY.public_jwk,
        "status": StatusEntry("https://fuzhou.example/status/1", 4711),
        "crosswalk": 1,
        "tier": 4,
        "band": "优秀",
        "as_of": NOW - timedelta(days=20),
        "purposes": ("sports", "transport"),
        "score_name": "茉莉分",
    }
    return Attestation(**{**values, **overrides})


def a_presentation(
    attestation: Attestation | None = None,
    *,
    claims: Mapping[str, Any] | None = None,
    without: Collection[str] = (),
    concealed: Collection[str] = DISCLOSABLE,
    shown: Collection[str] = DISCLOSABLE,
    typ: str = TYPE,
    signer: Signer = HOME_KEY,
    proof: Mapping[str, Any] | None = None,
    proof_typ: str = KEY_BINDING_TYPE,
    holder: Signer | None = HOLDER_KEY,
) -> str:
    """Issue and present; `claims` and `proof` replace claims, no `holder` means no proof."""
    said = {**(attestation or an_attestation()).claims(), **(claims or {})}
    payload, disclosures = sd_jwt.conceal(
        {name: value for name, value in said.items() if name not in without}, concealed, salts()
    )
    token = jws.write(payload, typ=typ, signer=signer)
    presented = sd_jwt.select(sd_jwt.SdJwt(token, disclosures), shown)
    if holder is None:
        return str(presented)
    answer = {
        "aud": GATEWAY,
        "nonce": CHALLENGE,
        "iat": to_seconds(NOW),
        "sd_hash": sd_jwt.digest(presented.bound_text),
        **(proof or {}),
    }
    return presented.bound_text + jws.write(answer, typ=proof_typ, signer=holder)


class KnownStatuses:
    """Statuses that a test states."""

    def __init__(
        self,
        value: int | None = 0,
        age: timedelta = timedelta(minutes=2),
        grace: timedelta = timedelta(0),
    ) -> None:
        self.value, self.age, self.grace = value, age, grace

    def read(self, entry: StatusEntry) -> StatusReading | None:
        if self.value is None:
            return None
        as_of = NOW - self.age
        return StatusReading(self.value, as_of, as_of + timedelta(minutes=10), self.grace)


def a_host(**overrides: Any) -> Host:
    values = {
        "city": HANGZHOU,
        "gateway": GATEWAY,
        "roster": a_roster(),
        "crosswalks": {1: a_crosswalk()},
        "signatures": SuiteSignatures(),
        "statuses": KnownStatuses(),
    }
    return Host(**{**values, **overrides})
