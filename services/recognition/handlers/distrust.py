"""Keys that may be in other hands: home warns of its own, hosts believe them no more.

What a key signed before that moment stands, so that honest holders lose little.  A thief may write
an earlier moment, so the alliance has to retire the key in the roster all the same; this is what
helps until every node has that roster.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import uuid4

from contracts import wire
from contracts.errors import Malformed, Refused
from contracts.notices import KEY_COMPROMISED, KeyCompromised
from services.recognition.domain.distrust import Distrust
from services.recognition.domain.notice import Notice, UnsignedNotice
from services.recognition.domain.roster import KeyUse
from services.recognition.handlers.corrections import await_correction, corrected
from services.recognition.handlers.heard import Heard
from services.recognition.handlers.notices import announce_notice
from services.recognition.handlers.revocations import end
from services.recognition.ports import Node, UnitOfWork

AT_A_TIME: Final = 200  # recognitions ended in one transaction
REASON: Final = "key_compromised"


@dataclass(frozen=True, kw_only=True)
class Warned:
    """Which cities are told, and of how many notices that wait until this city may sign again."""

    cities: tuple[str, ...]
    waiting: int


def warn_of_key(kid: str, since: datetime, *, uow: UnitOfWork, node: Node, now: datetime) -> Warned:
    """Tell every online city that a key of this one may be in other hands; sign by it no more.

    Safe to repeat: an earlier moment is told again, the same or a later one is known already.
    Raises Malformed naming `since`; Refused("unknown_key") for what is no attestation key of this
    city in the roster.
    """
    if since > now:
        raise Malformed(errors={"since": "In the future."})
    roster = node.roster()
    key = roster.city(node.city).keys.get(kid)
    if key is None or key.use is not KeyUse.ATTESTATION:
        raise Refused("unknown_key", f"no attestation key of city {node.city} in the roster")
    told: tuple[str, ...] = ()
    with uow:
        known = uow.distrusted_keys.get(node.city, kid)
        node.compromised.add(kid)
        if known is None or since < known.since:
            uow.distrusted_keys.add(Distrust(home=node.city, kid=kid, since=since), now)
            others = (city for city in roster.cities.values() if city.code != node.city)
            told = tuple(city.code for city in others if city.online)
            body = wire.dump(KeyCompromised(kid=kid, since=since, at=now))
            for city in told:
                unsigned = UnsignedNotice(
                    id=uuid4(), recipient=city, event=KEY_COMPROMISED, body=body, subject=kid
                )
                announce_notice(unsigned, uow=uow, node=node, now=now)
        waiting = uow.unsigned_notices.count()
        uow.commit()
    return Warned(cities=told, waiting=waiting)


def know_own_keys(*, uow: UnitOfWork, node: Node) -> None:
    """Sign by no key that this city warned of, in whichever process it did."""
    with uow:
        own = {each.kid for each in uow.distrusted_keys.every() if each.home == node.city}
    node.compromised.update(own)


def on_key_compromised(heard: Heard) -> None:
    """Believe nothing that this key signed since then, and end what was already believed.

    Also when the key speaks against itself: whoever has it besides its city, it is not to be
    trusted.  What is left to end `end_distrusted` ends; only then the notice is applied.
    """
    warned, uow, notice_id = heard.read(KeyCompromised), heard.uow, heard.notice.id
    former = uow.distrusted_keys.get(heard.sender, warned.kid)
    told = Distrust(home=heard.sender, kid=warned.kid, since=warned.since, notice_id=notice_id)
    uow.distrusted_keys.add(told, heard.now)
    if former is not None and former.since <= told.since:
        return
    if former is not None and former.notice_id:  # all that is left of it is this one's
        corrected(former.notice_id, former.notice_id, uow=uow, node=heard.node, now=heard.now)
    if _end_some(told, AT_A_TIME, uow=uow, now=heard.now) == AT_A_TIME:
        await_correction(notice_id, notice_id, sender=heard.sender, uow=uow, now=heard.now)


def end_distrusted(*, uow: UnitOfWork, node: Node, now: datetime) -> bool:
    """End recognitions of what distrusted keys signed, some at a time; say if there may be more.

    Safe to repeat.  A recognition that was under way when the key's city warned is found as well.
    """
    left = AT_A_TIME
    with uow:
        for distrust in uow.distrusted_keys.every():
            left -= _end_some(distrust, left, uow=uow, now=now)
            if left and distrust.notice_id:
                corrected(distrust.notice_id, distrust.notice_id, uow=uow, node=node, now=now)
        uow.commit()
    return left == 0


def check_signer(notice: Notice, sender: str, *, uow: UnitOfWork) -> None:
    """Refuse a notice that a distrusted key signed; raises Refused("key_not_current")."""
    if is_distrusted(sender, notice.kid, notice.at, uow=uow):
        raise Refused("key_not_current", f"key {notice.kid} of city {sender}: compromised")


def is_distrusted(home: str, kid: str, signed_at: datetime, *, uow: UnitOfWork) -> bool:
    """Say whether a city warned of the key that signed at this moment."""
    distrust = uow.distrusted_keys.get(home, kid)
    return distrust is not None and distrust.covers(signed_at)


def _end_some(distrust: Distrust, most: int, *, uow: UnitOfWork, now: datetime) -> int:
    found = uow.recognitions.standing_under(distrust, now, most)
    for recognition in found:
        end(recognition, REASON, uow=uow, now=now, notice_id=distrust.notice_id)
        if distrust.notice_id:
            await_correction(
                distrust.notice_id, recognition.id, sender=distrust.home, uow=uow, now=now
            )
    return len(found)
