"""An operator's clients, in its own hands."""

from collections.abc import Collection
from typing import Any

from contracts.access import SCOPES, Scope
from contracts.errors import NotFound
from contracts.http import ClientBody, ClientMade, ClientRecord, ClientRecords
from services.gateway.adapters.clients import Client, Clients
from services.gateway.authentication.callers import Operator
from services.gateway.authentication.scopes import InsufficientScope
from services.gateway.calls import Call


class OwnClients:
    """A client hands on no more than it may itself, and touches none that may more."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def list_own_clients(self, call: Call[Operator, None]) -> ClientRecords:
        return records_of(self._clients.list(call.caller.operator_id))

    def set_own_client(self, call: Call[Operator, ClientBody]) -> ClientMade:
        self._check(call)
        _check_within(call.caller, call.body.scopes)
        return made_of(
            self._clients.put(call.caller.operator_id, call.path["client"], call.body.scopes)
        )

    def remove_own_client(self, call: Call[Operator, None]) -> None:
        self._check(call)
        self._clients.remove(call.caller.operator_id, call.path["client"])

    def rotate_own_client_secret(self, call: Call[Operator, None]) -> ClientMade:
        self._check(call)
        path = call.path
        return made_of(
            self._clients.rotate(call.caller.operator_id, path["client"], path["rotation_id"])
        )

    def stop_own_former_secrets(self, call: Call[Operator, None]) -> ClientRecord:
        self._check(call)
        return record_of(self._clients.stop_former(call.caller.operator_id, call.path["client"]))

    def _check(self, call: Call[Operator, Any]) -> None:
        known = self._clients.get(call.caller.operator_id, call.path["client"])
        _check_within(call.caller, known.scopes if known else ())


def _check_within(caller: Operator, scopes: Collection[Scope]) -> None:
    """Raise InsufficientScope for a scope that the caller does not have."""
    for scope in SCOPES:
        if scope in scopes and scope not in caller.may:
            raise InsufficientScope(scope)


def record_of(client: Client | None) -> ClientRecord:
    """Write a client; raise NotFound without one."""
    if client is None:
        raise NotFound("not_found", "client")
    return ClientRecord(**_said(client))


def made_of(made: tuple[Client, str | None] | None) -> ClientMade:
    """Write a client and its new secret, if one was made; raise NotFound without a client."""
    if made is None:
        raise NotFound("not_found", "client")
    client, secret = made
    return ClientMade(**_said(client), client_secret=secret)


def records_of(clients: Collection[Client]) -> ClientRecords:
    return ClientRecords(clients=tuple(record_of(client) for client in clients))


def _said(client: Client) -> dict[str, Any]:
    return {
        "client": client.client,
        "client_id": client.client_id,
        "scopes": client.scopes,
        "secret_since": client.secret_since,
        "former_secrets_until": client.former_until,
    }
