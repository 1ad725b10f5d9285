"""contracts/explanation-v1.schema.json: the document that explains a decision, as JSON Schema."""

import json
from typing import Any, Final

from contracts.decisions import EXPLANATION, Explanation
from contracts.documents.json_schema import Components
from contracts.schemas import schema_of

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_LISTED, _DEFINED = "#/components/schemas/", "#/$defs/"


def write() -> str:
    """Return the schema; whoever reads version 1 takes fields that were added to it later."""
    components = Components()
    components.reference(schema_of(Explanation))
    defined = {name: _moved(schema) for name, schema in components.schemas().items()}
    document = {
        "$schema": _DIALECT,
        "$id": EXPLANATION,
        "title": "Huxin: why a decision came out as it did, version 1",
        **defined.pop(Explanation.__name__),
        "$defs": defined,
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _moved(value: Any) -> Any:
    """Let references lead to where JSON Schema keeps definitions."""
    if isinstance(value, dict):
        return {name: _moved(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_moved(inner) for inner in value]
    return value.replace(_LISTED, _DEFINED) if isinstance(value, str) else value
