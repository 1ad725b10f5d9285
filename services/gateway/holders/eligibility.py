"""What a holder may take, from the gateway's own read side."""

from services.gateway.authentication.callers import Holder
from services.gateway.calls import Call, Content
from services.gateway.eligibility.index import After, EligibilityIndex


class Eligibility:
    """No bus hop; the reasons are for the holder alone."""

    def __init__(self, index: EligibilityIndex) -> None:
        self._index = index

    def show_eligibility(self, call: Call[Holder, None]) -> Content:
        asked = call.query
        after = After(asked["after_grant"], asked["after_reservation"])
        return Content(self._index.answer(call.caller, asked["category"], asked["district"], after))
