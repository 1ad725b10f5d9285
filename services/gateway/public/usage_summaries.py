"""What everybody may know of the use of incentives: no small numbers."""

from contracts.statements import SummariseUsage, UsageCell, UsageSummary
from services.gateway.authentication.callers import Anyone
from services.gateway.calls import Bus, Call, Content
from services.gateway.exports import csv_answer, wants_csv


class UsageSummaries:
    """Serves months that are over."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    def show_usage(self, call: Call[Anyone, None]) -> UsageSummary | Content:
        command = SummariseUsage(period=call.path["period"])
        found: UsageSummary = self._bus.call(command, cause=call.cause)
        if wants_csv(call):
            return csv_answer(call, UsageCell, found.cells, limit=len(found.cells) + 1)
        return found
