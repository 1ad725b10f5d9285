"""The settlement between this city and the calling one."""

from typing import Any

from contracts.settlements import (
    CompareSettlement,
    ComparisonBody,
    DrawSettlement,
    ListSettlementLines,
    SettlementComparison,
    SettlementLines,
    SettlementRecord,
)
from services.gateway.administrators.settlements import page_of
from services.gateway.authentication.callers import PartnerCity
from services.gateway.calls import Bus, Call


class SharedSettlements:
    """A city sees what it shares with this one, and nothing else: the command names the caller."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    def show_shared_settlement(self, call: Call[PartnerCity, None]) -> SettlementRecord:
        found: SettlementRecord = self._ask(DrawSettlement(**_shared(call)), call)
        return found

    def list_shared_settlement_lines(self, call: Call[PartnerCity, None]) -> SettlementLines:
        found: SettlementLines = self._ask(
            ListSettlementLines(**_shared(call), **page_of(call)), call
        )
        return found

    def compare_settlement(self, call: Call[PartnerCity, ComparisonBody]) -> SettlementComparison:
        found: SettlementComparison = self._ask(
            CompareSettlement(**_shared(call), **vars(call.body)), call
        )
        return found

    def _ask(self, command: Any, call: Call[PartnerCity, Any]) -> Any:
        return self._bus.call(command, cause=call.cause)


def _shared(call: Call[PartnerCity, Any]) -> dict[str, Any]:
    return {"period": call.path["period"], "city": call.caller.code}
