"""The documentation page: the OpenAPI document, the routes and the journey, for people."""

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

from contracts.journeys import STEPS, step_of
from contracts.journeys.variables import VARIABLES
from contracts.problems import PROBLEMS, type_of
from contracts.routes import ROUTES
from contracts.routes.route import Audience, Route
from services.gateway.authentication.callers import Anyone
from services.gateway.calls import Call, Content
from services.gateway.html_pages import headers, page
from services.gateway.problems import language_of
from services.gateway.public.docs_texts import AUDIENCES, TEXTS
from services.gateway.public.json_types import Field, field_of, fields_of, named

_CACHED: Final = {"Cache-Control": "public, max-age=300", "Vary": "Accept-Language"}


class DocsPage:
    """Says the same to everybody, in Chinese or English; made once for each language."""

    def show_docs(self, call: Call[Anyone, None]) -> Content:
        language = language_of(call.request)
        shown = {**_CACHED, **headers(), "Content-Language": language}
        return Content(docs_page(language), headers=shown)


@dataclass(frozen=True)
class Operation:
    """One endpoint, as the page shows it."""

    route: Route
    scopes: list[str]
    parameters: list[Field]
    body: str
    body_fields: list[Field]
    answer: str
    codes: list[str]


@cache
def docs_page(language: str) -> bytes:
    """Return the page in `zh` or `en`."""
    document = json.loads((resources.files("contracts") / "openapi.json").read_text("utf-8"))
    schemas = document["components"]["schemas"]
    return page(
        "docs.html",
        language=language,
        texts={name: text.said(language) for name, text in TEXTS.items()},
        audiences=[
            (audience, *AUDIENCES[audience], _operations(document, audience))
            for audience in Audience
        ],
        types=[(name, schemas[name], fields_of(schemas[name])) for name in sorted(schemas)],
        steps=STEPS,
        step_of=step_of,
        variables=VARIABLES,
        problems=PROBLEMS,
        type_of=type_of,
    )


def _operations(document: dict[str, Any], audience: Audience) -> list[Operation]:
    return [_operation(document, route) for route in ROUTES if route.audience is audience]


def _operation(document: dict[str, Any], route: Route) -> Operation:
    described = document["paths"][route.path][route.method.lower()]
    body = _schema(described.get("requestBody", {}))
    answer = _schema(described["responses"][str(route.status)])
    schemas = document["components"]["schemas"]
    return Operation(
        route=route,
        scopes=[scope for one in described["security"] for all_ in one.values() for scope in all_],
        parameters=[_parameter(document, each) for each in described.get("parameters", ())],
        body=body,
        body_fields=fields_of(schemas[body]) if body else [],
        answer=answer,
        codes=sorted(set(route.refusals)),
    )


def _parameter(document: dict[str, Any], said: dict[str, Any]) -> Field:
    if "$ref" in said:
        said = document["components"]["parameters"][named(said["$ref"])]
    schema = {**said["schema"]}
    if "description" in said:
        schema["description"] = said["description"]
    return field_of(said["name"], schema, required=said["required"], place=said["in"])


def _schema(said: dict[str, Any]) -> str:
    """Return the name of the type of a body, or nothing when it has none."""
    for media in said.get("content", {}).values():
        return named(media["schema"].get("$ref", ""))
    return ""
