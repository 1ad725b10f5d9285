"""The roster as this node goes by it."""

from datetime import datetime
from typing import Any

from contracts.recognition import MemberCity, RosterAdopted
from contracts.words import CityState
from services.recognition.domain.moments import to_seconds
from services.recognition.domain.roster import City, KeyUse
from services.recognition.ports import Node, UnitOfWork


def adopt_roster(*, uow: UnitOfWork, node: Node, now: datetime) -> None:
    """Announce the roster to the node, once per version.

    Safe to repeat; a version older than the one adopted last changes nothing.
    """
    roster = node.roster()
    with uow:
        if not uow.adopted_rosters.adopt(roster.version, now):
            return
        uow.outbox.add(
            RosterAdopted(
                version=roster.version,
                valid_until=roster.valid_until,
                cities=tuple(_member(city) for city in roster.cities.values()),
            )
        )
        uow.commit()


def _member(city: City) -> MemberCity:
    """Tell of a city; its keys carry their names and their time (`nbf`, `exp`)."""
    return MemberCity(
        code=city.code,
        name=city.name,
        name_en=city.name_en,
        url=city.gateway,
        state=CityState(city.state),
        transport_keys=_keys(city, KeyUse.TRANSPORT),
        attestation_keys=_keys(city, KeyUse.ATTESTATION),
    )


def _keys(city: City, use: KeyUse) -> tuple[dict[str, Any], ...]:
    return tuple(
        {
            **key.jwk,
            "kid": key.kid,
            "nbf": to_seconds(key.use_from),
            "exp": to_seconds(key.use_until),
        }
        for key in city.keys_for(use)
    )
