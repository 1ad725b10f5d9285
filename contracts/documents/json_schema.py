"""JSON Schema of the marshmallow schemas, with apispec, for OpenAPI and AsyncAPI alike."""

from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow.openapi import OpenAPIConverter
from marshmallow import RAISE, Schema
from marshmallow.fields import Enum, Field, Url

from contracts.documents.examples import example_of
from contracts.schemas import Tagged


def name_of(schema: Schema) -> str:
    """Name a schema in a document; a strict one, which refuses unknown fields, ends in `Input`."""
    message = _message_of(schema).__name__
    return f"{message}Input" if schema.unknown == RAISE else message


def _message_of(schema: Schema) -> type:
    message: type = schema.message  # type: ignore[attr-defined]  # every schema is a MessageSchema
    return message


class Converter(OpenAPIConverter):
    """Adds what apispec cannot know: tagged unions, class sentences, examples, portable patterns.

    Invariant: one component per message class and strictness, under its `name_of`.
    """

    def init_attribute_functions(self) -> None:
        self.field_mapping = {**self.field_mapping, Url: ("string", "uri")}
        super().init_attribute_functions()  # type: ignore[no-untyped-call]  # apispec
        self.attribute_functions.insert(-1, self.tagged2properties)  # before nullable

    def resolve_nested_schema(self, schema: Schema) -> dict[str, Any]:
        return self._component(schema)

    def _component(self, schema: Schema, tag: str | None = None) -> dict[str, Any]:
        name = name_of(schema)
        if name not in self.spec.components.schemas:
            self.spec.components.schema(name, self._describe(schema, tag))
        return {"$ref": f"#/components/schemas/{name}"}

    def _describe(self, schema: Schema, tag: str | None) -> dict[str, Any]:
        message = _message_of(schema)
        described: dict[str, Any] = self.schema2jsonschema(schema)  # type: ignore[no-untyped-call]  # apispec
        example = schema.dump(example_of(message))
        if tag is not None:
            described["properties"] = {"type": {"const": tag}, **described["properties"]}
            described["required"] = sorted([*described.get("required", ()), "type"])
            example = {"type": tag, **example}
        meaning = " ".join((message.__doc__ or "").split())
        return {**described, "description": meaning, "examples": [example]}

    def metadata2properties(self, field: Field[Any], **options: Any) -> dict[str, Any]:
        """Leave a field's example out: the whole message has one that tells a story."""
        found: dict[str, Any] = super().metadata2properties(field, **options)
        found.pop("examples", None)
        return found

    def enum2properties(self, field: Field[Any], **options: Any) -> dict[str, Any]:
        """Say that our enumerations are of strings."""
        found: dict[str, Any] = super().enum2properties(field, **options)
        return {"type": "string", **found} if isinstance(field, Enum) else found

    def field2pattern(self, field: Field[Any], **options: Any) -> dict[str, Any]:
        r"""Write `\A` and `\Z`, which only Python knows, as `^` and `$` (ECMA 262)."""
        found: dict[str, Any] = super().field2pattern(field, **options)
        if "pattern" in found:
            portable = found["pattern"].replace(r"\A", "^").replace(r"\Z", "$")
            found["pattern"] = portable.replace(r"\ud800-\udfff", "")  # JSON text has none
        return found

    def tagged2properties(self, field: Field[Any], **_options: Any) -> dict[str, Any]:
        """Describe a tagged union as `oneOf` with a discriminator; each member carries its tag."""
        if not isinstance(field, Tagged):
            return {}
        members = {
            tag: self._component(schema, tag) for tag, schema in sorted(field.schemas.items())
        }
        mapping = {tag: member["$ref"] for tag, member in members.items()}
        return {
            "oneOf": list(members.values()),
            "discriminator": {"propertyName": "type", "mapping": mapping},
        }


class Components:
    """JSON Schemas of messages, gathered under `components/schemas` of one document."""

    def __init__(self) -> None:
        self._spec = APISpec("", "", openapi_version="3.1.0")
        self._converter = Converter("3.1.0", name_of, self._spec)

    def reference(self, schema: Schema) -> dict[str, Any]:
        """Return a `$ref` to a schema, which is among the components from now on."""
        return self._converter.resolve_nested_schema(schema)

    def inline(self, field: Field[Any]) -> dict[str, Any]:
        """Return the JSON Schema of one field, as a parameter needs it."""
        return self._converter.field2property(field)

    def schemas(self) -> dict[str, Any]:
        """Return every schema referred to so far, by name."""
        return dict(sorted(self._spec.components.schemas.items()))
