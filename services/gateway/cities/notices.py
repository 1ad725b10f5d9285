"""Notices pushed by partner cities (RFC 8935)."""

from contracts.errors import Malformed
from contracts.recognition import ReceiveNotice
from services.gateway.authentication.callers import PartnerCity
from services.gateway.calls import Bus, Call

LONGEST_TOKEN = 32_768  # characters, as contracts.fields.Token


class Notices:
    """Taken in for the city that signed the call; the notice's own signature is checked behind."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    def receive_notice(self, call: Call[PartnerCity, bytes]) -> None:
        token = call.body.decode("ascii", "replace").strip()
        if not token or not token.isascii():
            raise Malformed(errors={"body": "Not a token."})
        if len(token) > LONGEST_TOKEN:
            raise Malformed("too_large", errors={"body": "Too large."})
        command = ReceiveNotice(sender=call.caller.code, token=token)
        self._bus.call(command, cause=call.cause)
