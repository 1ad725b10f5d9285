"""The adopted roster as the gateway knows it: where cities are and which keys sign their calls."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection, Engine, delete, insert, select, true

from contracts.explanations import HomeCity
from contracts.problems import Text
from contracts.recognition import RosterAdopted
from contracts.words import CityState
from services.gateway.adapters.tables import cities, city_keys, roster
from services.gateway.authentication.signatures import KnownKey

TRANSPORT: Final = "transport"
ATTESTATION: Final = "attestation"
TRANSPORT_CURVES: Final = {"Ed25519", "P-256"}  # of those in a roster, RFC 9421 knows these


@dataclass(frozen=True)
class AdoptedRoster:
    """The version this node goes by, and until when anything may be believed by it."""

    version: int
    valid_until: datetime
    grace_until: datetime | None


def adopt(connection: Connection, adopted: RosterAdopted) -> None:
    """Take over a roster; an older one than the last changes nothing.  Safe to repeat.

    A transport key that no call can be checked by is passed over.  Attestation keys are for others
    to check by, so any is kept.
    """
    known = connection.scalar(select(roster.c.version))
    if known is not None and known > adopted.version:
        return
    for table in (roster, cities, city_keys):
        connection.execute(delete(table))
    row = {
        "id": 1,
        "version": adopted.version,
        "valid_until": adopted.valid_until,
        "grace_until": adopted.grace_until,
    }
    connection.execute(insert(roster).values(row))
    for city in adopted.cities:
        row = {
            "code": city.code,
            "name": city.name,
            "name_en": city.name_en,
            "url": city.url,
            "state": city.state,
        }
        connection.execute(insert(cities).values(row))
        for use, keys in ((TRANSPORT, city.transport_keys), (ATTESTATION, city.attestation_keys)):
            for jwk in keys:
                if use == TRANSPORT and jwk["crv"] not in TRANSPORT_CURVES:
                    continue
                connection.execute(insert(city_keys).values(_key_row(city.code, use, jwk)))


def url_of(connection: Connection, city: str) -> str | None:
    """Return the address of a member city's gateway."""
    url: str | None = connection.scalar(select(cities.c.url).where(cities.c.code == city))
    return url


def online_peers(connection: Connection, own: str) -> dict[str, str]:
    """Return the addresses of the other cities that take part now, by their codes."""
    query = (
        select(cities.c.code, cities.c.url)
        .where(cities.c.state == CityState.ONLINE, cities.c.code != own)
        .order_by(cities.c.code)
    )
    return {row.code: row.url for row in connection.execute(query)}


def members(connection: Connection) -> list[str]:
    """Return the codes of the cities that have not left."""
    query = select(cities.c.code).where(cities.c.state != CityState.LEFT).order_by(cities.c.code)
    return list(connection.scalars(query))


class Roster:
    """Answers what the HTTP application asks of the roster."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def adopted(self) -> AdoptedRoster | None:
        """Return the roster this node goes by, None before the first."""
        query = select(roster.c.version, roster.c.valid_until, roster.c.grace_until)
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else AdoptedRoster(*row)

    def homes(self, own: str) -> tuple[str, ...]:
        """Return the codes of the other cities that take part now."""
        with self._engine.connect() as connection:
            return tuple(online_peers(connection, own))

    def find(self, kid: str) -> KnownKey | None:
        """Return a transport key of a member city."""
        query = (
            select(cities.c.code, cities.c.state, city_keys, roster.c.grace_until)
            .join(cities, cities.c.code == city_keys.c.city)
            .join(roster, true())  # one row
            .where(city_keys.c.kid == kid, city_keys.c.use == TRANSPORT)
        )
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        return KnownKey(
            city=row.code,
            state=CityState(row.state),
            jwk=json.loads(row.jwk),
            use_from=row.use_from,
            use_until=row.use_until,
            roster_until=row.grace_until,
        )

    def home(self, city: str) -> HomeCity | None:
        """Return how a member city is called and where its gateway is."""
        query = select(cities.c.name, cities.c.name_en, cities.c.url).where(cities.c.code == city)
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else HomeCity(Text(row.name_en, row.name), row.url)

    def attestation_keys_of(self, city: str) -> list[dict[str, Any]]:
        """Return the public keys that a city's attestations are signed by, each under its name."""
        query = (
            select(city_keys)
            .where(city_keys.c.city == city, city_keys.c.use == ATTESTATION)
            .order_by(city_keys.c.kid)
        )
        with self._engine.connect() as connection:
            return [{**json.loads(row.jwk), "kid": row.kid} for row in connection.execute(query)]


def _key_row(city: str, use: str, jwk: Mapping[str, Any]) -> dict[str, Any]:
    """Keep a key apart from its name and its dates; raise KeyError for one without."""
    key = {name: value for name, value in jwk.items() if name not in {"kid", "nbf", "exp"}}
    return {
        "kid": jwk["kid"],
        "city": city,
        "use": use,
        "jwk": json.dumps(key),
        "use_from": datetime.fromtimestamp(jwk["nbf"], UTC),
        "use_until": datetime.fromtimestamp(jwk["exp"], UTC),
    }
