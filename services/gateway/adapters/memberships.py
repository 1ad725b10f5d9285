"""How the cities' memberships changed, as the gateway heard of it."""

from datetime import datetime

from sqlalchemy import Connection, Engine, exists, func, not_, select

from contracts.http import CityStanding
from contracts.membership import CityStateChanged
from contracts.words import CityState
from services.gateway.adapters.roster import members
from services.gateway.adapters.tables import memberships
from services.plumbing.rows import insert_once


def note_change(connection: Connection, event: CityStateChanged) -> None:
    """Remember a change.  Safe to repeat, and in any order."""
    insert_once(
        connection,
        memberships,
        city=event.city,
        roster=event.roster,
        name=event.name,
        name_en=event.name_en,
        state=event.state,
        changed_at=event.changed_at,
    )


def left_before(connection: Connection, moment: datetime) -> list[str]:
    """Return the cities that had left the alliance by a moment, and are not back."""
    later = memberships.alias()
    is_last = not_(
        exists().where(later.c.city == memberships.c.city, later.c.roster > memberships.c.roster)
    )
    found = select(memberships.c.city).where(
        memberships.c.state == CityState.LEFT, memberships.c.changed_at <= moment, is_last
    )
    back = set(members(connection))  # even if it was not heard how they came back
    return [
        city for city in connection.scalars(found.order_by(memberships.c.city)) if city not in back
    ]


class MembershipLog:
    """Says where the cities stood."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def at(self, moment: datetime) -> tuple[CityStanding, ...]:
        """Return where each city stood at a moment, by its code."""
        last = (
            select(memberships.c.city, func.max(memberships.c.roster).label("roster"))
            .where(memberships.c.changed_at <= moment)
            .group_by(memberships.c.city)
            .subquery()
        )
        same = (memberships.c.city == last.c.city) & (memberships.c.roster == last.c.roster)
        found = select(memberships).join(last, same).order_by(memberships.c.city)
        with self._engine.connect() as connection:
            return tuple(
                CityStanding(
                    code=row.city,
                    name=row.name,
                    name_en=row.name_en,
                    state=CityState(row.state),
                    since=row.changed_at,
                    roster=row.roster,
                )
                for row in connection.execute(found)
            )
