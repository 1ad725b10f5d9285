"""contracts/asyncapi.json: the bus of one node as AsyncAPI 3.1, for programs."""

import json
from typing import Any, Final

from contracts.documents.examples import example_of, sent_of
from contracts.documents.json_schema import Components
from contracts.schemas import schema_of
from contracts.subscriptions import EXCHANGE, SUBSCRIPTIONS
from contracts.wire import Contract, Kind, catalogue

_ENVELOPE: Final = {
    "id": {"type": "string", "format": "uuid"},
    "at": {"type": "string", "format": "date-time"},
    "cause": {"type": ["string", "null"], "format": "uuid"},
}

_CORRELATION: Final = {
    "description": "AMQP's property correlation_id: a reply has that of its call.",
    "location": "$message.header#/correlation_id",
}
_ERROR_AT: Final = "#/components/schemas/RemoteError"
_ERROR: Final = {
    "type": "object",
    "description": "A refusal or a fault, as nameko writes exceptions; `exc_args` begins with the"
    " code of contracts.errors.",
    "required": ["exc_type", "exc_path", "exc_args", "value"],
    "properties": {
        "exc_type": {"type": "string"},
        "exc_path": {"type": "string"},
        "exc_args": {"type": "array"},
        "value": {"type": "string"},
    },
}


def write() -> str:
    """Return the document."""
    components = Components()
    messages = {contract.name: _message(contract, components) for contract in catalogue()}
    document = {
        "asyncapi": "3.1.0",
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
    envelope = {
        "type": "object",
        "required": ["id", "name", "at", "body"],
        "properties": {
            **_ENVELOPE,
            "name": {"const": contract.name},
            "body": components.reference(schema_of(message)),
        },
    }
    said: dict[str, Any] = {
        "name": contract.name,
        "title": message.__name__,
        "summary": " ".join((message.__doc__ or "").split()),
        "tags": [{"name": contract.kind}, {"name": contract.owner}],
        "contentType": "application/json",
    }
    match contract.kind:
        case Kind.EVENT:
            amqp = {"contentEncoding": "utf-8", "messageType": contract.name}
            said |= {"payload": envelope, "bindings": {"amqp": amqp}}
        case Kind.COMMAND:
            said |= {"payload": _call_of(envelope), "correlationId": _CORRELATION}
        case Kind.REPLY:
            body = envelope["properties"]["body"]  # type: ignore[index]  # it is the dict above
            said |= {"payload": _answer_of(body), "correlationId": _CORRELATION}
    return {**said, "examples": [{"payload": sent_of(example_of(message))}]}


def _call_of(envelope: dict[str, Any]) -> dict[str, Any]:
    """Describe how nameko wraps the one argument of a remote call."""
    return {
        "type": "object",
        "required": ["args", "kwargs"],
        "properties": {
            "args": {"type": "array", "minItems": 1, "maxItems": 1, "items": envelope},
            "kwargs": {"type": "object", "maxProperties": 0},
        },
    }


def _answer_of(body: dict[str, Any]) -> dict[str, Any]:
    """Describe how nameko wraps what a remote call came to: a result, or an error."""
    return {
        "type": "object",
        "required": ["result", "error"],
        "oneOf": [
            {"properties": {"result": body, "error": {"type": "null"}}},
            {"properties": {"result": {"type": "null"}, "error": {"$ref": _ERROR_AT}}},
        ],
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
    return {**schemas, "RemoteError": _ERROR}


def _reply_of(command: Contract) -> Contract:
    return next(contract for contract in catalogue() if contract.message is command.reply)


def _messages(contract: Contract) -> dict[str, Any]:
    return {contract.name: {"$ref": f"#/components/messages/{contract.name}"}}


def _channel(name: str) -> dict[str, str]:
    return {"$ref": f"#/channels/{name}"}


def _exchange(name: str) -> dict[str, Any]:
    return {"is": "routingKey", "exchange": {"name": name, "type": "topic", "durable": True}}
