"""Which version of an incentive is in force, and whether it is stopped; safe to repeat.

Of the versions that were published at most two matter: the one in force, and a newer one that comes
into force later.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from contracts.catalogue import IncentiveMoved
from contracts.scenarios import IncentivePublished
from contracts.words import IncentiveState
from services.gateway.adapters.tables import stopped_incentives

STOPPED = {IncentiveState.PAUSED, IncentiveState.WITHDRAWN}


def note_move(connection: Connection, event: IncentiveMoved) -> bool:
    """Note whether an incentive is stopped, by the newest step; say whether that is new."""
    same = stopped_incentives.c.incentive_id == event.incentive_id
    query = select(stopped_incentives).where(same).with_for_update()
    known: Any = connection.execute(query).one_or_none()
    stopped = event.state in STOPPED
    row = {"move": event.number, "stopped": stopped}
    if known is None:
        connection.execute(
            insert(stopped_incentives).values(incentive_id=event.incentive_id, **row)
        )
        return stopped
    if known.move >= event.number:
        return False
    connection.execute(update(stopped_incentives).where(same).values(row))
    return bool(known.stopped) is not stopped


def in_force_from(version: IncentivePublished) -> datetime:
    """Return the moment from which a version is in force, until a newer one is."""
    return max(version.offered_from, version.published_at or version.offered_from)


def arrange(
    versions: Iterable[IncentivePublished],
) -> tuple[IncentivePublished, IncentivePublished | None]:
    """Return the version in force when the newest was published, and the newest if it comes later.

    Of one version said twice the last word counts.
    """
    by_number = {version.version: version for version in versions}
    newest = by_number.pop(max(by_number))
    published_at = newest.published_at or newest.offered_from
    standing = [each for each in by_number.values() if in_force_from(each) <= published_at]
    if in_force_from(newest) <= published_at or not standing:
        return newest, None
    return max(standing, key=lambda each: each.version), newest
