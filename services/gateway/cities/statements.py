"""Statements between this city and the calling one."""

from typing import Any

from contracts.errors import Forbidden
from contracts.scenarios import DrawStatement, Statement
from contracts.statements import ListStatementLines, StatementLines
from services.gateway.administrators.settlements import page_of
from services.gateway.authentication.callers import PartnerCity
from services.gateway.calls import Bus, Call


class Statements:
    """A city sees the statements it is a side of."""

    def __init__(self, bus: Bus, city: str) -> None:
        self._bus, self._city = bus, city

    def draw_statement(self, call: Call[PartnerCity, None]) -> Statement:
        command = DrawStatement(**self._shared(call))
        statement: Statement = self._bus.call(command, cause=call.cause)
        return statement

    def list_statement_lines(self, call: Call[PartnerCity, None]) -> StatementLines:
        command = ListStatementLines(**self._shared(call), **page_of(call))
        lines: StatementLines = self._bus.call(command, cause=call.cause)
        return lines

    def _shared(self, call: Call[PartnerCity, None]) -> dict[str, Any]:
        home, host = call.query["home"], call.query["host"]
        if {home, host} != {self._city, call.caller.code}:
            raise Forbidden("forbidden", "a statement is between this city and the caller")
        return {"period": call.path["period"], "home": home, "host": host}
