"""A gateway on its own: real application, real database file, no services behind."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from falcon import testing
from joserfc import jwt
from joserfc.jwk import ECKey, OKPKey
from sqlalchemy import Engine

from contracts.access import Scope
from contracts.benefits import RentalExtension
from contracts.recognition import MemberCity, RecognitionRecord, RosterAdopted
from contracts.rules import Limit
from contracts.scenarios import IncentivePublished, IncentiveRecord
from contracts.words import Category, CityState, OnWithdrawal, Period
from services.gateway.adapters import roster
from services.gateway.adapters.clients import Clients
from services.gateway.app import build_app
from services.gateway.authentication.receipts import Receipts
from services.gateway.authentication.secrets import ClientSecrets
from services.gateway.authentication.sessions import Holders, Operators, OwnTokens
from services.gateway.authentication.signatures import sign
from services.gateway.keys import read_gateway_keys
from services.gateway.settings import GatewaySettings
from services.plumbing.database import close_database, open_database
from services.plumbing.migrate import upgrade
from services.plumbing.settings import load_settings
from tests.fakes.gateway import FakeBus, FakeClock

CITY, PARTNER = "330100", "410100"
URL, ISSUER = "https://hangzhou.example", "https://id.hangzhou.example"
CIVIL_ID = "330100190001010019"
HOLDER = "holder-of-this-test-00000001"
RECOGNITION = UUID("b3f1a7c2-0000-4000-8000-000000000001")
ERASURE = UUID(int=5, version=4)
SESSION_KEY = b"\x22" * 32
NONCE = "nonce-nonce-nonce-000"


@dataclass
class Door:
    """One gateway and everything needed to come in."""

    settings: GatewaySettings
    engine: Engine
    bus: FakeBus
    clock: FakeClock
    identity: ECKey
    partner: OKPKey = field(default_factory=lambda: OKPKey.generate_key("Ed25519"))

    def __post_init__(self) -> None:
        self.app = build_app(self.settings, self.bus, self.engine, self.clock)
        self.client = testing.TestClient(self.app)
        keys = read_gateway_keys(self.settings.keys_directory)
        self.own = OwnTokens(gateway=URL, key=keys.session, clock=self.clock)

    def ask(self, method: str, path: str, token: str | None = None, **options: Any):
        headers = dict(options.pop("headers", {}))
        if token:
            headers["Authorization"] = f"Bearer {token}"
        return self.client.simulate_request(method, path, headers=headers, **options)

    # --- tokens ----------------------------------------------------------------------------

    def identity_token(self, *, key=None, alg="ES256", **claims: Any) -> str:
        now = int(self.clock().timestamp())
        standard = {"iss": ISSUER, "sub": "s", "aud": URL, "iat": now, "exp": now + 600}
        body = {name: value for name, value in {**standard, **claims}.items() if value is not None}
        key = key or self.identity
        return jwt.encode({"alg": alg, "kid": "id-1"}, body, key, algorithms=[alg])

    def citizen(self, **claims: Any) -> str:
        return self.identity_token(**{"civil_id": CIVIL_ID, **claims})

    def administrator(self) -> str:
        return self.identity_token(roles=["administrator"])

    def holder(self, **overrides: Any) -> str:
        return Holders(self.own).open(a_recognition(**overrides)).token

    def operator(self, operator_id: str = "hello-bike", **client: Any) -> str:
        scopes, client_id = client.get("scopes", tuple(Scope)), client.get("client_id", operator_id)
        return Operators(self.own, {}).open(operator_id, client_id, scopes, stopped_at=None)

    def receipt(self, erasure_id: UUID = ERASURE) -> str:
        return Receipts(self.own).give(erasure_id, self.clock())

    def client_of(self, operator_id: str) -> str:
        secret = Clients(self.engine, ClientSecrets(SESSION_KEY), self.clock).admit(
            operator_id, rotate=False
        )
        assert secret is not None
        return secret

    # --- partner cities --------------------------------------------------------------------

    def adopt(self, state: CityState = CityState.ONLINE, version: int = 1, **roster_has) -> None:
        adopted = a_roster(self.partner, state=state, version=version, **roster_has)
        with self.engine.begin() as connection:
            roster.adopt(connection, adopted)

    def signed(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        *,
        key=None,
        nonce=NONCE,
        created=None,
        url=URL,
        content_type="application/secevent+jwt",
    ) -> dict[str, str]:
        """Return the headers of a call that the partner city signed."""
        headers = {"Content-Type": content_type} if body else {}
        message = SimpleNamespace(method=method, url=url + path, headers=headers, body=body)
        sign(message, key=key or self.partner, now=created or self.clock(), nonce=nonce)
        return dict(message.headers)


def a_door(directory, **overrides: Any) -> Door:
    """Set up a gateway in a directory."""
    identity = ECKey.generate_key("P-256")
    public = {**identity.as_dict(private=False), "kid": "id-1"}
    (directory / "identity.json").write_text(json.dumps({"keys": [public]}))
    (directory / "resident.key").write_text("11" * 32)
    (directory / "session.key").write_text(SESSION_KEY.hex())
    (directory / "roster.jws").write_text("header.payload.signature\n")
    settings = gateway_settings(directory, **overrides)
    (directory / "gateway.db").write_bytes(migrated())
    engine = open_database(settings.gateway_database)
    return Door(settings, engine, FakeBus(), FakeClock(), identity)


@cache
def migrated() -> bytes:
    """Return an empty gateway database, migrated once for all tests."""
    with TemporaryDirectory() as directory:
        url = f"sqlite:///{directory}/gateway.db"
        upgrade(open_database(url), "services.gateway")
        close_database(url)
        return Path(directory, "gateway.db").read_bytes()


def gateway_settings(directory, **overrides: Any) -> GatewaySettings:
    values = {
        "city": CITY,
        "gateway_url": URL,
        "bus_url": "inprocess://localhost/none",
        "gateway_database": f"sqlite:///{directory}/gateway.db",
        "keys_directory": str(directory),
        "roster_file": str(directory / "roster.jws"),
        "identity_issuer": ISSUER,
        "identity_keys_file": str(directory / "identity.json"),
        "log_level": "WARNING",
        "visibility_wait": "0.05",
        "person_requests_per_minute": "60000",  # so that a slow machine makes no difference
    }
    return load_settings(GatewaySettings, values | {k: str(v) for k, v in overrides.items()})


def a_recognition(**overrides: Any) -> RecognitionRecord:
    start = FakeClock.START
    values = {
        "recognition_id": RECOGNITION,
        "holder": HOLDER,
        "home": PARTNER,
        "tier": 4,
        "purposes": (Category.TRANSPORT,),
        "crosswalk": 1,
        "roster": 1,
        "status_age_seconds": 0,
        "recognised_at": start,
        "until": start.replace(month=12),
    }
    return RecognitionRecord(**(values | overrides))


def a_listed_key(key, **dates: datetime) -> dict[str, Any]:
    """Write a key as a roster event carries it."""
    start = FakeClock.START
    values = {"nbf": start.replace(year=2025), "exp": start.replace(year=2028), **dates}
    moments = {name: int(moment.timestamp()) for name, moment in values.items()}
    return {**key.as_dict(private=False), "kid": key.thumbprint(), **moments}


def a_roster(
    key,
    *,
    state=CityState.ONLINE,
    version=1,
    url=None,
    code=PARTNER,
    attestation_key=None,
    grace_until=None,
    **dates: datetime,
) -> RosterAdopted:
    city = MemberCity(
        code=code,
        name="郑州市",
        name_en="Zhengzhou",
        url=url or "https://zhengzhou.example",
        state=state,
        transport_keys=(a_listed_key(key, **dates),),
        attestation_keys=(a_listed_key(attestation_key),) if attestation_key else (),
    )
    until = FakeClock.START.replace(year=2027)
    return RosterAdopted(
        version=version, valid_until=until, cities=(city,), grace_until=grace_until
    )


def an_incentive(**overrides: Any) -> IncentivePublished:
    values = {
        "incentive_id": "long-ride",
        "version": 1,
        "scenario_id": "bikes",
        "scenario_name": "公共自行车",
        "scenario_name_en": "Public bikes",
        "operator_id": "hello-bike",
        "category": Category.TRANSPORT,
        "title": "免费时长延长",
        "title_en": "Longer free ride",
        "benefit": RentalExtension(minutes=30),
        "minimum_tier": 3,
        "per_holder": Limit(count=2, period=Period.DAY),
        "quota": None,
        "budget_fen": None,
        "on_withdrawal": OnWithdrawal.REVOKE_OPEN,
        "offered_from": FakeClock.START.replace(month=1),
        "offered_until": None,
    }
    return IncentivePublished(**(values | overrides))


def an_incentive_record(**overrides: Any) -> IncentiveRecord:
    values = {
        "incentive_id": "long-ride",
        "version": 1,
        "scenario_id": "bikes",
        "title": "免费时长延长",
        "title_en": "Longer free ride",
        "benefit": RentalExtension(minutes=30),
        "minimum_tier": 3,
        "per_holder": Limit(count=2, period=Period.DAY),
        "offered_from": FakeClock.START.replace(month=1),
    }
    return IncentiveRecord(**(values | overrides))
