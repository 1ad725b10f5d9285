"""docs/messages.md: every message of the bus, for people."""

import json
from collections.abc import Iterator
from itertools import groupby
from typing import Any, Final

from contracts.documents.examples import example_of, sent_of
from contracts.documents.json_schema import Components
from contracts.schemas import schema_of
from contracts.subscriptions import SUBSCRIPTIONS
from contracts.wire import Contract, Kind, catalogue

_HEAD: Final = """\
# Messages

Written from `contracts/` by `make contracts`; change the declarations, not this file.

Events and commands travel in an envelope `{id, name, at, cause, body}`: `id` is fresh, `cause` is
the `id` of the message that led to it. A command is the one argument of a nameko call, `{args:
[envelope], kwargs: {}}`, and its reply is `{result: body, error: null}` or `{result: null, error}`.

A published version only gains optional fields; anything else is a new version (ADR 0002). A reader
ignores fields it does not know.
"""


def write() -> str:
    """Return the page."""
    parts = [_HEAD]
    components = Components()
    for owner, contracts in groupby(catalogue(), key=lambda contract: contract.owner):
        parts.append(f"## {owner}\n")
        parts.extend(_section(contract, components) for contract in contracts)
    parts.append("## Parts of messages\n")
    top_level = {contract.message.__name__ for contract in catalogue()}
    parts.extend(
        f"### {name}\n\n{schema['description']}\n\n{_table(schema)}"
        for name, schema in components.schemas().items()
        if name not in top_level
    )
    return "\n".join(parts)


def _section(contract: Contract, components: Components) -> str:
    components.reference(schema_of(contract.message))
    schema = components.schemas()[contract.message.__name__]
    example = json.dumps(sent_of(example_of(contract.message)), ensure_ascii=False, indent=2)
    return (
        f"### {contract.message.__name__}\n\n"
        f"`{contract.name}`, {contract.kind}. {schema['description']}\n\n"
        f"{_route(contract)}\n\n"
        f"{_table(schema)}\n"
        f"<details><summary>Example</summary>\n\n```json\n{example}\n```\n\n</details>\n"
    )


def _route(contract: Contract) -> str:
    if contract.kind is Kind.COMMAND and contract.reply is not None:
        return (
            f"Answered by `{contract.owner}.{contract.method}` with"
            f" [{contract.reply.__name__}](#{contract.reply.__name__.lower()})."
        )
    if contract.kind is Kind.EVENT:
        hearers = sorted(
            queue for queue, heard in SUBSCRIPTIONS.items() if contract.message in heard
        )
        return f"Heard by {', '.join(f'`{queue}`' for queue in hearers)}."
    asked = [command for command in catalogue() if command.reply is contract.message]
    return "Answers " + ", ".join(_link(command.message.__name__) for command in asked) + "."


def _table(schema: dict[str, Any]) -> str:
    rows = [
        "| field | type | meaning |",
        "|---|---|---|",
        *(
            f"| `{name}` | {_type(field)}{_optional(name, schema)} | {_meaning(field)} |"
            for name, field in schema["properties"].items()
        ),
    ]
    return "\n".join(rows) + "\n"


def _optional(name: str, schema: dict[str, Any]) -> str:
    return "" if name in schema.get("required", ()) else ", optional"


def _type(field: dict[str, Any]) -> str:
    return " or ".join(_types(field))


def _types(field: dict[str, Any]) -> Iterator[str]:
    if "$ref" in field:
        yield _link(field["$ref"].rpartition("/")[2])
    elif "const" in field:
        yield f"`{field['const']}`"
    elif "anyOf" in field or "oneOf" in field:
        for alternative in field.get("anyOf") or field["oneOf"]:
            yield from _types(alternative)
    elif field.get("type") == "array":
        yield f"list of {_type(field['items'])}"
    else:
        kinds = field["type"] if isinstance(field["type"], list) else [field["type"]]
        yield from (str(field.get("format", kind)) if kind == "string" else kind for kind in kinds)


def _meaning(field: dict[str, Any]) -> str:
    inner = field.get("items", field)
    if "enum" in inner:
        return ", ".join(f"`{word}`" for word in inner["enum"])
    described = field if "description" in field else inner
    return str(described.get("description", ""))


def _link(name: str) -> str:
    return f"[{name}](#{name.lower()})"
