"""HTTP bodies are read strictly: what the gateway does not know it does not ignore."""

import pytest
from marshmallow import RAISE, ValidationError

from contracts.documents.examples import example_of
from contracts.exchange import PollBody
from contracts.http import CoverageBody, ReversalBody
from contracts.routes import ROUTES
from contracts.routes.route import FORM
from contracts.schemas import schema_of

BODIES = sorted(
    {route.body for route in ROUTES if route.body is not None and route.content_type != FORM},
    key=lambda body: body.__name__,
)


@pytest.mark.parametrize("body", BODIES, ids=lambda body: body.__name__)
def test_a_body_is_read_as_it_was_written(body):
    schema = schema_of(body, RAISE)

    assert schema.load(schema.dump(example_of(body))) == example_of(body)


@pytest.mark.parametrize("body", BODIES, ids=lambda body: body.__name__)
def test_an_unknown_field_of_a_body_is_an_error(body):
    schema = schema_of(body, RAISE)

    with pytest.raises(ValidationError) as refusal:
        schema.load({**schema.dump(example_of(body)), "surprise": 1})

    assert refusal.value.messages == {"surprise": ["Unknown field."]}


@pytest.mark.parametrize("part", ["benefit", "per_holder"])
def test_an_unknown_field_inside_a_body_is_an_error(part):
    [body] = [body for body in BODIES if body.__name__ == "IncentiveBody"]
    schema = schema_of(body, RAISE)
    written = schema.dump(example_of(body))

    with pytest.raises(ValidationError) as refusal:
        schema.load({**written, part: {**written[part], "surprise": 1}})

    assert refusal.value.messages == {part: {"surprise": ["Unknown field."]}}


@pytest.mark.parametrize("value", [0, 1, 0.0, "true", "false", "on", "", [], None])
def test_a_truth_is_true_or_false_and_nothing_that_could_be_meant_by_it(value):
    with pytest.raises(ValidationError) as refusal:
        schema_of(PollBody, RAISE).load({"returnImmediately": value})

    assert refusal.value.messages.keys() == {"returnImmediately"}


@pytest.mark.parametrize(
    "text",
    [
        "7d5e2f0c93a14c1e8a55000000000007",
        "{7d5e2f0c-93a1-4c1e-8a55-000000000007}",
        "urn:uuid:7d5e2f0c-93a1-4c1e-8a55-000000000007",
        "7d5e2f0c-93a14c1e-8a55-000000000007-",
        "７d5e2f0c-93a1-4c1e-8a55-000000000007",
        "7d5e2f0c-93a1-4c1e-8a55-000000000007\n",
    ],
)
def test_a_uuid_has_one_form(text):
    with pytest.raises(ValidationError) as refusal:
        schema_of(ReversalBody, RAISE).load({"redemption_id": text})

    assert refusal.value.messages == {"redemption_id": ["Not a valid UUID."]}


@pytest.mark.parametrize(
    "text",
    [
        "0001-01-01T00:00:00Z",
        "1899-12-31T23:59:59Z",
        "3000-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
    ],
)
def test_from_a_moment_one_may_count_without_leaving_the_calendar(text):
    with pytest.raises(ValidationError) as refusal:
        schema_of(CoverageBody, RAISE).load({"since": text, "until": "2026-01-01T00:00:00Z"})

    assert refusal.value.messages == {"since": ["Not between 1900-01-01 and 2999-12-31."]}
