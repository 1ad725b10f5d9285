"""The roster as this node goes by it, and what no longer stands by it."""

from datetime import datetime
from typing import Any, Final

from contracts.recognition import MemberCity, RosterAdopted
from contracts.words import CityState
from services.recognition.domain.moments import to_seconds
from services.recognition.domain.roster import City, KeyUse, RosterVersion
from services.recognition.handlers.revocations import end
from services.recognition.ports import Node, UnitOfWork

AT_A_TIME: Final = 200  # recognitions ended in one transaction


def adopt_roster(*, uow: UnitOfWork, node: Node, now: datetime) -> None:
    """Announce the roster to the node, once per version.

    Safe to repeat; a version older than the one adopted last changes nothing.
    """
    roster = node.roster()
    with uow:
        version = RosterVersion(roster.version, roster.digest)
        if not uow.adopted_rosters.adopt(version, now):
            return
        uow.outbox.add(
            RosterAdopted(
                version=roster.version,
                valid_until=roster.valid_until,
                cities=tuple(_member(city) for city in roster.cities.values()),
                grace_until=roster.grace_until,
            )
        )
        uow.commit()


def end_unbelieved(*, uow: UnitOfWork, node: Node, now: datetime) -> bool:
    """End recognitions whose city or key the roster does not carry any more, some at a time.

    Return whether there may be more.  Safe to repeat.  It asks the roster that the node goes by
    now and not the one just adopted, so that a recognition that was under way is found as well.
    """
    roster = node.roster()
    left = AT_A_TIME
    with uow:
        for home, kid in uow.recognitions.signers():
            reason = roster.why_not_believed(home, kid)
            if reason is None or left == 0:
                continue
            for recognition in uow.recognitions.standing_by(home, kid, now, left):
                end(recognition, reason, uow=uow, now=now)
                left -= 1
        uow.commit()
    return left == 0


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
