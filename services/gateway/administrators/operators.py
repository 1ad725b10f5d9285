"""Admitting operators."""

from contracts.http import OperatorAdmitted, OperatorBody
from contracts.scenarios import OperatorRecord, RegisterOperator
from services.gateway.adapters.clients import Clients
from services.gateway.authentication.callers import Administrator
from services.gateway.calls import Bus, Call


class Admissions:
    """An operator is registered before its client exists; repeating repairs a half-done one."""

    def __init__(self, bus: Bus, clients: Clients) -> None:
        self._bus, self._clients = bus, clients

    def register_operator(self, call: Call[Administrator, OperatorBody]) -> OperatorAdmitted:
        command = RegisterOperator(
            operator_id=call.path["operator_id"], name=call.body.name, name_en=call.body.name_en
        )
        record: OperatorRecord = self._bus.call(command, cause=call.cause)
        secret = self._clients.admit(record.operator_id, rotate=bool(call.query["rotate"]))
        return OperatorAdmitted(
            operator_id=record.operator_id,
            name=record.name,
            name_en=record.name_en,
            client_id=record.operator_id,
            client_secret=secret,
        )
