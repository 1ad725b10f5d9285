"""How this city sees the calling one."""

from contracts.errors import Unavailable
from contracts.http import Membership
from services.gateway.adapters.roster import Roster
from services.gateway.authentication.callers import PartnerCity
from services.gateway.calls import Call


class Memberships:
    """What a new member checks its keys and roster with."""

    def __init__(self, roster: Roster) -> None:
        self._roster = roster

    def show_membership(self, call: Call[PartnerCity, None]) -> Membership:
        adopted = self._roster.adopted()
        if adopted is None:
            raise Unavailable("unavailable", "no roster was adopted yet")
        return Membership(
            city=call.caller.code,
            state=call.caller.state,
            roster=adopted.version,
            roster_until=adopted.valid_until,
        )
