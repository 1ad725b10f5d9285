"""The generated documents are fresh, valid, and their examples keep their own schemas."""

import json

import pytest
from jsonschema import Draft7Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from contracts.documents import __main__ as command
from contracts.documents import asyncapi, openapi
from contracts.routes import ROUTES
from contracts.subscriptions import SUBSCRIPTIONS
from contracts.wire import Kind, catalogue

OPENAPI = json.loads(openapi.write())
ASYNCAPI = json.loads(asyncapi.write())


def references(value):
    """List every `$ref` inside a document."""
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def lookup(document, reference):
    found = document
    for step in reference.removeprefix("#/").split("/"):
        found = found[step.replace("~1", "/").replace("~0", "~")]
    return found


def test_the_documents_are_fresh():
    assert command.stale() == [], "run `make contracts`"


def test_a_stale_document_is_named_and_fails_the_check(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(command, "ROOT", tmp_path)
    for path in command.DOCUMENTS:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    command.main([])
    (tmp_path / "docs/messages.md").write_text("by hand\n", encoding="utf-8")

    assert command.main(["--check"]) == 1
    assert capsys.readouterr().err == "docs/messages.md is stale: run `make contracts`\n"


def test_a_document_is_the_same_on_every_run():
    for write in command.DOCUMENTS.values():
        assert write() == write()
        assert write().endswith("\n")


def test_the_openapi_document_is_valid():
    assert [error.message for error in OpenAPIV31SpecValidator(OPENAPI).iter_errors()] == []


def test_the_openapi_document_has_every_route():
    described = {
        (method.upper(), path) for path, item in OPENAPI["paths"].items() for method in item
    }

    assert described == {(route.method, route.path) for route in ROUTES}


def test_every_reference_of_the_asyncapi_document_leads_somewhere():
    for reference in references(ASYNCAPI):
        assert lookup(ASYNCAPI, reference)


def test_the_asyncapi_document_has_every_message_call_and_queue():
    calls = {f"{c.owner}.{c.method}" for c in catalogue() if c.kind is Kind.COMMAND}

    assert set(ASYNCAPI["components"]["messages"]) == {c.name for c in catalogue()}
    assert calls | set(SUBSCRIPTIONS) <= set(ASYNCAPI["channels"])
    for operation in ASYNCAPI["operations"].values():
        assert operation["action"] in {"send", "receive"}


@pytest.mark.parametrize("name", sorted(ASYNCAPI["components"]["messages"]))
def test_an_example_keeps_the_schema_of_its_message(name):
    message = ASYNCAPI["components"]["messages"][name]
    schema = {**message["payload"], "components": ASYNCAPI["components"]}

    for example in message["examples"]:
        Draft7Validator(schema).validate(example["payload"])


@pytest.mark.parametrize("name", sorted(OPENAPI["components"]["schemas"]))
def test_an_example_keeps_the_schema_of_its_body(name):
    schema = OPENAPI["components"]["schemas"][name]

    for example in schema["examples"]:
        Draft7Validator({**schema, "components": OPENAPI["components"]}).validate(example)


def operations():
    return {
        operation["operationId"]: operation
        for path in OPENAPI["paths"].values()
        for operation in path.values()
    }


def test_a_link_leads_to_an_operation_and_tells_it_every_parameter_of_its_path():
    links = [
        link
        for operation in operations().values()
        for answer in operation["responses"].values()
        for link in answer.get("links", {}).values()
    ]

    assert len(links) > 50
    for link in links:
        asked = operations()[link["operationId"]].get("parameters", [])
        assert {each["name"] for each in asked if each.get("in") == "path"} == {*link["parameters"]}


def test_every_answer_names_the_header_fields_that_one_may_rely_on():
    wanted = {"401": "WWW-Authenticate", "429": "Retry-After", "503": "Retry-After"}
    for operation in operations().values():
        for status, answer in operation["responses"].items():
            assert {"X-Request-Id", wanted.get(status, "X-Request-Id")} <= answer["headers"].keys()
