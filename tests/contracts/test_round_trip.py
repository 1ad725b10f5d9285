"""Whatever a writer may say, a reader hears the same."""

import json

from hypothesis import given, settings

from contracts import wire
from contracts.documents.examples import AT, envelope_of, specimens
from tests.contracts.strategies import any_message

FREE_FORM = {"claims"}  # of an attestation: whatever its home city said


@given(message=any_message())
@settings(max_examples=300, deadline=None)
def test_any_message_survives_the_wire(message):
    travelled = json.loads(json.dumps(wire.encode(message, at=AT), allow_nan=False))

    assert wire.decode(travelled).body == message


def with_surprises(value):
    """Add a field that no reader knows to every object that a schema describes."""
    if isinstance(value, list):
        return [with_surprises(item) for item in value]
    if isinstance(value, dict) and "kty" not in value:  # a JWK is a free-form object
        known = {
            name: item if name in FREE_FORM else with_surprises(item)
            for name, item in value.items()
        }
        return {"surprise": 1, **known}
    return value


def test_a_reader_ignores_fields_that_a_newer_writer_added():
    for _name, message in specimens():
        newer = with_surprises(envelope_of(message))

        assert wire.decode(newer).body == message
