"""Settlements with other cities, and operators' statements, for the city's officials."""

from typing import Any, Final

from contracts.settlements import (
    CloseSettlement,
    DrawSettlement,
    FieldDifference,
    ListSettlementDifferences,
    ListSettlementLines,
    ListSettlements,
    ResolveSettlement,
    SettlementDifferences,
    SettlementLine,
    SettlementLines,
    SettlementRecord,
    SettlementRecords,
)
from contracts.statements import DrawOperatorStatement, OperatorLine, OperatorStatement
from services.gateway.authentication.callers import Administrator
from services.gateway.calls import Bus, Call, Content
from services.gateway.exports import csv_answer, wants_csv

PAGE: Final = 200


class Settlements:
    """Closing and resolving are what an official does; comparing is what nodes do."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    def list_settlements(self, call: Call[Administrator, None]) -> SettlementRecords:
        found: SettlementRecords = self._ask(ListSettlements(period=call.path["period"]), call)
        return found

    def show_settlement(self, call: Call[Administrator, None]) -> SettlementRecord:
        found: SettlementRecord = self._ask(DrawSettlement(**call.path), call)
        return found

    def close_settlement(self, call: Call[Administrator, None]) -> SettlementRecord:
        found: SettlementRecord = self._ask(CloseSettlement(**call.path), call)
        return found

    def resolve_settlement(self, call: Call[Administrator, None]) -> SettlementRecord:
        found: SettlementRecord = self._ask(ResolveSettlement(**call.path), call)
        return found

    def list_settlement_lines(self, call: Call[Administrator, None]) -> SettlementLines | Content:
        command = ListSettlementLines(**call.path, **page_of(call))
        found: SettlementLines = self._ask(command, call)
        if wants_csv(call):
            return csv_answer(call, SettlementLine, found.lines, limit=command.limit)
        return found

    def list_settlement_differences(
        self, call: Call[Administrator, None]
    ) -> SettlementDifferences | Content:
        command = ListSettlementDifferences(**call.path, **page_of(call))
        found: SettlementDifferences = self._ask(command, call)
        if wants_csv(call):
            return csv_answer(call, FieldDifference, found.differences, limit=command.limit)
        return found

    def show_operator_statement(
        self, call: Call[Administrator, None]
    ) -> OperatorStatement | Content:
        command = DrawOperatorStatement(**call.path, **page_of(call))
        return operator_answer(call, self._ask(command, call), limit=command.limit)

    def _ask(self, command: Any, call: Call[Administrator, None]) -> Any:
        return self._bus.call(command, cause=call.cause)


def page_of(call: Call[Any, None]) -> dict[str, Any]:
    return {"after": call.query["after"], "limit": call.query["limit"] or PAGE}


def operator_answer(
    call: Call[Any, None], drawn: OperatorStatement, *, limit: int
) -> OperatorStatement | Content:
    """Answer with a statement, or with its lines as CSV."""
    if wants_csv(call):
        return csv_answer(call, OperatorLine, drawn.lines, limit=limit)
    return drawn
