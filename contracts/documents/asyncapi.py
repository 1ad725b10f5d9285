"""contracts/asyncapi.json: the bus of one node as AsyncAPI 3.0, for programs."""

import json
from typing import Any, Final

from contracts.documents.examples import envelope_of, example_of
from contracts.documents.json_schema import Components
from contracts.schemas import schema_of
from contracts.subscriptions import EXCHANGE, SUBSCRIPTIONS
from contracts.wire import Contract, Kind, catalogue

_ENVELOPE: Final = {
    "id": {"type": "string", "format": "uuid"},
    "at": {"type": "string", "format": "date-time"},
    "cause": {"type": ["string", "null"], "format": "uuid"},
}


def write() -> str:
    """Return the document."""
    components = Components()
    messages = {contract.name: _message(contract, components) for contract in catalogue()}
    document = {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Huxin: messages of one node",
            "version": "1",
            "description": "Commands, replies and events between gateway, recognition and"
            " scenarios. Cities talk to one another over HTTPS, not over this bus.",
            "license": {
                "name": "Apache-2.0",
                "url": "https://www.apache.org/licenses/LICENSE-2.0",
            },
        },
        "defaultContentType": "application/json",
        "channels": _channels(),
        "operations": _operations(),
        "components": {"messages": messages, "schemas": _schemas(components)},
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _message(contract: Contract, components: Components) -> dict[str, Any]:
    message = contract.message
    return {
        "name": contract.name,
        "title": message.__name__,
        "summary": " ".join((message.__doc__ or "").split()),
        "tags": [{"name": contract.kind}, {"name": contract.owner}],
        "payload": {
            "type": "object",
            "required": ["id", "name", "at", "body"],
            "properties": {
                **_ENVELOPE,
                "name": {"const": contract.name},
                "body": components.reference(schema_of(message)),
            },
        },
        "examples": [{"payload": envelope_of(example_of(message))}],
    }


def _channels() -> dict[str, Any]:
    channels: dict[str, Any] = {}
    for contract in catalogue():
        if contract.kind is Kind.EVENT:
            channels[contract.name] = {
                "address": contract.name,
                "description": f"Routing key on the exchange {EXCHANGE}.",
                "messages": _messages(contract),
                "bindings": {"amqp": _exchange(EXCHANGE)},
            }
        elif contract.kind is Kind.COMMAND:
            address = f"{contract.owner}.{contract.method}"
            channels[address] = {
                "address": address,
                "description": "Routing key of a remote call.",
                "messages": _messages(contract),
            }
            channels[f"{address}.reply"] = {
                "address": None,  # the caller names its reply queue in the call
                "messages": _messages(_reply_of(contract)),
            }
    for queue, heard in SUBSCRIPTIONS.items():
        channels[queue] = {
            "address": queue,
            "description": "The one durable queue of its consumer.",
            "messages": {
                name: {"$ref": f"#/components/messages/{name}"}
                for name in (contract.name for contract in catalogue() if contract.message in heard)
            },
            "bindings": {"amqp": {"is": "queue", "queue": {"name": queue, "durable": True}}},
        }
    return dict(sorted(channels.items()))


def _operations() -> dict[str, Any]:
    operations: dict[str, Any] = {}
    for contract in catalogue():
        if contract.kind is Kind.EVENT:
            operations[f"{contract.owner}.announces.{contract.message.__name__}"] = {
                "action": "send",
                "channel": _channel(contract.name),
            }
        elif contract.kind is Kind.COMMAND:
            address = f"{contract.owner}.{contract.method}"
            operations[f"{contract.owner}.answers.{contract.message.__name__}"] = {
                "action": "receive",
                "channel": _channel(address),
                "reply": {"channel": _channel(f"{address}.reply")},
            }
    for queue in SUBSCRIPTIONS:
        consumer = queue.partition(".")[0]
        operations[f"{consumer}.hears"] = {"action": "receive", "channel": _channel(queue)}
    return dict(sorted(operations.items()))


def _schemas(components: Components) -> dict[str, Any]:
    """Leave the discriminator out: in AsyncAPI it is a name only, and each member has its tag."""
    schemas = components.schemas()
    for schema in schemas.values():
        for field in schema["properties"].values():
            field.pop("discriminator", None)
    return schemas


def _reply_of(command: Contract) -> Contract:
    return next(contract for contract in catalogue() if contract.message is command.reply)


def _messages(contract: Contract) -> dict[str, Any]:
    return {contract.name: {"$ref": f"#/components/messages/{contract.name}"}}


def _channel(name: str) -> dict[str, str]:
    return {"$ref": f"#/channels/{name}"}


def _exchange(name: str) -> dict[str, Any]:
    return {"is": "routingKey", "exchange": {"name": name, "type": "topic", "durable": True}}
