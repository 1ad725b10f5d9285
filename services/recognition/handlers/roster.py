"""The roster as this node goes by it, and what no longer stands by it."""

from datetime import datetime
from typing import Any, Final

from contracts.recognition import MemberCity, RosterAdopted
from contracts.words import CityState
from services.recognition.domain.moments import to_seconds
from services.recognition.domain.roster import City, KeyUse, Roster
from services.recognition.handlers.memberships import note_changes
from services.recognition.handlers.revocations import end
from services.recognition.ports import Node, UnitOfWork

AT_A_TIME: Final = 200  # recognitions ended in one transaction


def adopt_roster(*, uow: UnitOfWork, node: Node, now: datetime) -> None:
    """Take the newest roster there is: keep it, announce it once, and then go by it.

    Safe to repeat, and in several processes at a time: all go by the newest that one of them kept.
    """
    found = node.rosters.look()
    if found is None:
        return
    with uow:
        kept = uow.adopted_rosters.newest()
        if kept is not None and kept.text and kept.version.number > found.version.number:
            found = node.rosters.read(kept)
        elif uow.adopted_rosters.adopt(found, now):
            uow.outbox.add(_announcement(found.content))
        note_changes(found.content, uow=uow)
        uow.commit()
    node.rosters.go_by(found)


def adopt_pseudonym_keys(*, uow: UnitOfWork, node: Node, now: datetime) -> None:
    """Take the newest pseudonym keys there are: keep them, and then go by them.

    Safe to repeat, like adopt_roster.
    """
    found = node.pseudonym_keys.look()
    with uow:
        kept = uow.adopted_pseudonym_keys.newest()
        if kept is not None and (found is None or kept.version.number > found.version.number):
            found = node.pseudonym_keys.read(kept)
        elif found is not None:
            uow.adopted_pseudonym_keys.adopt(found, now)
        uow.commit()
    if found is not None:
        node.pseudonym_keys.go_by(found)


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


def _announcement(roster: Roster) -> RosterAdopted:
    return RosterAdopted(
        version=roster.version,
        valid_until=roster.valid_until,
        cities=tuple(_member(city) for city in roster.cities.values()),
        grace_until=roster.grace_until,
    )


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
