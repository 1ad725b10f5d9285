"""What is no message is Malformed, with the fields at fault; never another error."""

import copy
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts import wire
from contracts.errors import Malformed
from contracts.recognition import ScoreRecognised
from tests.contracts import golden
from tests.contracts.strategies import json_values

ENVELOPES = [golden.read(path) for path in golden.files()]


def opened(data):
    try:
        return wire.decode(data)
    except Malformed as error:
        return error


def places(value, at=()):
    """List the path of every value inside a JSON value."""
    yield at
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(inner, (*at, key))


def replaced(value, place, by):
    if not place:
        return by
    changed = copy.copy(value)
    changed[place[0]] = replaced(value[place[0]], place[1:], by)
    return changed


@st.composite
def damaged(draw):
    envelope = draw(st.sampled_from(ENVELOPES))
    place = draw(st.sampled_from(list(places(envelope))))
    return replaced(envelope, place, draw(json_values))


@given(data=json_values)
@settings(max_examples=200, deadline=None)
def test_any_json_is_an_envelope_or_malformed(data):
    assert isinstance(opened(data), wire.Envelope | Malformed)


@given(data=damaged())
@settings(max_examples=500, deadline=None)
def test_a_damaged_envelope_is_an_envelope_or_malformed(data):
    assert isinstance(opened(data), wire.Envelope | Malformed)


@pytest.mark.parametrize("field", ["id", "name", "at"])
def test_an_envelope_without_a_header_field_names_it(field):
    envelope = {name: value for name, value in ENVELOPES[0].items() if name != field}

    with pytest.raises(Malformed) as refusal:
        wire.decode(envelope)

    assert list(refusal.value.errors) == [field]


def test_every_bad_field_of_a_body_is_named_by_its_path():
    [written] = [each for each in ENVELOPES if each["name"] == "recognition.score.recognised.v1"]
    body = {**written["body"], "tier": 6, "home": "3301", "purposes": ["transport", "gambling"]}

    with pytest.raises(Malformed) as refusal:
        wire.load(ScoreRecognised, body)

    assert sorted(refusal.value.errors) == ["home", "purposes.1", "tier"]


def test_a_message_nobody_registered_is_malformed():
    with pytest.raises(Malformed, match="no message is named"):
        wire.decode({**ENVELOPES[0], "name": "scenarios.grant.lost.v1"})


def test_a_moment_without_an_offset_is_malformed():
    with pytest.raises(Malformed) as refusal:
        wire.decode({**ENVELOPES[0], "at": "2026-11-05T02:00:00"})

    assert list(refusal.value.errors) == ["at"]


def test_a_list_beyond_the_limit_is_refused_before_its_items_are_read():
    [written] = [each for each in ENVELOPES if each["name"] == "recognition.score.recognised.v1"]
    body = {**written["body"], "purposes": ["gambling"] * 1001}

    with pytest.raises(Malformed) as refusal:
        wire.load(ScoreRecognised, body)

    assert refusal.value.errors == {"purposes": "Longer than 1000 items."}


def test_an_envelope_is_plain_json():
    for envelope in ENVELOPES:
        assert json.loads(json.dumps(envelope, allow_nan=False)) == envelope
