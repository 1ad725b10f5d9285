"""Statements between this city and the calling one."""

from contracts.errors import Forbidden
from contracts.scenarios import DrawStatement, Statement
from services.gateway.authentication.callers import PartnerCity
from services.gateway.calls import Bus, Call


class Statements:
    """A city sees the statements it is a side of."""

    def __init__(self, bus: Bus, city: str) -> None:
        self._bus, self._city = bus, city

    def draw_statement(self, call: Call[PartnerCity, None]) -> Statement:
        home, host = call.query["home"], call.query["host"]
        if {home, host} != {self._city, call.caller.code}:
            raise Forbidden("forbidden", "a statement is between this city and the caller")
        command = DrawStatement(period=call.path["period"], home=home, host=host)
        statement: Statement = self._bus.call(command, cause=call.cause)
        return statement
