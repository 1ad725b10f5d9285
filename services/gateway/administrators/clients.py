"""Operators' clients, in the city's hands."""

from contracts.errors import NotFound
from contracts.http import ClientBody, ClientMade, ClientRecord, ClientRecords
from services.gateway.adapters.clients import Clients
from services.gateway.authentication.callers import Administrator
from services.gateway.calls import Call
from services.gateway.operators.clients import made_of, record_of, records_of


class OperatorsClients:
    """An official may all of it, for operators that were admitted."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def list_clients(self, call: Call[Administrator, None]) -> ClientRecords:
        return records_of(self._clients.list(call.path["operator_id"]))

    def set_client(self, call: Call[Administrator, ClientBody]) -> ClientMade:
        operator_id = call.path["operator_id"]
        if not self._clients.knows(operator_id):
            raise NotFound("not_found", "operator")
        return made_of(self._clients.put(operator_id, call.path["client"], call.body.scopes))

    def remove_client(self, call: Call[Administrator, None]) -> None:
        self._clients.remove(call.path["operator_id"], call.path["client"])

    def rotate_client_secret(self, call: Call[Administrator, None]) -> ClientMade:
        path = call.path
        return made_of(
            self._clients.rotate(path["operator_id"], path["client"], path["rotation_id"])
        )

    def stop_former_secrets(self, call: Call[Administrator, None]) -> ClientRecord:
        return record_of(self._clients.stop_former(call.path["operator_id"], call.path["client"]))
