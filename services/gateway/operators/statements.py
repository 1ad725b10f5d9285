"""What an operator is owed, and what became of its grants."""

from contracts.statements import DrawOperatorStatement, OperatorStatement
from services.gateway.administrators.settlements import operator_answer, page_of
from services.gateway.authentication.callers import Operator
from services.gateway.calls import Bus, Call, Content


class OwnStatements:
    """An operator sees its own month, and no other's."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    def show_own_statement(self, call: Call[Operator, None]) -> OperatorStatement | Content:
        command = DrawOperatorStatement(
            period=call.path["period"], operator_id=call.caller.operator_id, **page_of(call)
        )
        drawn: OperatorStatement = self._bus.call(command, cause=call.cause)
        return operator_answer(call, drawn, limit=command.limit)
