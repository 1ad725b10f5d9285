"""HTTP bodies are read strictly: what the gateway does not know it does not ignore."""

import pytest
from marshmallow import RAISE, ValidationError

from contracts.documents.examples import example_of
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
