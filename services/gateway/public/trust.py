"""What lets everyone check this city's word: keys and status lists."""

from datetime import UTC, datetime
from email.utils import format_datetime

from contracts.errors import Unavailable
from contracts.http import IssuerMetadata, KeySet
from contracts.recognition import ShowStatusList
from services.gateway.adapters.roster import Roster
from services.gateway.authentication.callers import Anyone
from services.gateway.calls import Bus, Call, Content
from services.gateway.public.status_lists import RecentStatusLists
from services.gateway.settings import GatewaySettings
from services.plumbing.clock import Clock


class Trust:
    """Serves what this city signs as it was signed, and by which keys."""

    def __init__(self, settings: GatewaySettings, bus: Bus, roster: Roster, clock: Clock) -> None:
        self._settings, self._roster, self._clock = settings, roster, clock
        self._status_lists = RecentStatusLists(bus, clock)
        self._past_status_lists = RecentStatusLists(bus, clock)  # they push none of today's out

    def show_issuer(self, call: Call[Anyone, None]) -> IssuerMetadata:
        """Tell by which keys this city attests, as the alliance lists them; `issuer` is `iss`."""
        keys = self._roster.attestation_keys_of(self._settings.city)
        if not keys:
            raise Unavailable("unavailable", "no roster with this city was adopted yet")
        return IssuerMetadata(issuer=self._settings.gateway_url, jwks=KeySet(keys=tuple(keys)))

    def show_status_list(self, call: Call[Anyone, None]) -> Content:
        """Serve a status list of now or of a past moment, to be cached for as long as it says."""
        number, time = call.path["list"], call.query["time"]
        if time is None:
            answer = self._status_lists.find(ShowStatusList(list=number), call.cause)
        else:
            past = ShowStatusList(list=number, at=datetime.fromtimestamp(time, UTC))
            answer = self._past_status_lists.find(past, call.cause)
        seconds = max(0, int((answer.until - self._clock()).total_seconds()))
        headers = {
            "Cache-Control": f"public, max-age={seconds}",
            "Expires": format_datetime(answer.until.astimezone(UTC), usegmt=True),
        }
        return Content(answer.token.encode("ascii"), headers=headers)
