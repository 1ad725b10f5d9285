"""contracts/openapi.json: the gateway's HTTP interface as OpenAPI 3.1, for programs."""

import json
import re
from collections import defaultdict
from typing import Any, Final

from marshmallow import EXCLUDE, RAISE

from contracts import http
from contracts.documents.answers import HEADERS, headers_of, headers_of_problem, links_of
from contracts.documents.json_schema import Components
from contracts.documents.security import AUDIENCES, SCHEMES, security_of
from contracts.journeys import Step, step_of
from contracts.problems import PROBLEMS, Entry, type_of
from contracts.routes import PATH_PARAMETERS, ROUTES
from contracts.routes.headers import IDEMPOTENCY_KEY, IF_MATCH, KEY_PATTERN, TAG_PATTERN
from contracts.routes.route import CSV, FORM, JSON, YAML, Query, Route
from contracts.schemas import field_of, schema_of
from contracts.words import ExportFormat

KEY: Final = "IdempotencyKey"
SEEN: Final = "IfMatch"
PROBLEM: Final = "application/problem+json"

_HEADERS: Final = {
    KEY: {
        "name": IDEMPOTENCY_KEY,
        "in": "header",
        "required": False,
        "description": "Names one request, for 24 hours: a repeat gets the same answer, and another"
        " request under it 409 `id_reused`. / 同一请求重复提交时使用同一值；24 小时内有效。",
        "schema": {"type": "string", "pattern": KEY_PATTERN},
        "example": "8e03978e-40d5-43dd-bc93-6894a57f9324",
    },
    SEEN: {
        "name": IF_MATCH,
        "in": "header",
        "required": False,
        "description": "The ETag of what was seen: if it is no longer so, nothing is changed and"
        " the answer is 412 `precondition_failed`. / 仅当对象仍与该 ETag 一致时才执行。",
        "schema": {"type": "string", "pattern": TAG_PATTERN},
        "example": '"5891b5b522d5df086d0ff0b110fbd9d2"',
    },
}

_REFUSALS: Final = {"malformed", "unauthenticated"}
"""What a route says in the words of its own protocol, when it can read the request at all."""


def write() -> str:
    """Return the document."""
    components = Components()
    paths: dict[str, Any] = defaultdict(dict)
    for route in sorted(ROUTES, key=lambda route: (route.path, route.method)):
        paths[route.path][route.method.lower()] = _operation(route, components)
    document = {
        "openapi": "3.1.0",
        "info": {
            "title": "Huxin: the gateway of a city's node",
            "version": "1",
            "description": "Every GET answers HEAD as well. Whoever makes a thing chooses its"
            " id; repeating a request with the same id and content is safe. Errors are RFC 9457"
            " problems with a stable `code`; their texts follow Accept-Language (Chinese or"
            " English).",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
            "contact": {"name": "The city that runs this node"},
        },
        "servers": [{"url": "/"}],
        "tags": [
            {"name": audience, "description": meaning} for audience, meaning in AUDIENCES.items()
        ],
        "paths": paths,
        "components": {
            "schemas": components.schemas(),
            "parameters": _HEADERS,
            "examples": {code: _example(code, PROBLEMS[code]) for code in _used("examples", paths)},
            "headers": {name: HEADERS[name] for name in _used("headers", paths)},
            "securitySchemes": SCHEMES,
        },
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _used(kind: str, paths: dict[str, Any]) -> list[str]:
    """Return the names of the components of a kind that some operation refers to."""
    return sorted(set(re.findall(rf'"#/components/{kind}/([\w-]+)"', json.dumps(paths))))


def _operation(route: Route, components: Components) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": route.operation_id,
        "tags": [route.audience],
        "summary": route.summary,
        "description": route.summary_zh,
        "security": security_of(route),
    }
    if route.retirement is not None:
        operation["deprecated"] = True
    if parameters := _parameters(route, components):
        operation["parameters"] = parameters
    if route.takes_body:
        unknown = EXCLUDE if route.content_type == FORM else RAISE  # RFC 6749, section 3.2
        operation["requestBody"] = {
            "required": True,
            "content": _content(route.content_type, route.body, components, unknown),
        }
        step = step_of(route.operation_id)
        if step is not None and step.body is not None:
            operation["requestBody"]["content"][route.content_type]["examples"] = _shown(step)
    answer: dict[str, Any] = {"description": "Done.", "headers": headers_of(route)}
    if route.reply is not None or route.reply_content_type != JSON:
        answer["content"] = _content(route.reply_content_type, route.reply, components)
    if any(query.type is ExportFormat for query in route.query):
        answer["content"] |= _content(CSV, None, components)
    if links := links_of(route):
        answer["links"] = links
    responses = {str(route.status): answer}
    if route.revalidated:
        responses["304"] = {
            "description": "As it was (If-None-Match).",
            "headers": headers_of(route),
        }
    operation["responses"] = {**responses, **_problems(route, components)}
    return operation


def _parameters(route: Route, components: Components) -> list[dict[str, Any]]:
    in_path = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": components.inline(field_of(PATH_PARAMETERS[name])),
        }
        for name in route.parameters
    ]
    in_query = [
        {
            "name": query.name,
            "in": "query",
            "required": query.required,
            "description": f"{query.summary} / {query.summary_zh}",
            "schema": _query_schema(query, components),
        }
        for query in route.query
    ]
    taken = {KEY: route.takes_key, SEEN: route.guarded}
    in_header = [{"$ref": f"#/components/parameters/{name}"} for name in taken if taken[name]]
    return in_path + in_query + in_header


def _query_schema(query: Query, components: Components) -> dict[str, Any]:
    one: dict[str, Any] = components.inline(field_of(query.type))
    if not query.many:
        return one
    return {"type": "array", "items": one, "minItems": 1}


def _content(
    content_type: str, body: type | None, components: Components, unknown: str = EXCLUDE
) -> dict[str, Any]:
    if body is None:
        return {content_type: {"schema": {"type": "object" if content_type == YAML else "string"}}}
    return {content_type: {"schema": components.reference(schema_of(body, unknown))}}


def _shown(step: Step) -> dict[str, Any]:
    """Show the body that the documentation page shows, too."""
    return {"journey": {"summary": f"{step.says.en} / {step.says.zh}", "value": step.sample}}


def _problems(route: Route, components: Components) -> dict[str, Any]:
    by_status: dict[int, list[str]] = defaultdict(list)
    for code in sorted(set(route.refusals)):
        by_status[PROBLEMS[code].status].append(code)
    return {
        str(status): _problem(route, by_status[status], components) for status in sorted(by_status)
    }


def _problem(route: Route, codes: list[str], components: Components) -> dict[str, Any]:
    examples = {code: {"$ref": f"#/components/examples/{code}"} for code in codes}
    narrowed = {
        "allOf": [components.reference(schema_of(http.Problem))],
        "properties": {"code": {"enum": codes}},
    }
    content: dict[str, Any] = {PROBLEM: {"schema": narrowed, "examples": examples}}
    if route.refusal is not http.Problem and set(codes) <= _REFUSALS:
        content[JSON] = {"schema": components.reference(schema_of(route.refusal))}
    return {
        "description": ", ".join(f"`{code}`" for code in codes),
        "headers": headers_of_problem(PROBLEMS[codes[0]].status),
        "content": content,
    }


def _example(code: str, entry: Entry) -> dict[str, Any]:
    problem = http.Problem(
        type=type_of(code),
        title=entry.title.en,
        status=entry.status,
        code=code,
        detail="",
        next_step=entry.next_step.en,
    )
    return {"summary": entry.title.zh, "value": schema_of(http.Problem).dump(problem)}
